# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # free_kb is the caller's
#
# memory.sh - how much memory is free. Sourced.

# Sets free_kb: memory that is free, whether or not a CPU's list has it.
get_free()
{
	local word value

	free_kb=0
	while read -r word value _; do
		case $word in
		nr_free_pages | count:) free_kb=$((free_kb + 4 * value)) ;;
		esac
	done </proc/zoneinfo
}
