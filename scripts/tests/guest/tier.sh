# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of lib.sh
#
# tier.sh - what leaves memory: which blocks of the backing device it goes to, what a read
# of it costs, and what long work keeps others from.

# shellcheck source=scripts/tests/guest/lib_backing.sh
. "$here/lib_backing.sh"

# late_writeback TYPE - writes pages of a type to a device that ends its writes three
# seconds late, in the background; returns when all are in flight. Sets worker.
late_writeback()
{
	write_knob $sys/writeback "$1" >"$scratch/answer" &
	worker=$!
	background+=("$worker")
	eventually 10 has_blocks $((20 * page_size / 4096))
}

# A page that is read while it is being written is in use, and stays in memory.
test_read_cancels()
{
	null_device 16 irqmode=2 completion_nsec=3000000000
	with_backing "$nullb" 16M
	raw --kind random --block 16 write /dev/zram0 0 20
	late_writeback huge
	raw --kind random check /dev/zram0 5 3
	wait "$worker"
	equal "the answer" "$(<"$scratch/answer")" ok
	equal "pages written back" "$(written_back)" 17
	equal "blocks in use" "$(bd_stat count)" $((17 * page_size / 4096))
	equal "marks of pages that are left" "$(awk '$3 !~ /^.w/ { print $3 }' $block_state | sort -u)" ..h...
	raw --kind random --block 16 check /dev/zram0 0 20
	# Nothing else has kept them.
	accepts $sys/writeback huge
	equal "pages written back" "$(written_back)" 20
	raw --kind random --block 16 check /dev/zram0 0 20
	unload
}

# A write that fails leaves a page without a mark that it did not have.
test_failed_marks()
{
	null_device 16 badblocks=+80-87
	with_backing "$nullb" 16M
	accepts $sys/writeback_batch_size 1
	raw --kind random --block 16 write /dev/zram0 0 20
	rejects EIO $sys/writeback huge
	equal "pages written back" "$(written_back)" 19
	equal "marks of the page that is left" "$(awk '$3 !~ /^.w/ { print $3 }' $block_state)" ..h...
	unload
}

# The task that reads a page pays for the read of its block.
test_charged()
{
	local groups=/tmp/cgroup bytes dev

	mkdir -p $groups
	mount -t cgroup2 none $groups
	grep -qw io $groups/cgroup.controllers || skip "no io controller"
	echo +io >$groups/cgroup.subtree_control
	mkdir -p $groups/reader
	null_device 64
	with_backing "$nullb" 16M
	raw --kind random --block 16 write /dev/zram0 0 64
	raw --kind text --block 16 write /dev/zram0 64 64
	accepts $sys/writeback page_indexes=0-127
	drop_caches
	bash -c "echo \$\$ >$groups/reader/cgroup.procs
		exec $here/rawio --kind random --block 16 check /dev/zram0 0 64"
	bash -c "echo \$\$ >$groups/reader/cgroup.procs
		exec $here/rawio --kind text --block 16 --misalign 512 check /dev/zram0 64 64"
	dev=$(<"/sys/block/${nullb#/dev/}/dev")
	bytes=$(awk -v dev="$dev" '$1 == dev { sub(".*rbytes=", ""); print $1 }' $groups/reader/io.stat)
	equal "bytes read for the reader's group" "$bytes" $((128 * page_size))
	rmdir $groups/reader
	umount $groups
	unload
}

# Pages that were written back compressed are read all at once. The device takes 100 ms
# for a read, whatever else it does.
test_together()
{
	local start elapsed

	null_device 64 irqmode=2 completion_nsec=100000000
	mountpoint -q /sys/kernel/debug || mount -t debugfs none /sys/kernel/debug
	load
	accepts $sys/backing_dev "$nullb"
	accepts $sys/compressed_writeback 1
	set_up 0 lz4 16M
	raw --kind text --block 64 write /dev/zram0 0 64
	accepts $sys/writeback page_indexes=0-63
	equal "pages written back" "$(written_back)" 64
	start=${EPOCHREALTIME/./}
	raw --kind text --block 64 check /dev/zram0 0 64
	elapsed=$((${EPOCHREALTIME/./} - start))
	# A quarter of what it takes to read one after the other.
	between "microseconds for 64 pages" "$elapsed" 1 $((64 * 100000 / 4))
	raw --kind text --block 16 --misalign 512 check /dev/zram0 0 16
	unload
}

