# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034 # variables of lib.sh; the cases use these
#
# lib_backing.sh - backing devices, for the cases that need one.

sys=/sys/block/zram0
block_state=/sys/kernel/debug/zram/zram0/block_state
null=/sys/kernel/config/nullb/backing

# loop_device SIZE - makes one; sets loop.
loop_device()
{
	modprobe loop
	truncate -s "$1" "$scratch/backing"
	loop=$(losetup --find --show "$scratch/backing")
}

# null_device MB [ATTRIBUTE=VALUE]... - a block device in memory, of which sectors can
# be made bad, and whose completions late. Sets nullb.
null_device()
{
	local pair

	modprobe configfs
	modprobe null_blk nr_devices=0
	mountpoint -q /sys/kernel/config || mount -t configfs none /sys/kernel/config
	mkdir "$null"
	echo "$1" >"$null/size"
	echo 1 >"$null/memory_backed"
	for pair in "${@:2}"; do
		echo "${pair#*=}" >"$null/${pair%%=*}"
	done
	echo 1 >"$null/power"
	# Newer kernels call it after its directory.
	nullb=/dev/backing
	[[ -b $nullb ]] || nullb=/dev/nullb$(<"$null/index")
	eventually 10 test -b "$nullb"
}

# with_backing DEVICE SIZE - a device of that size, backed by the other.
with_backing()
{
	mountpoint -q /sys/kernel/debug || mount -t debugfs none /sys/kernel/debug
	load
	accepts $sys/backing_dev "$1"
	set_up 0 lz4 "$2"
}

# bd_stat FIELD - count, reads or writes
bd_stat()
{
	local count reads writes

	read -r count reads writes <$sys/bd_stat
	case $1 in
	count) echo "$count" ;;
	reads) echo "$reads" ;;
	writes) echo "$writes" ;;
	esac
}

# How many pages block_state says are written back.
written_back()
{
	awk '$3 ~ /^.w/ { n++ } END { print n + 0 }' $block_state
}

# has_blocks N - whether so many are in use, written or being written.
has_blocks()
{
	(($(bd_stat count) >= $1))
}

# How many writes have failed.
failed_writes()
{
	awk '{ print $2 }' $sys/io_stat
}

# swaps COUNT... - a program's memory goes through /dev/zram0 to the disk by itself, and
# comes back whole: more than 500 pages, as the command prints. Unloads.
swaps()
{
	swap_on /dev/zram0
	swapper_held 24 --pageout --orders seq,random
	between "pages on the disk, by $*" "$("$@")" 501 100000
	swap_ends
}

# swap_ends - every page of a program that is held is as it was, and none was refused. Unloads.
swap_ends()
{
	swapper_finish
	equal "failed writes" "$(failed_writes)" 0
	swapoff /dev/zram0
	unload
}
