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

# Whoever reads a page pays for the read of its block.
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