# An error of one block, or a block that does not decompress, fails its bio and no other.
test_bad_compressed()
{
	local out

	null_device 16
	load
	accepts $sys/backing_dev "$nullb"
	accepts $sys/compressed_writeback 1
	set_up 0 lz4 16M
	raw --kind text --block 16 write /dev/zram0 0 64
	accepts $sys/writeback page_indexes=0-63
	echo +160-167 >$null/badblocks
	out=$("$here/rawio" --kind text --block 16 check /dev/zram0 0 64) || true
	echo "$out"
	matches "reading a bad block" "${out##*$'\n'}" \
		'checked=64 bad=[0-9]+ lost=0 stale=0 misplaced=0 corrupt=0 unreadable=[0-9]+'
	out=$("$here/rawio" --kind text check /dev/zram0 0 64) || true
	matches "reading page by page" "${out##*$'\n'}" \
		'checked=64 bad=1 lost=0 stale=0 misplaced=0 corrupt=0 unreadable=1'
	unload
}

# allocated - KiB of the file behind the loop device that hold something.
allocated()
{
	du -k "$scratch/backing" | cut -f1
}

# Blocks that were freed are used again before others, so that a sparse file stays small.
test_reuse()
{
	local gen

	loop_device 64M
	with_backing "$loop" 16M
	for gen in 1 2 3 4 5 6; do
		raw --kind random --gen $gen --block 16 write /dev/zram0 0 200
		accepts $sys/writeback huge
		equal "pages written back" "$(written_back)" 200
		# Freed blocks are gathered for a second.
		sleep 1.5
	done
	raw --kind random --gen 6 --block 16 check /dev/zram0 0 200
	between "KiB of the file" "$(allocated)" $((200 * page_size / 1024)) $((500 * page_size / 1024))
	unload
	losetup -d "$loop"
}

# A full device finds what was just freed; a reader that is late does not lose its block.
test_reuse_under_readers()
{
	local reader gen

	null_device 4
	with_backing "$nullb" 16M
	raw --kind text --block 16 write /dev/zram0 2000 200
	accepts $sys/writeback page_indexes=2000-2199
	while [[ ! -e $scratch/enough ]]; do
		"$here/rawio" --kind text --block 16 --shuffle check /dev/zram0 2000 200 || exit
	done >"$scratch/reader" 2>&1 &
	reader=$!
	background+=("$reader")
	for gen in 1 2 3 4 5 6 7 8; do
		raw --kind random --gen $gen --block 16 write /dev/zram0 0 $((4194304 / page_size - 201))
		accepts $sys/writeback huge
		equal "blocks in use" "$(bd_stat count)" $(((4194304 / page_size - 1) * page_size / 4096))
	done
	raw --kind random --gen 8 --block 16 check /dev/zram0 0 $((4194304 / page_size - 201))
	: >"$scratch/enough"
	wait "$reader" || fail "the reader: $(tail -n 3 "$scratch/reader")"
	unload
}

# The first block says what the device is; no page comes where a probe looks first.
test_first_block()
{
	loop_device 8M
	mke2fs -q -t ext2 -b 4096 "$loop"
	dd if="$loop" of="$scratch/superblock" bs=64k count=1 status=none
	wipefs --all --quiet "$loop"
	with_backing "$loop" 4M
	dd if="$scratch/superblock" of=/dev/zram0 bs=64k oflag=direct conv=notrunc status=none
	accepts $sys/writeback "page_indexes=0-$((65536 / page_size - 1))"
	((0 < $(written_back))) || fail "nothing was written back"
	reset_device 0
	equal "signatures on the device" "$(wipefs "$loop")" ''
	matches "the first block" "$(head -c 64 "$scratch/backing" | tr -d '\0')" 'zram: .*'
	unload
	losetup -d "$loop"
}

