# SPDX-License-Identifier: GPL-2.0
#
# table.awk - makes the table of scripts/density.sh from the lines of its guest. Wants
# page_size, in bytes.

$1 == "result" {
	if (!($3 in seen)) {
		seen[$3] = 1
		algorithm[++n] = $3
	}
	stored[$2, $3, $4] = $5
	used[$2, $3, $4] = $6
	taken[$2, $3, $4] = $7
}

$1 == "time" { ns[$2, $3, $4] = $5 }

$1 == "kind" {
	objects[$2, $3, $4] = $5
	pages[$2, $3, $4] = $6
	unused[$2, $3, $4] = $7
}

# The pages that a pool takes, over the fewest that so many objects and bytes need.
function over_fewest(k, per_page,    by_count, by_size)
{
	by_count = objects[k] / per_page
	by_size = pages[k] - unused[k] / page_size
	return pages[k] / (by_count > by_size ? by_count : by_size)
}

# A line of cells, a pair for each algorithm. WHAT says how to make one.
function row(title, phase, what)
{
	pair("intree", "ours", title, phase, what)
}

function pair(left, right, title, phase, what,    i, line)
{
	line = sprintf("%-34s", title)
	for (i = 1; i <= n; i++)
		line = line cell(left, algorithm[i], phase, what) cell(right, algorithm[i], phase, what)
	print line
}

function cell(side, a, phase, what,    k)
{
	k = side SUBSEP a SUBSEP phase
	if (what == "taken")
		return sprintf("%9.4f", taken[k] / stored[k])
	if (what == "used")
		return sprintf("%9.4f", used[k] / stored[k])
	if (what == "objects")
		return sprintf("%9.2f", objects[k] / pages[k])
	if (what == "fewest")
		return sprintf("%9.4f", over_fewest(k, side == "pairs" ? 2 : 3))
	if (what == "kb")
		return sprintf("%9d", taken[k] / 1024)
	return sprintf("%9.2f", ns[side, a, "refill"] / ns[side, a, "fill"])
}

END {
	line = sprintf("%-34s", "")
	for (i = 1; i <= n; i++)
		line = line sprintf("%18s", algorithm[i])
	print line
	line = sprintf("%-34s", "memory taken / bytes stored")
	for (i = 1; i <= n; i++)
		line = line sprintf("%9s%9s", "in-tree", "ours")
	print line
	row("fresh", "fresh", "taken")
	row("overwritten four times", "overwritten", "taken")
	row("three quarters freed", "freed", "taken")
	row("filled again", "refilled", "taken")
	print "mem_used_total / bytes stored"
	row("fresh", "fresh", "used")
	row("overwritten four times", "overwritten", "used")
	row("three quarters freed", "freed", "used")
	row("filled again", "refilled", "used")
	row("100 GB, empty, KB taken", "empty", "kb")
	row("second fill's time / first's", "", "time")
	line = sprintf("%-34s", "mem_used_total / bytes stored")
	for (i = 1; i <= n; i++)
		line = line sprintf("%9s%9s", "pairs", "triples")
	print line
	pair("pairs", "triples", "fresh", "fresh", "used")
	pair("pairs", "triples", "overwritten four times", "overwritten", "used")
	pair("pairs", "triples", "three quarters freed", "freed", "used")
	pair("pairs", "triples", "filled again", "refilled", "used")
	print "objects a page"
	pair("pairs", "triples", "fresh", "fresh", "objects")
	pair("pairs", "triples", "overwritten four times", "overwritten", "objects")
	print "pages / the fewest that could be"
	pair("pairs", "triples", "fresh", "fresh", "fewest")
	pair("pairs", "triples", "overwritten four times", "overwritten", "fewest")
}
