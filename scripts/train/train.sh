#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# train.sh - make the code lengths of w64hc from pages.
#
# usage: scripts/train/train.sh [--pages N] FILE... >lengths.hh
#
#   --pages N  how many pages of each file (700)
#   FILE       pages of 4 KiB, as scripts/train/collect.sh collects them
#
# What is printed has the form of core/w64/hc/lengths.hh. That file is part of the
# format and frozen: lengths made anew are for another format. What is trained is
# explained in train.cc.

# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

top=$(realpath "${BASH_SOURCE[0]%/*}/../..")

pages=700

main()
{
	local out f

	zsm_parse "$@"
	((${#zsm_args[@]})) || usage_error "no FILE"
	[[ $pages =~ ^[1-9][0-9]*$ ]] || usage_error "how many pages?"
	zsm_need bench g++
	zsm_tmpdir out
	zsm_progress "compiling"
	for f in tables hc_tables; do
		g++ -std=c++20 -O2 -I"$top" -c "$top/core/w64/$f.cc" -o "$out/$f.o"
	done
	g++ -std=c++20 -O3 -Wall -Wextra -I"$top" "$top/scripts/train/train.cc" "$out"/*.o -o "$out/train"
	zsm_progress "training with ${#zsm_args[@]} files"
	"$out/train" "$pages" "${zsm_args[@]}"
	zsm_progress_end
}

main "$@"
