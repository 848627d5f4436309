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

# unknown_pages BLOCK - numbers of those of which the kernel says nothing. In movable memory
# these are a pool's, and free pages that a processor has at hand. Of all else it says what
# it is: of a process, of a file, free on a list of its own, or poisoned.
unknown_pages()
{
	local size=$((0x$(<$memory/block_size_bytes) / page_size))
	local start=$(($1 * size))

	od -An -v -tx8 -w8 -j $((start * 8)) -N $((size * 8)) /proc/kpageflags |
		awk -v start="$start" '$1 == "0000000000000000" { print start + NR - 1 }'
}

# hand_out - has each processor give away the free pages that it has at hand, to a file.
# They are no more than an eighth of the zone, for all processors together.
hand_out()
{
	local cpu

	mkdir "$scratch/handed_out"
	mount -t tmpfs none "$scratch/handed_out"
	for cpu in /sys/devices/system/cpu/cpu[0-9]*; do
		taskset -c "${cpu##*/cpu}" head -c 32M /dev/zero >"$scratch/handed_out/${cpu##*/}"
	done
}

take_back()
{
	umount "$scratch/handed_out"
	rmdir "$scratch/handed_out"
}

# pool_pages_of BLOCK... - numbers of the pages of pools. What was at a processor's hand before
# hand_out is in use after it; a process that had been given such a page could lose it, and
# end, when it is declared broken.
pool_pages_of()
{
	local block

	for block; do unknown_pages "$block"; done >"$scratch/before"
	hand_out
	for block; do unknown_pages "$block"; done >"$scratch/after"
	take_back
	awk 'NR == FNR { before[$1]; next } $1 in before' "$scratch/before" "$scratch/after"
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
