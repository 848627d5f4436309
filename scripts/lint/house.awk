# SPDX-License-Identifier: GPL-2.0
#
# house.awk - what scripts/lint/house.sh finds in the files that it is given, whose
# names are relative to the top of the tree.
#
# A node is what includes: X.c with its X.h. At the top of the tree they are two, as
# what a module consists of (zram_drv.c) is not what its parts share (zram_drv.h).

# front FILE - the front that it is part of, or nothing.
function front(file)
{
	if (file ~ /^zram(\/|_drv\.)/ || file ~ /^kunit\/zram\//)
		return "zram"
	return match(file, /^(zcache|zpool|crypto)\//) ? substr(file, 1, RLENGTH - 1) : ""
}

# floor_of FILE - files may include those of their own floor and of floors below.
function floor_of(file)
{
	if (file ~ /^(kunit|scripts|Documentation|core\/(tests|bench))\//)
		return 4
	# A program's own floors are its folders, above all that it may link.
	if (file ~ /^tools\/[a-z]+\//)
		return 5 + (match(file, /\/(sys|figures|show|cmd)\//) ? \
			index("sys figures show cmd", substr(file, RSTART + 1, RLENGTH - 2)) : 99)
	if (front(file) != "")
		return 3
	if (file ~ /^(store\/|zsmalloc\.c$)/)
		return 2
	if (file ~ /^(zsm\/|zsmalloc\.h$)/)
		return 1
	return 0
}

function node_of(file)
{
	if (file ~ /\//)
		sub(/\.[a-z]+$/, "", file)
	return file
}

function complain(kind, file, text)
{
	if ((kind, file) in known)
		return
	print file ": " text
}

# A member of a structure ends with a semicolon; each declarator is one. Those of
# structures within count too.
function count_members(text,    depth, parens, i, c, run)
{
	for (i = 1; i <= length(text); i++) {
		c = substr(text, i, 1)
		if (c == "(" || c == "[")
			parens++
		else if (c == ")" || c == "]")
			parens--
		if (c == "{") {
			depth++
			if (depth == 1) {
				members = 0
				head = run
			}
			run = ""
		} else if (c == "}") {
			depth--
			run = depth ? "}" : ""
			if (!depth)
				end_of_structure()
		} else if (c == ";") {
			# What closes a structure within, without a name, is no member.
			if (depth && run !~ /^}[ \t]*$/)
				members++
			run = ""
		} else if (c == "," && depth && !parens) {
			members++
		} else {
			run = run c
		}
	}
}

function end_of_structure()
{
	if (head !~ /(^|[ \t])(struct|class)[ \t]+[a-z_0-9 \t]+$/)
		return
	sub(/[ \t]+$/, "", head)
	sub(/.*[ \t]/, "", head)
	if (members > 20)
		complain("members", this, "struct " head " has " members " members, 20 at most")
}

function end_of_file()
{
	if (this == "")
		return
	if (lines > 450)
		complain("lines", this, lines " lines, 450 at most")
	if (floor_of(this) < 4 && this ~ /\.[ch]$/)
		count_members(structures)
}

# Known exceptions, `KIND FILE', until the work that removes them has been done.
BEGIN {
	count = split(exceptions, list, "\n")
	for (i = 1; i <= count; i++)
		if (split(list[i], word, " ") == 2)
			known[word[1], word[2]] = 1
}

FNR == 1 {
	end_of_file()
	this = FILENAME
	lines = 0
	structures = ""
	inside = comment = 0
}

{
	lines++
	line = $0
	# Comments hold braces and semicolons, too.
	if (comment) {
		if (!sub(/^.*\*\//, "", line))
			next
		comment = 0
	}
	gsub(/\/\*([^*]|\*[^\/])*\*\//, "", line)
	sub(/\/\/.*/, "", line)
	if (sub(/\/\*.*/, "", line))
		comment = 1
}

line ~ /^(struct|class) [a-z_0-9]+[^(]*{/ { inside = 1 }
inside { structures = structures line " " }
inside && line ~ /^}/ { inside = 0 }

line ~ /^[ \t]*#[ \t]*include "/ {
	name = line
	sub(/^[^"]*"/, "", name)
	sub(/".*/, "", name)
	includes[this, ++nr_includes[this]] = name
	if (nr_includes[this] == 1)
		files[++nr_files] = this
}

# Walks what NODE includes, with the way there in path; a node met twice on it closes
# a circle.
function walk(node, depth,    i, next_node, text, j)
{
	state[node] = 1
	path[depth] = node
	for (i = 1; i <= nr_edges[node]; i++) {
		next_node = edges[node, i]
		if (state[next_node] == 1) {
			text = ""
			for (j = depth; path[j] != next_node; j--)
				text = " -> " path[j] text
			complain("circle", next_node, "includes itself: " next_node text " -> " next_node)
		} else if (!state[next_node]) {
			walk(next_node, depth + 1)
		}
	}
	state[node] = 2
}

function check_arrow(from, to)
{
	if (floor_of(to) > floor_of(from) || (from ~ /^compat\// && to !~ /^compat\//) ||
	    (from ~ /^core\// && floor_of(from) < 4 && to !~ /^core\//))
		complain("arrow", from, "includes " to ", which is above it")
	if (floor_of(from) == 3 && front(to) != "" && front(to) != front(from))
		complain("arrow", from, "includes " to ", which belongs to another front")
}

END {
	end_of_file()
	for (i = 1; i <= nr_files; i++) {
		from = files[i]
		for (j = 1; j <= nr_includes[from]; j++) {
			to = includes[from, j]
			check_arrow(from, to)
			a = node_of(from)
			b = node_of(to)
			if (a == b || floor_of(from) == 4)
				continue
			if (!((a, b) in seen)) {
				seen[a, b] = 1
				edges[a, ++nr_edges[a]] = b
			}
		}
	}
	for (i = 1; i <= nr_files; i++)
		if (floor_of(files[i]) < 4 && !state[node_of(files[i])])
			walk(node_of(files[i]), 1)
}
