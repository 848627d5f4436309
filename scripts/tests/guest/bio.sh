# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of lib.sh
#
# bio.sh - requests of every size and shape.

pages=2048

prepare()
{
	load
	set_up 0 lz4 $((8192 * page_size))
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

# Requests of a logical block, 4 KiB, of which a larger page holds several: what is beside
# it in its page must stay, also if two write parts of one page at the same time.
test_logical_blocks()
{
	local blocks=4096 gen writer

	prepare
	raw --unit 4096 --shuffle write /dev/zram0 0 $blocks
	raw --unit 4096 --block 7 --vary check /dev/zram0 0 $blocks
	raw --unit 4096 --gen 2 --skip 1 write /dev/zram0 1 $((blocks / 2))
	raw --unit 4096 --gen 2 --skip 1 --shuffle check /dev/zram0 1 $((blocks / 2))
	raw --unit 4096 --skip 1 check /dev/zram0 0 $((blocks / 2))
	for gen in 3 4 5; do
		"$here/rawio" --unit 4096 --gen $gen --skip 1 write /dev/zram0 0 $((blocks / 2)) &
		writer=$!
		raw --unit 4096 --gen $gen --skip 1 write /dev/zram0 1 $((blocks / 2))
		wait "$writer"
		raw --unit 4096 --gen $gen --block 64 check /dev/zram0 0 $blocks
	done
	# At both ends of a request that covers whole pages in between.
	raw --unit 4096 --gen 6 --block 9 --skip 7 write /dev/zram0 3 2048
	raw --unit 4096 --gen 6 --block 9 --skip 7 check /dev/zram0 3 2048
	raw --unit 4096 --gen 5 --block 3 check /dev/zram0 0 3
	raw --unit 4096 --gen 5 --block 7 --skip 9 check /dev/zram0 12 $((227 * 7))
	unload
}

# Past the end is an error, not another slot's page.
test_past_end()
{
	prepare
	raw write /dev/zram0 $((8192 - 4)) 4
	fails raw write /dev/zram0 8192 1
	raw check /dev/zram0 $((8192 - 4)) 4
	unload
}

# put FILE OFFSET HEX - writes bytes, given as \x escapes.
put()
{
	# shellcheck disable=SC2059 # the escapes are the point
	printf "$3" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

# A FAT16 file system of 240 MB on sectors of 4 KiB, of which the device has the
# first 16 MB. Its one file, FAR.BIN, is one cluster, number 50000.
make_far_fat()
{
	truncate -s 1M "$1"
	put "$1" 0 '\xeb\x3c\x90MSDOS5.0'
	# Sector 4096, cluster 1, reserved 1, FATs 1, root 128, sectors 61440, FAT 30.
	put "$1" 11 '\x00\x10\x01\x01\x00\x01\x80\x00\x00\xf0\xf8\x1e\x00'
	put "$1" 24 '\x20\x00\x40\x00'
	put "$1" 38 '\x29\x01\x02\x03\x04FAR        FAT16   '
	put "$1" 510 '\x55\xaa'
	put "$1" 4096 '\xf8\xff\xff\xff'
	put "$1" $((4096 + 2 * 50000)) '\xff\xff'
	put "$1" $((31 * 4096)) 'FAR     BIN\x20'
	put "$1" $((31 * 4096 + 26)) '\x50\xc3\x00\x10\x00\x00'
}

# A file system that points beyond the end of the device gets an I/O error. Some
# kernels read pages without a bio, whose place nobody has looked at.
test_far_metadata()
{
	load
	set_up 0 lz4 16M
	modprobe vfat
	make_far_fat "$scratch/fat"
	dd if="$scratch/fat" of=/dev/zram0 bs=1M conv=fsync status=none
	mkdir "$scratch/mnt"
	mount -t vfat -o ro,iocharset=ascii /dev/zram0 "$scratch/mnt"
	equal 'the size of FAR.BIN' "$(stat -c %s "$scratch/mnt/far.bin")" 4096
	fails cat "$scratch/mnt/far.bin"
	umount "$scratch/mnt"
	unload
}

# Moving objects together, while they are read and written: nothing is lost, it comes
# to an end, and there is less memory in use than before.
test_compact()
{
	local before gen

	prepare
	raw --block 64 write /dev/zram0 0 $pages
	for gen in 2 3 4 5; do
		raw --gen $gen --block 1 --shuffle write /dev/zram0 $((gen * 300)) 300
	done
	before=$(stat_of 0 used)
	accepts /sys/block/zram0/compact 1
	((before > $(stat_of 0 used))) || fail "compact has gained nothing"
	raw --block 64 check /dev/zram0 0 600
	for gen in 2 3 4 5; do
		raw --gen $gen --block 64 check /dev/zram0 $((gen * 300)) 300
	done
	while :; do
		write_knob /sys/block/zram0/compact 1
	done >/dev/null &
	compactor=$!
	for gen in 6 7 8; do
		raw --gen $gen --block 4 --vary --shuffle write /dev/zram0 0 1024
		raw --gen $gen --block 64 check /dev/zram0 0 1024
	done
	kill "$compactor"
	wait "$compactor" || true
	unload
}
