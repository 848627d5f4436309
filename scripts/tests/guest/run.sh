#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# run.sh - run test cases, in a VM.
#
# usage: run.sh [--modules ours|intree|installed] [--set NAME=VALUE]... [--show] TOPIC.CASE...
#        run.sh --list TOPIC...
#
# TOPIC.CASE is function test_CASE of TOPIC.sh beside this script. Each case runs
# in a bash of its own, starts with no module loaded, and must leave none loaded
# that it cannot remove. What it prints goes to $RESULTS/TOPIC.CASE.log. On stdout:
#
#   @case NAME start
#   @case NAME pass|fail|skip SECONDS
#
# and after a failure the end of its log, after a skip the reason, in lines that
# begin with `| '. With --set, cases find a variable in their environment; with --show,
# the end of the log is printed after a success too.
#
# Exit status: 0 unless a case failed.

set -euo pipefail

here=${BASH_SOURCE[0]%/*}
modules=ours
show=''

list_cases()
{
	local topic

	for topic; do
		sed -nE "s/^test_([a-z0-9_]+)\(\)\$/$topic.\1/p" "$here/$topic.sh"
	done
}

# excerpt FILE - the last lines of it.
excerpt()
{
	tail -n 25 "$1" | cut -c1-300 | sed 's/^/| /'
}

run_case()
{
	local name=$1 log=$RESULTS/$1.log start=$EPOCHREALTIME verdict status=0

	printf '@case %s start\n' "$name"
	timeout -k 10 "${CASE_LIMIT:-400}" bash "$here/case.sh" "$modules" "${name%%.*}" "${name#*.}" >"$log" 2>&1 ||
		status=$?
	case $status in
	0) verdict=pass ;;
	77) verdict=skip ;;
	124 | 137)
		echo "stopped after ${CASE_LIMIT:-400} seconds" >>"$log"
		verdict=fail
		;;
	*) verdict=fail ;;
	esac
	printf '@case %s %s %s\n' "$name" "$verdict" \
		"$(awk -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f", b - a }')"
	[[ $verdict != skip ]] || tail -n 1 "$log" | sed 's/^/| /'
	[[ $verdict != fail && -z $show ]] || excerpt "$log"
	[[ $verdict != fail ]]
}

main()
{
	local name failed=0

	if [[ ${1-} == --list ]]; then
		shift
		list_cases "$@"
		return
	fi
	while [[ ${1-} == --* ]]; do
		case $1 in
		--modules)
			modules=$2
			shift
			;;
		--set)
			export "${2?}"
			shift
			;;
		--show) show=1 ;;
		esac
		shift
	done
	: "${RESULTS:=/results}"
	for name; do
		run_case "$name" || failed=1
	done
	exit "$failed"
}

main "$@"
