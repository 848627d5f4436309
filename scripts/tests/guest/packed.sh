# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of lib.sh
#
# packed.sh - pages on the backing device one behind the other: writeback_packed.

# What makes backing devices.
# shellcheck source=scripts/tests/guest/lib_backing.sh
. "$here/lib_backing.sh"

# with_packed DEVICE SIZE - as with_backing, with a packed log.
with_packed()
{
	mountpoint -q /sys/kernel/debug || mount -t debugfs none /sys/kernel/debug
	load
	accepts $sys/backing_dev "$1"
	accepts $sys/writeback_packed 1
	set_up 0 lz4 "$2"
}

# log_stat FIELD - of writeback_log.
log_stat()
{
	local pages bytes page_bytes written moved cleaned bad

	# shellcheck disable=SC2034 # by name
	read -r pages bytes page_bytes written moved cleaned bad <$sys/writeback_log
	echo "${!1}"
}

write_all_back()
{
	accepts $sys/idle all
	accepts $sys/writeback idle
}

test_knobs()
{
	loop_device 7M
	load
	equal writeback_packed "$(<$sys/writeback_packed)" 0
	equal writeback_recompress "$(<$sys/writeback_recompress)" 0
	equal writeback_log "$(<$sys/writeback_log)" '0 0 0 0 0 0 0'
	rejects_all $sys/writeback_packed EINVAL $sys/writeback_packed junk 7
	accepts $sys/writeback_packed 1
	accepts $sys/backing_dev "$loop"
	rejects EINVAL $sys/disksize 4M
	# Another layout, and the same backing device.
	accepts $sys/writeback_packed 0
	accepts $sys/disksize 4M
	rejects EBUSY $sys/writeback_packed 1
	raw --kind random write /dev/zram0 0 100
	accepts $sys/writeback huge
	raw --kind random check /dev/zram0 0 100
	unload
	losetup -d "$loop"
}

# Pages of all kinds go there and come back, in less than a block each.
test_there_and_back()
{
	loop_device 64M
	with_packed "$loop" 64M
	raw --kind text --block 16 write /dev/zram0 0 3000
	raw --kind random --block 16 write /dev/zram0 3000 500
	write_all_back
	equal "pages on the disk" "$(log_stat pages)" 3500
	equal "bytes left in memory" "$(stat_of 0 compressed)" 0
	between "bytes written" "$(log_stat written)" "$(log_stat page_bytes)" \
		$(($(log_stat page_bytes) * 108 / 100))
	between "units written" "$(bd_stat writes)" 1 $((3500 * 8 * page_size / 4096 / 10))
	raw --kind text --block 16 check /dev/zram0 0 3000
	raw --kind random --shuffle check /dev/zram0 3000 500
	# Neighbours share reads.
	between "units read" "$(bd_stat reads)" 1 $(($(bd_stat writes) * 3 / 2))
	raw --kind text --gen 2 --block 16 write /dev/zram0 0 3000
	equal "pages on the disk" "$(log_stat pages)" 500
	raw --kind text --gen 2 --block 16 check /dev/zram0 0 3000
	blkdiscard /dev/zram0
	equal "pages on the disk" "$(log_stat pages)" 0
	equal "bytes on the disk" "$(log_stat bytes)" 0
	unload
	losetup -d "$loop"
}

# disk_wrote - writes that the disk was asked for, and sectors that it wrote.
disk_wrote()
{
	awk '{ print $5 + $6, $7 }' "/sys/block/${loop#/dev/}/stat"
}

# What the disk itself counts, with real pages, beside a block for each page.
test_less_written()
{
	local layout writes_before sectors_before
	local writes=() sectors=()

	loop_device 64M
	for layout in 0 1; do
		load
		accepts $sys/backing_dev "$loop"
		accepts $sys/writeback_packed $layout
		accepts $sys/compressed_writeback 1
		set_up 0 zstd 64M
		dd if="$corpus" of=/dev/zram0 bs=64k count=512 oflag=direct status=none
		read -r writes_before sectors_before < <(disk_wrote)
		write_all_back
		read -r "writes[layout]" "sectors[layout]" < <(disk_wrote)
		((writes[layout] -= writes_before, sectors[layout] -= sectors_before)) || true
		dd if=/dev/zram0 bs=64k count=512 iflag=direct status=none |
			cmp -n $((512 << 16)) - "$corpus"
		unload
	done
	losetup -d "$loop"
	echo "a block a page: ${writes[0]} writes, ${sectors[0]} sectors;" \
		"packed: ${writes[1]} writes, ${sectors[1]} sectors"
	between "packed writes" "${writes[1]}" 1 $((writes[0] / 50))
	between "packed sectors" "${sectors[1]}" 1 $((sectors[0] * 40 / 100))
}

