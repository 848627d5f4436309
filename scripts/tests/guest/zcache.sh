# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of lib.sh
#
# zcache.sh - dm-zcache before a disk.

# shellcheck source=scripts/tests/guest/lib_zcache.sh
. "$here/lib_zcache.sh"

# refused MESSAGE WORD... - a table with these arguments must fail, and say why.
refused()
{
	local message=$1

	shift
	dmesg -C
	fails dmsetup create --noudevsync bad --table "0 $disk_sectors zcache $*" 2>/dev/null
	dmesg | grep -qF "$message" || fail "zcache $*: no '$message' in: $(dmesg)"
}

test_table()
{
	begin
	refused 'a device and a limit in MiB are wanted' "$disk"
	refused 'the limit is no number of MiB' "$disk" many
	refused 'the limit is 0' "$disk" 0
	refused 'the limit is more than the memory' "$disk" 1000000000
	refused 'the device cannot be opened' /dev/none 8
	refused 'the number of arguments is not how many follow' "$disk" 8 1
	refused 'the number of arguments is not how many follow' "$disk" 8 2 codec
	refused 'there is no such argument' "$disk" 8 1 fast
	refused 'the last argument has no value' "$disk" 8 1 codec
	refused 'there is no such codec' "$disk" 8 2 codec best
	refused 'admit is none of' "$disk" 8 2 admit some
	refused 'store_max is not' "$disk" 8 2 store_max 0
	refused 'store_max is not' "$disk" 8 2 store_max 4097
	refused 'store_max is less than a page' "$disk" 8 4 codec none store_max 100
	refused 'fills_max is less' "$disk" 8 2 fills_max 1
	refused 'seq_skip is no number' "$disk" 8 2 seq_skip 99999999
	disk_sectors=$(($(blockdev --getsz "$disk") + 8)) refused 'the device is smaller than the target' "$disk" 8
	# As much as a device can be: 2^63 bytes, less a block.
	dmsetup create --noudevsync huge --table "0 $(((1 << 54) - 8)) zero"
	dmsetup mknodes huge
	disk_sectors=$(((1 << 51) + 8)) refused 'the target has more blocks than have numbers' /dev/mapper/huge 8
	cache c "$disk" 8 5 codec lz4 admit all no_meta
	matches 'table line' "$(dmsetup table c)" \
		'0 [0-9]* zcache 253:0 8 11 codec lz4 admit all store_max 3072 seq_skip 1024 fills_max 256 no_meta|.* zcache [0-9]*:[0-9]* 8 11 codec lz4 admit all store_max 3072 seq_skip 1024 fills_max 256 no_meta'
}

# Every page right from the disk, from the cache, and after each write over it.
reads_and_writes()
{
	local pages=2000

	raw write /dev/mapper/c 0 $pages
	raw check /dev/mapper/c 0 $pages
	raw check /dev/mapper/c 0 $pages
	between "hits" "$(of c hits)" 500 $pages
	raw --block 16 --vary --shuffle check /dev/mapper/c 0 $pages
	raw --misalign 512 check /dev/mapper/c 0 $pages
	raw --gen 2 --block 7 write /dev/mapper/c 100 700
	raw --gen 2 check /dev/mapper/c 100 700
	raw check /dev/mapper/c 0 100
	raw --gen 2 check "$disk" 100 700
	equal "errors" "$(of c errors)" 0
	dmsetup message c 0 drop
	equal "objects after drop" "$(of c objects)" 0
	raw --gen 2 check /dev/mapper/c 100 700
	dmsetup remove --noudevsync c
}

test_codecs()
{
	local codec

	begin
	for codec in lz4 w64 none zstd; do
		cache c "$disk" 24 4 codec $codec admit all
		reads_and_writes
	done
}

