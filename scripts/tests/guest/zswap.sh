# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of lib.sh
#
# zswap.sh - the kernel's own zswap compresses with w64 and w64hc, over a disk.

parameters=/sys/module/zswap/parameters
counters=/sys/kernel/debug/zswap

# zswap_on ALGORITHM - sets up zswap on a disk of swap.
zswap_on()
{
	insmod "$here/w64.ko"
	accepts $parameters/compressor "$1"
	accepts $parameters/zpool zsmalloc
	# So little that pages go on to the disk.
	accepts $parameters/max_pool_percent 5
	accepts $parameters/enabled Y
	swap_on "$DISK_1"
}

# Takes the algorithm out of use, and the module away.
zswap_off()
{
	swapoff "$DISK_1"
	accepts $parameters/enabled N
	accepts $parameters/compressor lzo
	eventually 10 rmmod w64
}

# swap_with ALGORITHM
swap_with()
{
	local stored written

	zswap_on "$1"
	swapper_held 140 --threads 2 --orders random
	equal compressor "$(<$parameters/compressor)" "$1"
	fails rmmod w64 2>&1
	stored=$(<$counters/stored_pages)
	written=$(<$counters/written_back_pages)
	between "pages in zswap" "$stored" 2000 100000
	# Five pages of a hundred are random, and go to the disk as they are.
	between "pages that zswap refused" "$(<$counters/reject_compress_poor)" 100 100000
	between "bytes a page in zswap" $(($(<$counters/pool_total_size) / stored)) 200 $((page_size / 2))
	swapper_finish
	between "pages written to the disk" "$(awk '$3 == d { print $10 }' d="${DISK_1##*/}" /proc/diskstats)" 1000 100000000
	echo "$stored pages stored, $written written back"
	zswap_off
}

test_w64()
{
	swap_with w64
}

test_w64hc()
{
	swap_with w64hc
}