# disk_read - reads that the disk was asked for.
disk_read()
{
	awk '{ print $1 }' "/sys/block/${loop#/dev/}/stat"
}

# The blocks of pages that one bio wants are read at once.
test_read_together()
{
	local reads i before

	loop_device 64M
	with_packed "$loop" 64M
	raw --kind text --block 64 write /dev/zram0 0 4096
	write_all_back
	before=$(disk_read)
	for ((i = 0; i < 64; i++)); do
		dd if=/dev/zram0 bs=$((8 * page_size)) skip=$((i * 8)) count=1 iflag=direct \
			of="$scratch/eight" status=none
	done
	reads=$(($(disk_read) - before))
	echo "$reads reads of the disk for 64 times eight pages"
	between "reads for 64 times eight pages" $reads 64 80
	before=$(disk_read)
	dd if=/dev/zram0 bs=$((1024 * page_size)) skip=3 count=1 iflag=direct of="$scratch/many" status=none
	reads=$(($(disk_read) - before))
	echo "$reads reads of the disk for 1024 pages"
	between "reads for 1024 pages" $reads 1 80
	raw --kind text --block 64 check /dev/zram0 0 4096
	unload
	losetup -d "$loop"
}

# Room is found by cleaning, and little is written for that.
test_churn()
{
	local round first written moved

	loop_device 16M
	with_packed "$loop" 64M
	raw --kind random --block 16 write /dev/zram0 0 2000
	write_all_back
	for ((round = 2; round <= 12; round++)); do
		for ((first = round % 3 * 100; first < 2000; first += 300)); do
			raw --kind random --gen $round --block 16 write /dev/zram0 $first 100
		done
		write_all_back
	done
	written=$(log_stat written)
	moved=$(log_stat moved)
	((0 < $(log_stat cleaned))) || fail "nothing was cleaned"
	between "bytes moved" "$moved" 0 $((written * 3 / 2))
	equal "segments that failed" "$(log_stat bad)" 0
	for ((first = 0; first < 2000; first += 100)); do
		# The last round in which it was written.
		for ((round = 12; round > 1; round--)); do
			((first % 300 != round % 3 * 100)) || break
		done
		raw --kind random --gen $round --block 16 check /dev/zram0 $first 100
	done
	unload
	losetup -d "$loop"
}

# Full is an error of the write-back, and pages stay.
test_full()
{
	loop_device 10M
	with_packed "$loop" 64M
	raw --kind random --block 16 write /dev/zram0 0 4000
	accepts $sys/idle all
	rejects ENOSPC $sys/writeback idle
	((1000 < $(log_stat pages))) || fail "only $(log_stat pages) pages were written"
	raw --kind random --block 16 check /dev/zram0 0 4000
	blkdiscard -o 0 -l $((1000 * page_size)) /dev/zram0
	# Reading them took the marks away.
	accepts $sys/idle all
	rejects ENOSPC $sys/writeback idle
	raw --kind random --block 16 check /dev/zram0 1000 3000
	unload
	losetup -d "$loop"
}

# Old pages leave by themselves, in a smaller form than they had in memory.
test_by_itself()
{
	local plain

	loop_device 64M
	mountpoint -q /sys/kernel/debug || mount -t debugfs none /sys/kernel/debug
	load
	accepts $sys/backing_dev "$loop"
	accepts $sys/writeback_packed 1
	accepts $sys/recomp_algorithm 'algo=zstd priority=1'
	accepts $sys/writeback_auto 1
	accepts $sys/mem_limit 6M
	set_up 0 lz4 64M
	raw --kind text --block 4 write /dev/zram0 0 8000
	equal "failed writes" "$(failed_writes)" 0
	plain=$(($(log_stat bytes) / $(log_stat pages)))
	raw --kind text --block 16 check /dev/zram0 0 8000
	accepts $sys/writeback_recompress 1
	blkdiscard /dev/zram0
	raw --kind text --block 4 --gen 2 write /dev/zram0 0 8000
	between "bytes a page, compressed anew" $(($(log_stat bytes) / $(log_stat pages))) 1 \
		$((plain * 95 / 100))
	raw --kind text --gen 2 --block 16 check /dev/zram0 0 8000
	unload
	losetup -d "$loop"
}

test_budget()
{
	loop_device 64M
	with_packed "$loop" 64M
	accepts $sys/mem_limit 4M
	accepts $sys/writeback_daily 2M
	accepts $sys/writeback_auto 1
	fails raw --kind random --stop --block 4 write /dev/zram0 0 4000
	between "units written" "$(bd_stat writes)" 480 512
	[[ $(<$sys/writeback_state) == spent ]] || fail "the state is $(<$sys/writeback_state)"
	unload
	losetup -d "$loop"
}

