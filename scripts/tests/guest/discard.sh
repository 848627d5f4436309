# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of lib.sh
#
# discard.sh - what is no longer wanted costs nothing and reads as zeroes.

pages=512

prepare()
{
	load
	set_up 0 '' 16M
	raw --block 64 write /dev/zram0 0 $pages
	equal orig_data_size "$(stat_of 0 orig)" $((pages * page_size))
}

# Nothing is stored any more.
is_empty()
{
	equal "orig_data_size" "$(stat_of 0 orig)" 0
	equal "compr_data_size" "$(stat_of 0 compressed)" 0
	equal "same_pages" "$(stat_of 0 same)" 0
	equal "huge_pages" "$(stat_of 0 huge)" 0
	between "mem_used_total" "$(stat_of 0 used)" 0 $((64 << 10))
	raw --block 64 --kind zero check /dev/zram0 0 $pages
}

test_blkdiscard()
{
	prepare
	blkdiscard /dev/zram0
	is_empty
	raw --gen 2 write /dev/zram0 0 $pages
	raw --gen 2 check /dev/zram0 0 $pages
	unload
}

test_zeroout()
{
	prepare
	blkdiscard -z /dev/zram0
	is_empty
	unload
}

test_fallocate()
{
	local half=$((pages * page_size / 2))

	prepare
	fallocate --zero-range --offset 0 --length $half /dev/zram0
	equal orig_data_size "$(stat_of 0 orig)" $half
	fallocate --punch-hole --offset $half --length $half /dev/zram0
	is_empty
	unload
}

# Ranges of many lengths, and single pages, in between what stays.
test_partial()
{
	local at length kept=0 end=0

	prepare
	for ((at = 3, length = 1; at + length < pages; at = end + 5, length = length * 3 / 2 + 1)); do
		blkdiscard -o $((at * page_size)) -l $((length * page_size)) /dev/zram0
		raw --block 64 --kind zero check /dev/zram0 "$at" "$length"
		raw --block 64 check /dev/zram0 "$end" $((at - end))
		kept=$((kept + at - end))
		end=$((at + length))
	done
	kept=$((kept + pages - end))
	raw --block 64 check /dev/zram0 "$end" $((pages - end))
	equal orig_data_size "$(stat_of 0 orig)" $((kept * page_size))
	unload
}

# A swap slot that is free again drops its page at once.
test_swap_slots()
{
	load
	set_up 0 '' 64M
	swap_on /dev/zram0
	"$here/swapper" --mb 16 --pageout --orders random,reverse --rewrite 30 "$corpus"
	cat /sys/block/zram0/mm_stat /sys/block/zram0/io_stat
	# The header of the swap area, and what little of others was swapped.
	between "orig_data_size" "$(stat_of 0 orig)" "$page_size" $((1 << 20))
	between "notify_free" "$(awk '{ print $4 }' /sys/block/zram0/io_stat)" 4000 100000
	swapoff /dev/zram0
	unload
}
