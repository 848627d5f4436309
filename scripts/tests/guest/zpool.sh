# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of lib.sh
#
# zpool.sh - zswap in our size classes; and what our pools take, beside the kernel's own.

# shellcheck source=scripts/tests/guest/lib_zpool.sh
. "$here/lib_zpool.sh"

# bytes_a_page POOL - what a page takes in a pool that has room for all. Sets bytes.
bytes_a_page()
{
	local stored

	accepts $parameters/zpool "$1"
	accepts $parameters/enabled Y
	swap_on "$DISK_1"
	swapper_held 160 --threads 1 --orders seq
	stored=$(<$counters/stored_pages)
	between "pages in $1" "$stored" 2000 100000
	bytes=$(($(<$counters/pool_total_size) / stored))
	swapper_finish
	rm "$scratch/hold"
	swapoff "$DISK_1"
	accepts $parameters/enabled N
}

# beside THEIRS OURS PERCENT - ours takes no more than so much of the other's memory. Ours
# counts all that it takes; the others do not count handles, or what describes pages.
beside()
{
	local theirs

	bytes_a_page "$1"
	theirs=$bytes
	bytes_a_page "$2"
	echo "$1 $theirs bytes a page, $2 $bytes"
	between "bytes a page in $2, percent of $1's" $((bytes * 100 / theirs)) 10 "$3"
}

# Each kind beside the kernel's own pool that is like it, if that is there.
test_density()
{
	local bytes

	load_zpool
	modprobe -q zsmalloc || true
	modprobe -q z3fold || true
	accepts $parameters/compressor lzo
	accepts $parameters/max_pool_percent 60
	beside zsmalloc zsm 100
	beside zbud zsm-zbud 103
	[[ ! -e /sys/module/z3fold ]] || beside z3fold zsm-z3fold 103
	accepts $parameters/zpool zbud
	unload_zpool
}

test_classes()
{
	zswap_with zsm
}