# A segment that cannot be written is not used again, and nothing is lost.
test_failing_device()
{
	null_device 32
	with_packed "$nullb" 32M
	echo +4000-4007 >$null/badblocks
	raw --kind random --block 16 write /dev/zram0 0 2000
	rejects EIO $sys/writeback huge
	equal "segments that failed" "$(log_stat bad)" 1
	raw --kind random --block 16 check /dev/zram0 0 2000
	# What stayed goes to others.
	accepts $sys/writeback huge
	equal "pages on the disk" "$(log_stat pages)" 2000
	raw --kind random --block 16 check /dev/zram0 0 2000
	unload
}

# A disk that has something else than was written: an error, and never other data.
test_lying_disk()
{
	local out

	loop_device 16M
	with_packed "$loop" 32M
	raw --kind random --block 16 write /dev/zram0 0 1000
	write_all_back
	dd if=/dev/urandom of="$scratch/backing" bs=1M seek=2 count=1 conv=notrunc status=none
	sync
	echo 3 >/proc/sys/vm/drop_caches
	out=$("$here/rawio" --kind random check /dev/zram0 0 1000) || true
	echo "$out"
	matches "reading what was spoilt" "${out##*$'\n'}" \
		'checked=1000 bad=([0-9]+) lost=0 stale=0 misplaced=0 corrupt=0 unreadable=[1-9][0-9]+'
	# It is neither moved nor written to, and the rest is as it was.
	raw --kind random --gen 2 --block 16 write /dev/zram0 300 400
	write_all_back
	raw --kind random --gen 2 --block 16 check /dev/zram0 300 400
	unload
	losetup -d "$loop"
}

# Reset and removal with writes in flight on a slow device.
test_stopped()
{
	null_device 64 irqmode=2 completion_nsec=20000000
	with_packed "$nullb" 64M
	accepts $sys/mem_limit 4M
	accepts $sys/writeback_auto 1
	raw --kind random --block 4 write /dev/zram0 0 1500 >/dev/null || true
	eventually 5 reset_device 0
	equal "writeback_packed after reset" "$(<$sys/writeback_packed)" 0
	unload
}

test_swap()
{
	loop_device 64M
	with_packed "$loop" 64M
	accepts $sys/mem_limit 4M
	accepts $sys/writeback_auto 1
	swaps log_stat pages
	losetup -d "$loop"
}

# Pages are written and read in any order while the worker writes the oldest and cleans, and
# dense forms are made of them meanwhile. Each part of the device has a generation of its
# own, so that a page that is older than it should be is told apart. A part is less than what
# a segment of the log holds, so that segments empty by and by. Counts what it does; each page
# is read at last.
test_operations()
{
	local wanted=${OPERATIONS-20000} parts=20 part_pages=200 count part
	local gens=()

	loop_device 10M
	load
	accepts $sys/backing_dev "$loop"
	accepts $sys/writeback_packed 1
	accepts $sys/recomp_algorithm 'algo=w64hc priority=1'
	accepts $sys/writeback_auto 1
	accepts $sys/writeback_recompress 1
	accepts $sys/mem_limit $((page_size * parts * part_pages / 6))
	set_up 0 lz4 $((page_size * parts * part_pages))
	raw --block 16 write /dev/zram0 0 $((parts * part_pages))
	for ((part = 0; part < parts; part++)); do
		gens[part]=1
	done
	for ((count = parts * part_pages; count < wanted; count += 2 * part_pages)); do
		part=$((RANDOM % parts))
		gens[part]=$((gens[part] % 200 + 1))
		raw --gen "${gens[part]}" --block $((1 + RANDOM % 64)) --vary --shuffle write \
			/dev/zram0 $((part * part_pages)) $part_pages
		part=$((RANDOM % parts))
		raw --gen "${gens[part]}" --block $((1 + RANDOM % 64)) --vary --shuffle check \
			/dev/zram0 $((part * part_pages)) $part_pages
	done
	for ((part = 0; part < parts; part++)); do
		raw --gen "${gens[part]}" --block 16 check /dev/zram0 $((part * part_pages)) $part_pages
	done
	echo "$count operations; bd_stat $(<$sys/bd_stat); writeback_log $(<$sys/writeback_log)"
	equal "failed writes" "$(failed_writes)" 0
	between "pages written back" "$(bd_stat writes)" 100 1000000000
	between "segments cleaned" "$(log_stat cleaned)" 1 1000000000
	unload
	losetup -d "$loop"
}
