#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# guest.sh - what writeback.sh does inside the VM.
#
# usage: guest.sh MB ROUNDS
#
# Prints `@in-tree MB/s' and `@ours MB/s' for each round.

set -Eeuo pipefail
shopt -s inherit_errexit

here=$(realpath "${BASH_SOURCE[0]%/*}")
modules=ours
# shellcheck source=scripts/tests/guest/lib.sh
. "$here/lib.sh"

trap 'echo "${BASH_SOURCE[0]##*/}:$LINENO: failed: $BASH_COMMAND" >&2' ERR

sys=/sys/block/zram0
pages=$(($1 * 1048576 / page_size))
others=2048	# pages beside them, that are in use

# Writes and reads the other pages until it is ended.
keep_busy()
{
	local gen=1

	trap 'exit 0' TERM
	while :; do
		"$here/rawio" --kind text --gen $gen --block 8 --shuffle write /dev/zram0 "$pages" $others
		"$here/rawio" --kind text --gen $gen --block 8 check /dev/zram0 "$pages" $others
		gen=$((gen % 200 + 1))
	done
}

# round NAME - one measurement of the zram that `modules' says.
round()
{
	local start end busy

	# shellcheck disable=SC2119 # it has parameters only elsewhere
	load
	accepts $sys/backing_dev "$loop"
	set_up 0 lz4 $(((pages + others) * page_size))
	raw --kind random --block 64 write /dev/zram0 0 "$pages" >/dev/null
	keep_busy >"$scratch/busy" 2>&1 &
	busy=$!
	sleep 1
	start=$EPOCHREALTIME
	accepts $sys/writeback huge
	end=$EPOCHREALTIME
	kill "$busy"
	wait "$busy" || fail "$1: $(tail -n 3 "$scratch/busy")"
	raw --kind random --block 64 check /dev/zram0 0 "$pages" >"$scratch/check" || fail "$1: $(<"$scratch/check")"
	((pages <= $(awk '{ print $3 }' $sys/bd_stat) * 4096 / page_size)) || fail "$1: bd_stat is $(<$sys/bd_stat)"
	awk -v name="$1" -v mb=$((pages * page_size)) -v a="$start" -v b="$end" \
		'BEGIN { printf "@%s %.2f\n", name, mb / 1048576 / (b - a) }'
	unload
}

modprobe loop
truncate -s $((pages * page_size + (64 << 20))) "$scratch/backing"
loop=$(losetup --find --show "$scratch/backing")
for ((i = 0; i < $2; i++)); do
	modules=intree
	round in-tree
	modules=ours
	round ours
done
losetup -d "$loop"
rm -r "$scratch"
