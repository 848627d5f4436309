# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154 # variables of lib.sh and of the cases
#
# lib_movable.sh - for cases that disturb the memory on which a pool is. The VM has a memory
# module of which all is movable.

memory=/sys/devices/system/memory
pages=8192	# of the device

# movable_blocks - those that consist of movable memory alone.
movable_blocks()
{
	local block

	for block in "$memory"/memory[0-9]*; do
		[[ $(<"$block/valid_zones") != Movable ]] || echo "${block##*/memory}"
	done
}

# Pages of pools in movable memory. On each of several nodes, they would be added.
pool_pages()
{
	awk '/^Node/ { movable = $4 == "Movable" } movable && $1 == "nr_zspages" { n += $2 }
		END { print n + 0 }' /proc/zoneinfo
}

# pool_pages_of BLOCK - their numbers: in movable memory the kernel says nothing about them,
# and of all else that it is free, on a list of its own, or poisoned. (But for some free
# pages that processors have at hand.)
pool_pages_of()
{
	local size=$((0x$(<$memory/block_size_bytes) / page_size))
	local start=$(($1 * size))

	od -An -v -tx8 -w8 -j $((start * 8)) -N $((size * 8)) /proc/kpageflags |
		awk -v start="$start" '$1 == "0000000000000000" { print start + NR - 1 }'
}

fill()
{
	raw --gen "$1" --kind mixed --block 16 write /dev/zram0 0 $pages
}

verify()
{
	raw --gen "$1" --kind mixed --block 16 check /dev/zram0 0 $pages
}

start_movable()
{
	local blocks

	mapfile -t blocks < <(movable_blocks)
	((${#blocks[@]} > 1)) || fail "the VM has no two blocks of movable memory"
	first=${blocks[0]} second=${blocks[1]}
	load
	set_up 0 lz4 $((pages * page_size))
	fill 1
}
