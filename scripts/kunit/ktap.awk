# SPDX-License-Identifier: GPL-2.0
#
# ktap.awk - read the results of KUnit out of a kernel log.
#
# usage: awk -f ktap.awk [-v suites='NAME...'] [-v status=N] LOG
#
#   suites   those that must be among the results
#   status   of the run: other than 0 it is a failure of its own, if there is none else
#
# LOG is as run.sh writes it: each line begins with a time in brackets. Prints each
# case that failed, or was skipped, with what it said, then what is missing, and
# last `N passed, N failed', with `, N skipped' if there are some. A case with
# parameters counts once for each. Exits with 1 if something failed, was skipped or
# is missing.

function indent_of(line)
{
	match(line, /^ */)
	return RLENGTH / 4
}

# The names of the levels above, and this one's: suite, case, parameter.
function full_name(depth, name, i, all)
{
	for (i = 1; i <= depth; i++)
		all = all subtest[i] (i == 1 ? "." : ": ")
	return all name
}

function complain(name, verdict)
{
	print verdict " " name
	if (said != "")
		printf "%s", said
}

# Everything at this depth has been seen: is it as many as the plan said?
function end_of_plan(depth)
{
	if (depth in plan && count[depth] + 0 != plan[depth]) {
		print "FAIL " subtest[depth] ": " count[depth] + 0 " of " \
			plan[depth] " results"
		failed++
	}
	delete plan[depth]
	delete count[depth]
	delete failures[depth]
}

# Results that are not there any more: their test was cut short.
function end_above(depth, i)
{
	for (i = 3; i > depth; i--)
		end_of_plan(i)
}

function result(ok, name, depth, skip)
{
	count[depth]++
	skip = name ~ / # SKIP/
	if (depth == 0)
		seen[name] = 1
	if ((depth + 1) in open) {
		# What is below has been counted, unless it is here that it failed.
		if (!ok && !failures[depth + 1]) {
			complain(full_name(depth, name), "FAIL")
			failed++
		}
		if (!ok)
			failures[depth]++
		end_above(depth)
		delete open[depth + 1]
	} else if (skip) {
		complain(full_name(depth, name), "skip")
		skipped++
	} else if (ok) {
		passed++
	} else {
		complain(full_name(depth, name), "FAIL")
		failed++
		failures[depth]++
	}
	said = ""
}

function record(line, depth, name)
{
	depth = indent_of(line)
	sub(/^ */, "", line)
	if (line ~ /^KTAP version/) {
		if (depth == 0)
			end_above(-1)
	} else if (line ~ /^1\.\.[0-9]+$/) {
		plan[depth] = substr(line, 4)
		if (depth == 0)
			subtest[0] = "suites"
	} else if (line ~ /^# Subtest: /) {
		subtest[depth] = substr(line, 12)
		open[depth] = 1
		said = ""
	} else if (line ~ /^(not )?ok [0-9]+/) {
		name = line
		sub(/^(not )?ok [0-9]+ (- )?/, "", name)
		result(line ~ /^ok/, name, depth)
	} else if (line !~ /^# (module|Totals):/ && line !~ / pass:[0-9]+ fail:/) {
		said = said "     | " line "\n"
	}
}

{
	sub(/\r$/, "")
	sub(/^\[[ 0-9.]*\] /, "")
	n = split($0, lines, /\\x0a|\n/)
	for (i = 1; i <= n; i++)
		record(lines[i])
}

END {
	end_above(-1)
	n = split(suites, names, " ")
	for (i = 1; i <= n; i++) {
		if (names[i] in seen)
			continue
		print "FAIL " names[i] ": did not run, or did not finish"
		failed++
	}
	if (status && !failed)
		failed++
	printf "%d passed, %d failed", passed, failed
	if (skipped)
		printf ", %d skipped", skipped
	print ""
	exit failed || skipped || !passed
}
