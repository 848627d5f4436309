# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of lib.sh
#
# swap.sh - more memory than there is, every page verified.
#
# What is filled is 1.3 times the memory that there is to give.

# swap_with ALGORITHM ORDERS
swap_with()
{
	load
	set_up 0 "$1" 1G
	swap_on /dev/zram0
	"$here/swapper" --times-free 1.3 --threads 2 --orders "$2" "$corpus"
	cat /sys/block/zram0/mm_stat /sys/block/zram0/io_stat
	check_statistics
	# All the slots that swapper had are free again, swapon or not: what is left
	# is of the few other programs, and the header of the swap area.
	between "orig_data_size afterwards" "$(stat_of 0 orig)" "$page_size" $((12 << 20))
	between "mem_used_total afterwards" "$(stat_of 0 used)" "$page_size" $((8 << 20))
	swapoff /dev/zram0
	unload
}

check_statistics()
{
	local failed_reads failed_writes zero notify_free

	read -r failed_reads failed_writes zero notify_free </sys/block/zram0/io_stat
	equal "failed reads" "$failed_reads" 0
	equal "failed writes" "$failed_writes" 0
	equal "third field of io_stat" "$zero" 0
	between notify_free "$notify_free" $(((40 << 20) / page_size)) 100000000
	between "mem_used_max" "$(stat_of 0 max)" $((10 << 20)) $((300 << 20))
}

test_lz4()
{
	swap_with lz4 reverse,random,strided
}

test_w64()
{
	swap_with w64 random
}

test_zstd()
{
	swap_with zstd reverse,random
}
