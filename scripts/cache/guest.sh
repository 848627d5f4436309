#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# guest.sh - what cache.sh does inside the VM.
#
# usage: guest.sh MEMORY-MIB DIRECT-MIB RAM-MIB LIMIT-MIB READS ONLY
#
# Writes `WORKLOAD KIND METRIC VALUE' for all that is measured to $RESULTS/results, and prints
# each such line after an `@'.

set -Eeuo pipefail
shopt -s inherit_errexit

here=$(realpath "${BASH_SOURCE[0]%/*}")
modules=ours
# shellcheck source=scripts/tests/guest/lib.sh
. "$here/lib.sh"
# shellcheck source=scripts/cache/measure.sh
. "$here/measure.sh"

trap 'echo "${BASH_SOURCE[0]##*/}:$LINENO: failed: $BASH_COMMAND" >&2' ERR

memory_mib=$1
direct_mib=$2
ram_mib=$3
limit_mib=$4
reads=$5
only=$6
kinds=(none plain dm-cache zcache)

wanted()
{
	[[ $1 =~ $only ]]
}

# ---- no page cache ----------------------------------------------------------------

# Without a cache every read is the disk's.
measure_direct()
{
	local part=(--direct=1 --size=$((direct_mib * 8))m)

	if [[ $1 == none ]]; then
		kind=none
		say direct disk_blocks "$reads"
		return
	fi
	set_up_cache "$1" "$direct_mib"
	warm_up "${part[@]}"
	run direct zipf 2 "${part[@]}"
	say direct p50_us "$(latency 50)"
	say direct p99_us "$(latency 99)"
	say direct ratio "$(ratio)"
	say direct metadata "$(of metadata)"
	say direct object_bytes "$(of object_bytes)"
	say direct fills "$(of fills)"
	say direct misses "$(of misses)"
	remove_cache
}

# ---- beside the page cache --------------------------------------------------------

# leave MIB - lets a program have all memory but so much.
leave()
{
	drop_caches
	swapper_held $(($(meminfo MemAvailable) / 1024 - $1)) --threads 1 --orders random
}

# So that there is always as much memory for both caches.
measure_buffered()
{
	set_up_cache "$1" "$limit_mib"
	leave "$ram_mib"
	warm_up
	run buffered zipf 2
	say buffered p50_us "$(latency 50)"
	say buffered p99_us "$(latency 99)"
	say buffered ratio "$(ratio)"
	say buffered used "$(of used)"
	swapper_finish
	rm "$scratch/hold"
	remove_cache
}

search()
{
	grep -rqs 'a string that no file has' "$scratch/mnt" || true
}

# All files twice; together they are more than the memory.
measure_grep()
{
	mkdir -p "$scratch/mnt"
	set_up_cache "$1" "$limit_mib"
	leave "$ram_mib"
	mount -o ro,noload /dev/mapper/c "$scratch/mnt"
	run grep_first search
	run grep_again search
	say grep_again ratio "$(ratio)"
	umount "$scratch/mnt"
	swapper_finish
	rm "$scratch/hold"
	remove_cache
}

# ---- scans, and a program that wants the memory -------------------------------------

# How many of a hundred reads of the hot part find it cached.
hot_rate()
{
	local hits misses

	hits=$(of hits) misses=$(of misses)
	zipf "$1" --direct=1 --size="${direct_mib}m" --number_ios=4000
	awk -v h=$(($(of hits) - hits)) -v m=$(($(of misses) - misses)) \
		'BEGIN { printf "%.1f", 100 * h / (h + m) }'
}

# Four times the limit is read once, in pieces too small for a stream.
measure_scan()
{
	local blocks=$((direct_mib * 4 * 256)) fills

	set_up_cache "$1" "$direct_mib"
	# Full, so that the ghost decides.
	warm_up --direct=1 --size=$((direct_mib * 8))m
	hot_rate 1 >/dev/null
	hot_rate 2 >/dev/null
	say scan hot_before "$(hot_rate 3)"
	fills=$(of fills)
	fio --name=scan --filename=/dev/mapper/c --readonly --rw=randread --bs=4k --direct=1 \
		--offset=$((direct_mib * 8))m --size=$((blocks * 4))k --thread --ioengine=psync --randseed=9 \
		--output-format=terse >"$scratch/fio" || fail "fio: $(<"$scratch/fio")"
	say scan fills_per_thousand $((($(of fills) - fills) * 1000 / blocks))
	say scan hot_after "$(hot_rate 4)"
	remove_cache
}

# watch_swap - what has been swapped out, and what the cache has, ten times a second.
watch_swap()
{
	# It is ended in the middle of something.
	trap - ERR
	while sleep 0.1; do
		echo "$(awk '/^pswpout / { print $2 }' /proc/vmstat) $(of used)"
	done
}

# A program wants all memory but the last tenth of the cache's, while there is swap that it
# could have instead. Without a cache the memory is full of what was read.
measure_pressure()
{
	local mib start watcher swapped direct=1

	[[ $1 != none ]] || direct=0
	set_up_cache "$1" $((memory_mib * 3 / 8))
	swap_on "$DISK_2"
	drop_caches
	fio --name=fill --filename=/dev/mapper/c --readonly --rw=randread --bs=64k --numjobs=4 --thread \
		--direct=$direct --ioengine=psync --invalidate=0 \
		--group_reporting --output-format=terse >"$scratch/fio" || fail "fio: $(<"$scratch/fio")"
	say pressure used_before "$(of used)"
	mib=$((($(meminfo MemAvailable) + $(of used) * 9 / 10 / 1024) / 1024 - 16))
	swapped=$(awk '/^pswpout / { print $2 }' /proc/vmstat)
	watch_swap >"$scratch/watched" &
	watcher=$!
	start=$EPOCHREALTIME
	swapper_held "$mib" --threads 1 --orders random
	say pressure seconds "$(awk -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.2f", b - a }')"
	kill "$watcher"
	wait "$watcher" || true
	say pressure used_at_swap "$(awk -v before="$swapped" '{ used = $2 } $1 > before { exit } END { print used + 0 }' "$scratch/watched")"
	say pressure swapped $(($(awk '/^pswpout / { print $2 }' /proc/vmstat) - swapped))
	say pressure used_after "$(of used)"
	swapper_finish
	rm "$scratch/hold"
	say pressure killed "$(dmesg | grep -c 'Out of memory' || true)"
	swapoff "$DISK_2"
	remove_cache
}

# ---- all of them ----------------------------------------------------------------------

main()
{
	local kind workload

	load_libraries
	modprobe -a dm_mod dm_delay dm_cache dm_cache_smq
	insmod "$here/zsm.ko"
	insmod "$here/dm-zcache.ko"
	sectors=$(blockdev --getsz "$DISK_1")
	below slow delay "$DISK_1" 0 5
	for workload in direct buffered grep; do
		for kind in "${kinds[@]}"; do
			! wanted "$workload.$kind" || measure_$workload "$kind"
		done
	done
	for kind in plain zcache; do
		! wanted "scan.$kind" || measure_scan "$kind"
	done
	for kind in none zcache; do
		! wanted "pressure.$kind" || measure_pressure "$kind"
	done
	dmsetup remove --noudevsync slow
	rmmod dm-zcache zsm
	rm -r "$scratch"
}

main
