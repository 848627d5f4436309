#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# hog.sh - what tier.sh does inside the VM.
#
# usage: hog.sh KIND LIMIT-MIB MIB DELAY-MS
#
# Writes `KIND METRIC VALUE' for all that is measured to $RESULTS/results, and prints each
# such line after an `@'.

# shellcheck source=scripts/tier/slow.sh
. "${BASH_SOURCE[0]%/*}/slow.sh"

kind=$1
limit=$2
mib=$3
delay=$4
sys=/sys/block/zram0
parameters=/sys/module/zswap/parameters
counters=/sys/kernel/debug/zswap

# The kernel's own zram, as large as what compresses to the limit, and then the disk.
set_up_intree()
{
	modules=intree
	# shellcheck disable=SC2119 # it has parameters only elsewhere
	load
	set_up 0 zstd $((limit * 4))M
	mkswap "$disk" >/dev/null
	mkswap /dev/zram0 >/dev/null
	swapon -p 10 "$disk"
	swapon -p 100 /dev/zram0
}

# The kernel's own zswap, with the same memory, before the disk.
set_up_zswap()
{
	modprobe zstd
	accepts $parameters/compressor zstd
	accepts $parameters/zpool zsmalloc
	accepts $parameters/max_pool_percent $((limit * 102400 / $(meminfo MemTotal)))
	accepts $parameters/enabled Y
	swap_on "$disk"
}

# ours ALGORITHM - with a packed log on the disk.
set_up_ours()
{
	# shellcheck disable=SC2119 # it has parameters only elsewhere
	load
	accepts $sys/backing_dev "$disk"
	accepts $sys/writeback_packed 1
	accepts $sys/writeback_auto 1
	set_up 0 "$1" $((mib * 2))M
	accepts $sys/mem_limit "${limit}M"
	swap_on /dev/zram0
}

# Pages that went to the disk, and what the device took of memory at most.
say_ours()
{
	say pages_written "$(awk '{ print $1 }' $sys/writeback_stat)"
	say taken "$(awk '{ print $5 }' $sys/mm_stat)"
}

hog()
{
	local metric value written read status=0

	written=$(disk_stat 7)
	read=$(disk_stat 3)
	"$here/hothog" --mb "$mib" "$corpus" >"$scratch/hog" || status=$?
	((!status)) || fail "hothog: $status: $(<"$scratch/hog")"
	while read -r metric value; do
		say "$metric" "$value"
	done <"$scratch/hog"
	written=$(($(disk_stat 7) - written))
	read=$(($(disk_stat 3) - read))
	say bytes_written $((written * 512))
	say bytes_read $((read * 512))
	((written)) || fail "nothing was written to the disk"
}

main()
{
	mountpoint -q /sys/kernel/debug || mount -t debugfs none /sys/kernel/debug
	slow_disk "$delay"
	case $kind in
	intree) set_up_intree ;;
	zswap) set_up_zswap ;;
	*) set_up_ours "$kind" ;;
	esac
	hog
	case $kind in
	intree)
		say pages_written $(($(disk_stat 7) / 8))
		say taken "$(awk '{ print $5 }' $sys/mm_stat)"
		;;
	zswap)
		say pages_written $(($(disk_stat 7) / 8))
		say reached "$(<$counters/pool_limit_hit)"
		;;
	*) say_ours ;;
	esac
}

main
