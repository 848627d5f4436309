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