# content - bytes of the backing device that are not zero.
content()
{
	dd if="$nullb" bs=1M iflag=direct status=none | tr -d '\0' | wc -c
}

# What was written stays, or is discarded if the user says so.
test_discard_at_reset()
{
	null_device 16 discard=1
	with_backing "$nullb" 16M
	raw --kind random --block 16 write /dev/zram0 0 100
	accepts $sys/writeback huge
	reset_device 0
	((100 * page_size / 2 < $(content))) || fail "a reset discards what it was not told to"
	accepts $sys/backing_dev "$nullb"
	accepts $sys/backing_discard 1
	set_up 0 lz4 16M
	raw --kind random --block 16 write /dev/zram0 0 100
	accepts $sys/writeback huge
	reset_device 0
	equal "bytes on the device after a reset" "$(content)" 0
	equal "backing_discard after a reset" "$(<$sys/backing_discard)" 0
	unload
}

# Statistics and settings do not wait for pages that are being written, nor does a reset of
# one device keep another from being removed.
test_others_go_on()
{
	local other remover

	null_device 16 irqmode=2 completion_nsec=3000000000
	with_backing "$nullb" 16M
	other=$(add_device)
	raw --kind random --block 16 write /dev/zram0 0 20
	late_writeback huge
	accepts $sys/compact_waste 5
	equal "huge pages" "$(stat_of 0 huge)" 20
	kill -0 "$worker" || fail "write-back has ended before the statistics were read"
	remove_device 0 &
	remover=$!
	background+=("$remover")
	sleep 0.5
	remove_device "$other"
	kill -0 "$remover" || fail "the first device is gone before the second"
	other=$(add_device)
	[[ $other != 0 ]] || fail "the number of a device was given out before it was gone"
	wait "$remover" || fail "the device was not removed"
	wait "$worker" || true
	matches "the answer" "$(<"$scratch/answer")" 'ok|ECANCELED'
	[[ ! -e $sys ]] || fail "the device is there"
	unload
}

# A reset ends a pass that has begun, and does not wait until it is through.
test_reset_stops()
{
	# Ten milliseconds for each of 2000 pages, one at a time.
	null_device 64 irqmode=2 completion_nsec=10000000
	with_backing "$nullb" 16M
	accepts $sys/writeback_batch_size 1
	raw --kind random --block 64 write /dev/zram0 0 2000
	write_knob $sys/writeback huge >"$scratch/answer" &
	worker=$!
	background+=("$worker")
	eventually 10 has_blocks 20
	reset_device 0
	wait "$worker" || true
	equal "the answer" "$(<"$scratch/answer")" ECANCELED
	equal initstate "$(<$sys/initstate)" 0
	# The next pass runs.
	set_up 0 lz4 16M
	accepts $sys/idle all
	unload
}

# Pages that are named in any order are written at once, not one after the other; only one
# that is named twice waits for itself.
test_any_order()
{
	local worker i args=()

	null_device 16 irqmode=2 completion_nsec=3000000000
	with_backing "$nullb" 16M
	raw --kind random --block 16 write /dev/zram0 0 24
	for ((i = 23; i >= 0; i--)); do
		args+=("page_index=$i")
	done
	write_knob $sys/writeback "${args[*]}" >"$scratch/answer" &
	worker=$!
	background+=("$worker")
	eventually 10 has_blocks 24
	wait "$worker"
	equal "the answer" "$(<"$scratch/answer")" ok
	equal "pages written back" "$(written_back)" 24
	raw --kind random --gen 2 --block 16 write /dev/zram0 0 4
	accepts $sys/writeback 'page_index=2 page_index=1 page_index=2 page_index=1'
	equal "pages written back" "$(written_back)" 22
	raw --kind random --gen 2 --block 4 check /dev/zram0 0 4
	raw --kind random --block 4 check /dev/zram0 4 20
	unload
}
