# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154 # text_files and command are the caller's
#
# programs.sh - programs that grow, for their memory to be collected. Sourced.
#
# command_NAME sets command, which goes on growing until it is stopped, working on
# the files of text_files, as texts lists them.

# C++ headers, which g++ brings along.
texts()
{
	find /usr/include/c++ -type f -size +4k | LC_ALL=C sort | head -n 400
}

command_python()
{
	command=(python3 -c '
import ast, glob, os
kept = []
while True:
    for path in sorted(glob.glob(os.path.dirname(ast.__file__) + "/*.py")):
        with open(path, "rb") as f:
            kept.append((path, ast.parse(f.read())))')
}

command_node()
{
	command=(node -e '
		const fs = require("fs");
		const kept = [];
		for (let round = 0; ; round++)
			for (const file of process.argv.slice(1))
				kept.push(fs.readFileSync(file, "latin1").split("\n").map((text, n) =>
					({ file, n, round, words: text.split(/\W+/), length: text.length / 3 })));
		' "${text_files[@]}")
}

command_perl()
{
	# shellcheck disable=SC2016 # it is perl that expands these
	command=(perl -e '
		for my $round (1 .. 1000) {
			for my $file (@ARGV) {
				open my $f, "<", $file or next;
				while (<$f>) {
					push @{$index{$_ . $round % 7}}, { file => $file, line => $. + $round, len => length } for /(\w+)/g;
				}
			}
		}' "${text_files[@]}")
}

command_bash()
{
	# shellcheck disable=SC2016 # it is the other bash that expands these
	command=(bash -c '
		declare -A count
		for ((round = 0; ; round++)); do
			for file; do
				mapfile -t lines <"$file"
				for word in ${lines[*]//[^a-z_ ]/}; do
					count[$word$((round % 50))]+=" $file"
				done
				all+=("${lines[@]}")
			done
		done' bash "${text_files[@]}")
}