# Reads of 512 bytes, of parts of blocks and across them.
test_partial()
{
	begin
	cache c "$disk" 16 2 admit all
	raw write /dev/mapper/c 0 256
	raw check /dev/mapper/c 0 256
	dd if="$disk" of="$scratch/plain" bs=1M count=1 iflag=direct status=none
	for bs in 512 1536 3584 5120 65024; do
		dd if=/dev/mapper/c of="$scratch/cached" bs=$bs iflag=direct,count_bytes count=1M status=none
		cmp "$scratch/plain" "$scratch/cached"
	done
	between "hits" "$(of c hits)" 1000 1000000
	# A write of one sector takes the whole block out.
	dd if=/dev/urandom of=/dev/mapper/c bs=512 seek=9 count=1 oflag=direct status=none
	dd if="$disk" of="$scratch/plain" bs=4k count=4 iflag=direct status=none
	dd if=/dev/mapper/c of="$scratch/cached" bs=4k count=4 iflag=direct status=none
	cmp "$scratch/plain" "$scratch/cached"
}

# More than fits: the limit holds, blocks are evicted, and all are right.
test_limit()
{
	begin
	cache c "$disk" 2 2 admit all
	raw --kind random write /dev/mapper/c 0 1
	raw --kind text write /dev/mapper/c 1 7000
	for _ in 1 2; do
		raw --kind text check /dev/mapper/c 1 7000
		between "bytes used" "$(of c used)" 1000000 $((2 << 20))
	done
	between "blocks evicted" "$(of c evicted)" 1000 100000
	between "metadata per thousand of the limit" \
		$(($(of c metadata) * 1000 / (2 << 20))) 1 200
	dmsetup message c 0 mem_limit 1
	between "bytes used" "$(of c used)" 1 $((1 << 20))
	fails dmsetup message c 0 mem_limit 3 2>/dev/null
	fails dmsetup message c 0 nonsense 2>/dev/null
	dmsetup message c 0 admit none
	dmsetup message c 0 drop
	raw --kind text check /dev/mapper/c 1 500
	equal "objects with admit none" "$(of c objects)" 0
}

# One pass over much leaves no trace once the cache is full; what is read again stays.
test_ghost()
{
	local fills

	begin
	cache c "$disk" 1 2 seq_skip 0
	raw --kind text write /dev/mapper/c 0 7000
	raw --kind text --shuffle check /dev/mapper/c 0 4000
	equal "full" "$(of c full)" 1
	fills=$(of c fills)
	raw --kind text --shuffle check /dev/mapper/c 4000 3000
	between "fills by a scan of new blocks" $(($(of c fills) - fills)) 0 60
	between "blocks noted" "$(of c noted)" 2900 8000
	raw --kind text --shuffle check /dev/mapper/c 4000 3000
	between "fills by what comes again" $(($(of c fills) - fills)) 500 3100
}

# The kernel takes the memory back; nobody is killed for it.
test_pressure()
{
	local before

	begin
	cache c "$disk" 24 4 codec none admit all
	raw --kind random write /dev/mapper/c 0 5000
	raw --kind random check /dev/mapper/c 0 5000
	before=$(of c objects)
	between "objects" "$before" 4000 5000
	# More than there is without what the cache gives back, which is more than half.
	swapper_held $(($(meminfo MemAvailable) / 1024 + 12)) --threads 1 --orders random || true
	between "objects left" "$(of c objects)" 0 $((before * 3 / 4))
	swapper_finish
	raw --kind random check /dev/mapper/c 0 5000
}

# The cache grows while several threads read, until the page cache has next to nothing: what
# they want is given back, however many want it at once, and nobody is killed.
test_starved()
{
	begin
	raw --kind random --block 64 write "$disk" 0 24000
	disk_sectors=$((94 << 11)) cache c "$disk" 64 4 codec none admit all
	swapper_held $(($(meminfo MemAvailable) / 1024 - 32)) --threads 1 --orders random
	fio --name=readers --filename=/dev/mapper/c --readonly --rw=randread --bs=4k --norandommap \
		--numjobs=4 --number_ios=10000 --size=93m --io_size=100g --thread --ioengine=psync \
		--invalidate=0 --group_reporting --output-format=terse >"$scratch/fio" ||
		fail "fio: $(<"$scratch/fio")"
	equal "programs killed" "$(dmesg | grep -c 'Out of memory' || true)" 0
	echo "the cache has $(of c used) bytes"
	swapper_finish
}

