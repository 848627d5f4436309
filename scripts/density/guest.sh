#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# guest.sh - what `make density' does inside the VM.
#
# usage: guest.sh ALGORITHM...
#
# The corpus is the first disk. Prints a line for each thing measured:
#
#   @result SIDE ALGORITHM PHASE STORED USED TAKEN	all in bytes
#   @time SIDE ALGORITHM PHASE NANOSECONDS
#   @kind SIDE ALGORITHM PHASE OBJECTS PAGES UNUSED	of pairs and triples
#
# SIDE is intree, ours, or a kind of pool of ours that is no default. STORED is
# compr_data_size, USED mem_used_total; TAKEN is by how much less memory is free than before
# the device was set up, but for its compression streams. UNUSED is bytes of PAGES.

set -Eeuo pipefail
shopt -s inherit_errexit

here=$(realpath "${BASH_SOURCE[0]%/*}")
# shellcheck source=scripts/tests/guest/lib.sh
. "$here/lib.sh"
# shellcheck source=scripts/tests/guest/memory.sh
. "$here/memory.sh"

trap 'echo "${BASH_SOURCE[0]##*/}:$LINENO: failed: $BASH_COMMAND" >&2' ERR

empty_gb=100
buddies=/sys/kernel/debug/zsm/zram0/buddies
settle_limit=120	# seconds

# Sets free_kb when what was freed has come back. Only page cache is dropped: to shrink
# slabs would make a driver compact.
measure_free()
{
	sync
	sleep 0.5
	echo 1 >/proc/sys/vm/drop_caches
	sleep 0.2
	get_free
}

# do_it COMMAND... - has the program do it; sets ns to the time that it took.
do_it()
{
	local answer

	echo "$*" >&"${density[1]}"
	read -r answer <&"${density[0]}" || fail "$modules, $algorithm, $*: it ended"
	[[ $answer == 'ok '* ]] || fail "$modules, $algorithm, $*: $answer"
	ns=${answer#ok }
}

# Until what works by itself has nothing left to do.
settle()
{
	local used before='' still=0 end=$((SECONDS + settle_limit))

	while ((still < 4 && SECONDS < end)); do
		used=$(stat_of 0 used)
		if [[ $used == "$before" ]]; then
			still=$((still + 1))
		else
			still=0
		fi
		before=$used
		sleep 1
	done
}

# result PHASE
result()
{
	settle
	measure_free
	printf '@result %s %s %s %s %s %s\n' "$side" "$algorithm" "$1" "$(stat_of 0 compressed)" \
		"$(stat_of 0 used)" $(((before_kb - free_kb - streams_kb) * 1024))
	[[ ! -e $buddies ]] || awk -v "what=@kind $side $algorithm $1" \
		'NR == 2 { print what, $2, $3, $4 }' $buddies
}

# Sets before_kb, what is free now, and streams_kb, what a device of one page takes.
measure_streams()
{
	measure_free
	before_kb=$free_kb
	set_up 0 "$algorithm" 4K
	measure_free
	streams_kb=$((before_kb - free_kb))
	reset_device 0
}

# A side may be a kind of pool of ours.
choose_pool()
{
	[[ $side == intree || $side == ours ]] || echo "$side" >/sys/block/zram0/pool
}

measure_device()
{
	local before_kb streams_kb ns

	measure_streams
	choose_pool
	set_up 0 "$algorithm" $((slots * page_size))
	do_it fill
	echo "@time $side $algorithm fill $ns"
	result fresh
	do_it overwrite 4
	result overwritten
	do_it verify
	do_it free 75
	result freed
	do_it verify
	do_it fill
	echo "@time $side $algorithm refill $ns"
	result refilled
	do_it verify
	reset_device 0
}

measure_empty()
{
	local before_kb streams_kb

	measure_streams
	choose_pool
	set_up 0 "$algorithm" "${empty_gb}G"
	result empty
	reset_device 0
}

# Whether the loaded driver has the algorithm.
has_algorithm()
{
	tr -d '[]' </sys/block/zram0/comp_algorithm | grep -qwF -- "$algorithm"
}

load_libraries
coproc density { "$here/density" /dev/zram0 "$DISK_1"; }
read -r slots <&"${density[0]}"
for algorithm; do
	for side in intree ours pairs triples; do
		modules=ours
		[[ $side != intree ]] || modules=intree
		load num_devices=1
		has_algorithm || fail "$modules has no $algorithm"
		measure_device
		measure_empty
		unload
	done
done
