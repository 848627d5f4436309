#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# collect.sh - pages of many programs, to make w64hc's tables from, and to try them on.
#
# usage: scripts/train/collect.sh OUT [PAGES] [NAME...]
#
#   OUT    the folder to make
#   PAGES  how many of each program (1500)
#   NAME   only these programs
#
# Writes OUT/trained/NAME and OUT/held-out/NAME: anonymous memory of programs that this
# script starts, lets grow, stops and kills, as programs.sh lists them. What is not
# installed is left out, and said so. No process is looked at but those started here.

# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

here=$(realpath "${BASH_SOURCE[0]%/*}")
# shellcheck source=scripts/tests/programs.sh
. "$here/../tests/programs.sh"
# shellcheck source=scripts/train/programs.sh
. "$here/programs.sh"
# shellcheck source=scripts/train/applications.sh
. "$here/applications.sh"

grow_kb=$((48 * 1024))
grow_seconds=${GROW_SECONDS:-25}

# collect OUT NAME
collect()
{
	local out=$1/$2 name=$2 command=() work got=0

	if ! command -v "$(program_of "$name")" >/dev/null; then
		log "$name is not installed; left out"
		return
	fi
	zsm_progress "collecting memory of $name"
	zsm_tmpdir work
	if ! "command_$name"; then
		log "$name cannot be started; left out"
		return
	fi
	got=$({ "$tool" "$pages" "$grow_kb" "$grow_seconds" "${command[@]}" >"$out"; } 2>&1) || true
	[[ $got =~ ^[0-9]+$ ]] || got=0
	((got > 0)) || rm -f "$out"
	((got >= pages)) || log "$name: only $got of $pages pages"
}

main()
{
	local out name pages only build tool text_files

	zsm_parse "$@"
	((${#zsm_args[@]})) || usage_error "no OUT"
	out=${zsm_args[0]}
	pages=${zsm_args[1]-1500}
	only=("${zsm_args[@]:2}")
	zsm_need bench cc g++
	mkdir -p "$out/trained" "$out/held-out"
	zsm_tmpdir build
	tool=$build/collect
	cc -O2 -o "$tool" "$here/../tests/collect.c"
	mapfile -t text_files < <(texts)
	for name in "${trained[@]}"; do
		((${#only[@]} == 0)) || [[ " ${only[*]} " == *" $name "* ]] || continue
		collect "$out/trained" "$name"
	done
	for name in "${held_out[@]}"; do
		((${#only[@]} == 0)) || [[ " ${only[*]} " == *" $name "* ]] || continue
		collect "$out/held-out" "$name"
	done
}

main "$@"