# Suspend, resume, another table, and a larger device.
test_reload()
{
	begin
	disk_sectors=$((16 << 11)) cache c "$disk" 16 2 admit all
	raw write /dev/mapper/c 0 4000
	raw check /dev/mapper/c 0 4000
	dmsetup suspend --noudevsync c
	dmsetup resume --noudevsync c
	raw check /dev/mapper/c 0 4000
	between "hits" "$(of c hits)" 1000 10000
	dmsetup reload c --table "0 $disk_sectors zcache $disk 8 2 admit all"
	dmsetup suspend --noudevsync c
	# While nobody reads through the cache the disk may change.
	raw --gen 2 write "$disk" 0 1000
	dmsetup resume --noudevsync c
	equal "objects of a new table" "$(of c objects)" 0
	raw --gen 2 check /dev/mapper/c 0 1000
	raw write /dev/mapper/c 4000 4000
	raw check /dev/mapper/c 1000 7000
	fails rmmod dm_zcache 2>/dev/null
}

# disturb - drops, suspends and limits a cache, until killed.
disturb()
{
	while :; do
		dmsetup message c 0 drop
		sleep 0.3
		dmsetup suspend --noudevsync c && dmsetup resume --noudevsync c
		dmsetup message c 0 mem_limit 1
		sleep 0.3
		dmsetup message c 0 mem_limit 4
		sleep 0.3
	done
}

# stress OPERATIONS - see zcache_stress.c.
stress()
{
	disturb &
	background+=($!)
	"$here/zcache_stress" /dev/mapper/c "$1" "$RANDOM" || fail "the cache is not coherent"
	echo "hits $(of c hits) fills $(of c fills) lost $(of c lost) invalidated $(of c invalidated)"
	between "hits" "$(of c hits)" 100 100000000
	between "fills" "$(of c fills)" 100 100000000
}

test_stress()
{
	begin
	cache c "$disk" 4 2 admit all
	stress "${OPERATIONS-350000}"
}

# The same while the disk fails every other second.
test_stress_on_a_failing_disk()
{
	begin
	modprobe dm_flakey
	dmsetup create --noudevsync f --table "0 $disk_sectors flakey $disk 0 3 1"
	dmsetup mknodes f
	cache c /dev/mapper/f 4 2 admit all
	stress $((${OPERATIONS-350000} / 2))
}

# Readers that must not wait (RWF_NOWAIT) find what is cached.
test_nowait()
{
	begin
	cache c "$disk" 16 2 admit all
	raw --kind text write /dev/mapper/c 0 1000
	raw --kind text check /dev/mapper/c 0 1000
	fio --name=nowait --filename=/dev/mapper/c --size=4000k --rw=randread --bs=4k --direct=1 \
		--ioengine=io_uring --nowait=1 --iodepth=8 --thread --output-format=terse \
		>"$scratch/fio" || fail "fio: $(<"$scratch/fio")"
	between "hits" "$(of c hits)" 500 3000
}

# unanswered WORD... - a message that must be refused.
unanswered()
{
	fails dmsetup message c 0 "$@" 2>/dev/null
}

test_messages()
{
	begin
	cache c "$disk" 4
	unanswered
	unanswered nonsense
	unanswered drop now
	unanswered mem_limit
	unanswered mem_limit 0
	unanswered mem_limit 5
	unanswered mem_limit some
	unanswered mem_limit 1 2
	unanswered admit some
	dmsetup message c 0 mem_limit 2
	equal "limit" "$(of c limit)" $((2 << 20))
	dmsetup message c 0 mem_limit 4
	equal "limit" "$(of c limit)" $((4 << 20))
	dmsetup message c 0 admit all
	matches "table" "$(dmsetup table c)" '.* admit all .*'
	raw write /dev/mapper/c 0 100
	raw check /dev/mapper/c 0 100
	dmsetup message c 0 clear_stats
	equal "misses" "$(of c misses)" 0
}

# What fills with one value takes no room in the pool.
test_same_filled()
{
	begin
	cache c "$disk" 4 2 admit all
	dd if=/dev/zero of=/dev/mapper/c bs=1M count=8 oflag=direct status=none
	dd if=/dev/mapper/c of=/dev/null bs=64k count=128 iflag=direct status=none
	dd if=/dev/mapper/c of="$scratch/zeroes" bs=64k count=128 iflag=direct status=none
	between "hits" "$(of c hits)" 200 4096
	equal "objects" "$(of c objects)" 0
	cmp "$scratch/zeroes" <(head -c 8M /dev/zero)
}
