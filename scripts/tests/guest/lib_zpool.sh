# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of lib.sh
#
# lib_zpool.sh - the kernel's own zswap keeps its pages in our pools, over a disk.
#
# Each kind has a VM: see unload_zpool.

parameters=/sys/module/zswap/parameters
counters=/sys/kernel/debug/zswap

load_zpool()
{
	[[ -e /sys/module/zsm ]] || insmod "$here/zsm.ko"
	[[ -e /sys/module/zsm_zpool ]] || insmod "$here/zsm_zpool.ko"
}

# The kernel's zswap lets go of a pool once that is empty. That of 6.1 does not if it found
# the pool full while it was making room there, whosever pool it is: the module stays, and it
# goes on looking there for what to write back, though other pools are full.
unload_zpool()
{
	[[ $(uname -r) != 6.1.* ]] || (($(<$counters/pool_limit_hit) == 0)) || return 0
	eventually 30 rmmod zsm_zpool
	rmmod zsm
}

# Sets up zswap on a pool, with a tenth of memory, on a disk of swap.
zswap_on()
{
	load_zpool
	accepts $parameters/compressor lzo
	accepts $parameters/zpool "$1"
	accepts $parameters/max_pool_percent 10
	accepts $parameters/enabled Y
	equal zpool "$(<$parameters/zpool)" "$1"
	swap_on "$DISK_1"
}

# Takes the pool out of use, and the modules away.
zswap_off()
{
	swapoff "$DISK_1"
	accepts $parameters/enabled N
	accepts $parameters/zpool zbud
	unload_zpool
}

written_back()
{
	(($(<$counters/written_back_pages)))
}

# zswap_with POOL - a program is larger than memory by half, and finds every page again.
# The pool is full, and old pages go on to the disk.
zswap_with()
{
	local stored written

	zswap_on "$1"
	swapper_held 280 --threads 2 --orders random
	fails rmmod zsm_zpool 2>&1
	# It does that in the background, when it comes to run.
	eventually 60 written_back
	stored=$(<$counters/stored_pages)
	written=$(<$counters/written_back_pages)
	echo "$stored pages in $(<$counters/pool_total_size) bytes, $written written back," \
		"$(<$counters/reject_reclaim_fail) times none could be, $(<$counters/pool_limit_hit) times full"
	between "pages in zswap" "$stored" 2000 100000
	between "pages written back" "$written" 1 1000000
	# 6.1 asks the pool for what to write back; later ones know themselves.
	[[ $(uname -r) != 6.1.* ]] || equal reject_reclaim_fail "$(<$counters/reject_reclaim_fail)" 0
	# What zswap has stays where it is when the pool changes, and so does the module.
	accepts $parameters/zpool zbud
	fails rmmod zsm_zpool 2>&1
	swapper_finish
	zswap_off
}
