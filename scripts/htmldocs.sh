#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# htmldocs.sh - make a web site of the documents.
#
# usage: scripts/htmldocs.sh [--out FOLDER]
#
#   --out FOLDER  where it goes (build/html)
#
# Sphinx makes it of Documentation/*.rst as they are, and mandoc of the manual pages. A
# warning is an error. Prints the name of the first page.

# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

top=$(realpath "${BASH_SOURCE[0]%/*}/..")
out=$top/build/html

main()
{
	local pages trees page

	zsm_parse "$@"
	zsm_no_args
	zsm_need docs sphinx-build mandoc
	mkdir -p "$out"
	zsm_tmpdir pages
	zsm_tmpdir trees
	for page in "$top"/Documentation/*.[48]; do
		mandoc -T html -O man="%N.%S.html" "$page" >"$pages/${page##*/}.html"
	done
	zsm_quietly sphinx-build -q -W --keep-going -b html -d "$trees" -D html_extra_path="$pages" \
		"$top/Documentation" "$out" || die "the documents have faults"
	printf '%s\n' "$out/index.html"
}

main "$@"
