# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of lib.sh
#
# bio.sh - requests of every size and shape.

pages=2048

prepare()
{
	load
	set_up 0 lz4 32M
}

test_megabyte()
{
	prepare
	raw --block 256 write /dev/zram0 0 $pages
	raw --block 256 check /dev/zram0 0 $pages
	raw --block 1 check /dev/zram0 0 128
	unload
}

test_mixed_sizes()
{
	prepare
	raw --block 64 --vary --shuffle write /dev/zram0 0 $pages
	raw --block 50 --vary --shuffle check /dev/zram0 0 $pages
	raw --gen 2 --block 1 --shuffle write /dev/zram0 100 500
	raw --gen 2 --block 256 check /dev/zram0 100 500
	raw --block 100 check /dev/zram0 0 100
	raw --block 256 check /dev/zram0 600 $((pages - 600))
	unload
}

# Other data of much the same size, then of any size, over what is there.
test_overwrite()
{
	local gen

	prepare
	for gen in 1 2 3 4 5; do
		raw --kind text --gen $gen --block 16 write /dev/zram0 0 1024
		raw --kind text --gen $gen --block 64 check /dev/zram0 0 1024
	done
	for gen in 6 7 8; do
		raw --gen $gen --block 16 write /dev/zram0 $((gen * 16)) 512
		raw --gen $gen --block 64 check /dev/zram0 $((gen * 16)) 512
	done
	raw --kind text --gen 5 --block 64 check /dev/zram0 640 384
	unload
}

# Buffers need be aligned to 512 bytes only, so that each page of a request comes
# in two parts.
test_misaligned_buffers()
{
	local n

	prepare
	raw --block 32 --misalign 512 write /dev/zram0 0 256
	raw --block 32 check /dev/zram0 0 256
	for n in 512 1536 3584; do
		raw --block 32 --misalign $n check /dev/zram0 0 256
		raw --gen 2 --block 5 --misalign $n --vary write /dev/zram0 256 100
		raw --gen 2 --block 7 --misalign $n --vary check /dev/zram0 256 100
	done
	unload
}

test_buffered()
{
	prepare
	raw --block 16 --vary --buffered write /dev/zram0 0 $pages
	drop_caches
	raw --block 64 --buffered check /dev/zram0 0 $pages
	raw --block 64 check /dev/zram0 0 $pages
	unload
}

# Two that write the same pages at the same time: each page is one's or the other's.
test_overlap()
{
	local writer result

	prepare
	for _ in 1 2 3; do
		"$here/rawio" --kind random --gen 1 --block 8 write /dev/zram0 0 512 &
		writer=$!
		raw --kind random --gen 2 --block 16 write /dev/zram0 0 512
		wait "$writer"
		result=$("$here/rawio" --kind random --gen 2 --block 32 check /dev/zram0 0 512) || true
		echo "$result"
		result=${result##*$'\n'}
		matches "the outcome" "$result" \
			'checked=512 bad=[0-9]+ lost=0 stale=[0-9]+ misplaced=0 corrupt=0 unreadable=0'
	done
	equal orig_data_size "$(stat_of 0 orig)" $((512 * page_size))
	unload
}

# Past the end is an error, not somebody else's page.
test_past_end()
{
	prepare
	raw write /dev/zram0 $(((32 << 20) / page_size - 4)) 4
	fails raw write /dev/zram0 $(((32 << 20) / page_size)) 1
	raw check /dev/zram0 $(((32 << 20) / page_size - 4)) 4
	unload
}
