# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of lib.sh
#
# writeback.sh - pages on a backing device: the knobs, what is written and read back,
# and what goes wrong.

# shellcheck source=scripts/tests/guest/lib_backing.sh
. "$here/lib_backing.sh"

test_backing_dev()
{
	loop_device 8M
	load
	equal "backing_dev at first" "$(<$sys/backing_dev)" none
	equal "mode" "$(stat -c %a $sys/backing_dev)" 644
	rejects_all $sys/backing_dev ENOTBLK $sys/backing_dev /etc/passwd /dev/null /tmp
	rejects_all $sys/backing_dev ENOENT $sys/backing_dev /dev/nowhere junk
	# zram0 itself has no size yet.
	rejects_all $sys/backing_dev EINVAL $sys/backing_dev /dev/zram0
	accepts $sys/backing_dev "$loop"$'\n'
	equal backing_dev "$(<$sys/backing_dev)" "$loop"
	rejects_all $sys/backing_dev ENOENT $sys/backing_dev /dev/nowhere
	accepts $sys/backing_dev "$loop"
	# What is read back leads to the device without links.
	ln -s "$loop" "$scratch/link"
	accepts $sys/backing_dev "$scratch/link"
	equal backing_dev "$(<$sys/backing_dev)" "$loop"
	rejects_all $sys/backing_dev EINVAL $sys/backing_dev $'\n'
	# Blocks larger than a page, where the kernel has such.
	accepts $sys/reset 1
	losetup -d "$loop"
	loop=$(losetup --sector-size $((2 * page_size)) --find --show "$scratch/backing" || true)
	if [[ -n $loop ]]; then
		(($(<"/sys/block/${loop#/dev/}/queue/logical_block_size") <= page_size)) ||
			rejects EINVAL $sys/backing_dev "$loop"
		losetup -d "$loop"
	fi
	loop=$(losetup --find --show "$scratch/backing")
	accepts $sys/backing_dev "$loop"
	# It is ours alone.
	id=$(add_device)
	rejects EBUSY "/sys/block/zram$id/backing_dev" "$loop"
	set_up 0 lz4 4M
	rejects_all $sys/backing_dev EBUSY $sys/backing_dev "$loop" /dev/nowhere
	reset_device 0
	equal "backing_dev after reset" "$(<$sys/backing_dev)" none
	accepts "/sys/block/zram$id/backing_dev" "$loop"
	remove_device "$id"
	accepts $sys/backing_dev "$loop"
	unload
	losetup -d "$loop"
}

test_settings()
{
	load
	equal "writeback_limit_enable" "$(<$sys/writeback_limit_enable)" 0
	rejects_all $sys/writeback_limit_enable EINVAL $sys/writeback_limit_enable junk -1
	accepts $sys/writeback_limit_enable 18446744073709551615
	equal "writeback_limit_enable" "$(<$sys/writeback_limit_enable)" 1
	accepts $sys/writeback_limit_enable 0
	equal "writeback_limit_enable" "$(<$sys/writeback_limit_enable)" 0
	accepts $sys/writeback_limit_enable 2
	equal "writeback_limit_enable" "$(<$sys/writeback_limit_enable)" 1
	equal "writeback_limit" "$(<$sys/writeback_limit)" 0
	accepts $sys/writeback_limit 123456789012
	rejects_all $sys/writeback_limit EINVAL $sys/writeback_limit junk -1 99999999999999999999999
	equal "writeback_limit" "$(<$sys/writeback_limit)" 123456789012
	equal "writeback_batch_size" "$(<$sys/writeback_batch_size)" 32
	accepts $sys/writeback_batch_size $'7\n'
	rejects_all $sys/writeback_batch_size EINVAL $sys/writeback_batch_size 0 -1 junk 4294967296
	equal "writeback_batch_size" "$(<$sys/writeback_batch_size)" 7
	equal "compressed_writeback" "$(<$sys/compressed_writeback)" 0
	accepts $sys/compressed_writeback 1
	rejects_all $sys/compressed_writeback EINVAL $sys/compressed_writeback junk 7
	equal "compressed_writeback" "$(<$sys/compressed_writeback)" 1
	# Its former name is the same knob.
	equal "writeback_compressed" "$(<$sys/writeback_compressed)" 1
	accepts $sys/writeback_compressed 0
	equal "compressed_writeback" "$(<$sys/compressed_writeback)" 0
	matches bd_stat "$(<$sys/bd_stat)" '( +0){3}'
	rejects EINVAL $sys/writeback huge
	set_up 0 lz4 4M
	rejects ENODEV $sys/writeback huge
	rejects_all $sys/compressed_writeback EBUSY $sys/compressed_writeback 0 1
	rejects_all $sys/compressed_writeback EBUSY $sys/writeback_compressed 0 1
	unload
}

test_knob()
{
	loop_device $((4096 * page_size))
	with_backing "$loop" $((4096 * page_size))
	raw --kind text write /dev/zram0 0 64
	raw --kind random write /dev/zram0 64 64
	rejects_all $sys/bd_stat EINVAL $sys/writeback $'\n' junk type type= type=junk page_index page_index= \
		page_index=x page_index=-1 page_indexes=1 page_indexes=1- page_indexes=-5 page_indexes=a-b \
		'huge junk' 'page_index=1 page_index=x' 'type=huge page_index=1 junk=2'
	rejects_all $sys/bd_stat ERANGE $sys/writeback page_index=4096 page_index=99999999999 \
		page_indexes=0-4096 page_indexes=5-4 'page_index=1 page_index=4096'
	accepts $sys/writeback page_index=3
	matches bd_stat "$(<$sys/bd_stat)" ' +1 +0 +1'
	accepts $sys/writeback $'page_index=3 page_index=5 page_index=4 page_index=5\n'
	matches bd_stat "$(<$sys/bd_stat)" ' +3 +0 +3'
	accepts $sys/writeback page_indexes=0-9
	matches bd_stat "$(<$sys/bd_stat)" ' +10 +0 +10'
	accepts $sys/writeback page_indexes=1000-4095
	matches bd_stat "$(<$sys/bd_stat)" ' +10 +0 +10'
	accepts $sys/writeback huge
	matches bd_stat "$(<$sys/bd_stat)" ' +74 +0 +74'
	accepts $sys/writeback type=huge
	accepts $sys/idle all
	raw --kind text check /dev/zram0 0 20
	matches bd_stat "$(<$sys/bd_stat)" ' +74 +10 +74'
	accepts $sys/writeback huge_idle
	accepts $sys/writeback type=incompressible
	equal "pages written back" "$(bd_stat writes)" 74
	accepts $sys/writeback 'type=idle page_indexes=10-19'
	equal "pages written back" "$(bd_stat writes)" 128
	equal "pages written back, by block_state" "$(written_back)" 128
	equal "bytes left in memory" "$(stat_of 0 compressed)" 0
	equal orig_data_size "$(stat_of 0 orig)" $((128 * page_size))
	equal "huge pages" "$(stat_of 0 huge)" 0
	raw --kind text --block 16 check /dev/zram0 0 64
	raw --kind random --block 7 check /dev/zram0 64 64
	raw --kind random --block 16 --misalign 512 check /dev/zram0 64 64
	raw --kind text --block 8 --buffered check /dev/zram0 0 64
	unload
	losetup -d "$loop"
}

test_budget()
{
	loop_device 16M
	with_backing "$loop" 16M
	raw --kind random --block 16 write /dev/zram0 0 100
	accepts $sys/writeback_limit_enable 1
	rejects EIO $sys/writeback huge
	equal "pages written back" "$(bd_stat writes)" 0
	accepts $sys/writeback_limit $((30 * page_size / 4096))
	rejects EIO $sys/writeback huge
	equal "pages written back" "$(bd_stat writes)" $((30 * page_size / 4096))
	equal "what is left of the budget" "$(<$sys/writeback_limit)" 0
	accepts $sys/writeback_limit $((70 * page_size / 4096))
	accepts $sys/writeback huge
	equal "what is left of the budget" "$(<$sys/writeback_limit)" 0
	accepts $sys/writeback huge
	accepts $sys/writeback_limit_enable 0
	raw --kind random --gen 2 --block 16 write /dev/zram0 0 100
	accepts $sys/writeback huge
	equal "pages written back" "$(bd_stat writes)" $((200 * page_size / 4096))
	raw --kind random --gen 2 --block 16 check /dev/zram0 0 100
	unload
	losetup -d "$loop"
}

# With a budget what takes most memory is written first.
test_largest_first()
{
	local before

	loop_device 16M
	with_backing "$loop" 16M
	raw --kind text --block 16 write /dev/zram0 0 1000
	raw --kind random --block 16 write /dev/zram0 1000 50
	before=$(stat_of 0 compressed)
	accepts $sys/writeback_limit_enable 1
	# Some seventy pages of text are as large as the random ones to an eighth of a page.
	accepts $sys/writeback_limit $((150 * page_size / 4096))
	rejects EIO $sys/writeback page_indexes=0-2000
	equal "random pages written back" "$(awk '$1 >= 1000 && $3 ~ /^.w/ { n++ } END { print n + 0 }' $block_state)" 50
	between "bytes left in memory" "$(stat_of 0 compressed)" 1 $((before - 100 * page_size * 7 / 8))
	raw --kind text --block 16 check /dev/zram0 0 1000
	raw --kind random --block 16 check /dev/zram0 1000 50
	unload
	losetup -d "$loop"
}

# More pages than blocks; every block but the first is found again after its page has gone.
test_full()
{
	local round all=$(((1048576 / page_size - 1) * page_size / 4096))

	loop_device 1M
	with_backing "$loop" 16M
	for round in 1 2 3; do
		raw --kind random --gen $round --block 16 write /dev/zram0 0 300
		rejects ENOSPC $sys/writeback huge
		equal "blocks in use" "$(bd_stat count)" $all
		equal "pages written back, by block_state" "$(written_back)" $((1048576 / page_size - 1))
		raw --kind random --gen $round --block 16 check /dev/zram0 0 300
	done
	blkdiscard -o $((10 * page_size)) -l $((20 * page_size)) /dev/zram0
	equal "blocks in use" "$(bd_stat count)" $((all - 20))
	rejects ENOSPC $sys/writeback type=huge
	equal "blocks in use" "$(bd_stat count)" $all
	raw --kind zero check /dev/zram0 10 20
	raw --kind random --gen 3 --block 16 check /dev/zram0 30 270
	blkdiscard /dev/zram0
	equal "blocks in use" "$(bd_stat count)" 0
	unload
	losetup -d "$loop"
}

# What was compressed is written and read back as it is, whichever algorithm it was.
test_compressed()
{
	loop_device 16M
	mountpoint -q /sys/kernel/debug || mount -t debugfs none /sys/kernel/debug
	load
	accepts $sys/backing_dev "$loop"
	accepts $sys/compressed_writeback yes
	accepts $sys/recomp_algorithm 'algo=zstd priority=1'
	set_up 0 lz4 16M
	raw --kind text --block 16 write /dev/zram0 0 400
	raw --kind random --block 16 write /dev/zram0 400 50
	accepts $sys/writeback page_indexes=0-99
	accepts $sys/recompress $'\n'
	accepts $sys/idle all
	accepts $sys/writeback idle
	# What recompression did not leave idle is written by its number.
	accepts $sys/writeback page_indexes=0-449
	equal "pages written back" "$(written_back)" 450
	equal "bytes left in memory" "$(stat_of 0 compressed)" 0
	raw --kind text --block 16 check /dev/zram0 0 400
	raw --kind random --block 16 check /dev/zram0 400 50
	raw --kind text --block 16 --misalign 512 check /dev/zram0 0 400
	# The blocks hold less than pages: their ends are zeroes.
	[[ $(head -c $((page_size * 100)) "$scratch/backing" | gzip -1 | wc -c) -lt $((page_size * 90)) ]] ||
		fail "the blocks are full"
	raw --gen 2 --block 16 write /dev/zram0 0 450
	equal "blocks in use" "$(bd_stat count)" 0
	raw --gen 2 --block 16 check /dev/zram0 0 450
	unload
	losetup -d "$loop"
}

# Pages that no secondary algorithm makes smaller, and no others.
test_incompressible()
{
	loop_device 16M
	mountpoint -q /sys/kernel/debug || mount -t debugfs none /sys/kernel/debug
	load
	accepts $sys/backing_dev "$loop"
	accepts $sys/recomp_algorithm 'algo=zstd priority=1'
	set_up 0 lz4 16M
	raw --kind fill write /dev/zram0 0 10
	raw --kind random write /dev/zram0 10 20
	raw --kind text write /dev/zram0 30 100
	accepts $sys/writeback incompressible
	equal "pages written back" "$(bd_stat writes)" 0
	accepts $sys/recompress type=huge
	accepts $sys/writeback incompressible
	between "pages written back" "$(bd_stat writes)" 20 25
	equal "random pages written back" "$(awk '$1 >= 10 && $1 < 30 && $3 ~ /^.w/ { n++ } END { print n }' $block_state)" 20
	raw --kind random check /dev/zram0 10 20
	unload
	losetup -d "$loop"
}

# A device that is late: pages change and go while they are being written.
test_in_flight()
{
	local worker gen

	null_device 64 irqmode=2 completion_nsec=3000000
	with_backing "$nullb" 16M
	while :; do
		write_knob $sys/idle all
		write_knob $sys/writeback idle
	done >/dev/null &
	worker=$!
	background+=("$worker")
	for gen in 1 2 3 4 5; do
		raw --gen $gen --block 16 --vary --shuffle write /dev/zram0 0 1024
		raw --gen $gen --kind random --block 8 --shuffle write /dev/zram0 1024 256
		raw --gen $gen --kind random --block 4 --shuffle write /dev/zram0 1024 256
		blkdiscard -o $((gen * 100 * page_size)) -l $((50 * page_size)) /dev/zram0
		raw --kind zero check /dev/zram0 $((gen * 100)) 50
		raw --gen $gen --block 64 check /dev/zram0 650 374
		raw --gen $gen --kind random --block 16 check /dev/zram0 1024 256
	done
	kill "$worker"
	wait "$worker" || true
	((0 < $(bd_stat writes))) || fail "nothing was written back"
	equal "blocks in use" "$(bd_stat count)" "$(($(written_back) * page_size / 4096))"
	raw --gen 5 --block 64 check /dev/zram0 650 374
	raw --gen 5 --kind random --block 16 check /dev/zram0 1024 256
	blkdiscard /dev/zram0
	equal "blocks in use" "$(bd_stat count)" 0
	unload
}

# A block that cannot be written keeps its page in memory; one that cannot be read any
# more is an I/O error for its page, and for no other.
test_failing_device()
{
	local out

	null_device 16 badblocks=+80-87
	with_backing "$nullb" 16M
	# Writes that the block layer has made one fail together.
	accepts $sys/writeback_batch_size 1
	raw --kind random --block 16 write /dev/zram0 0 100
	accepts $sys/writeback_limit_enable 1
	accepts $sys/writeback_limit 1000
	rejects EIO $sys/writeback huge
	equal "pages written back" "$(written_back)" 99
	equal "blocks in use" "$(bd_stat count)" 99
	equal "what is left of the budget" "$(<$sys/writeback_limit)" 901
	raw --kind random --block 16 check /dev/zram0 0 100
	echo +160-167 >$null/badblocks
	out=$("$here/rawio" --kind random --block 16 check /dev/zram0 0 100) || true
	echo "$out"
	matches "reading a bad block" "${out##*$'\n'}" \
		'checked=100 bad=1 lost=0 stale=0 misplaced=0 corrupt=0 unreadable=1'
	((1 <= $(awk '{ print $1 }' $sys/io_stat))) || fail "io_stat counts no failed read"
	# Written anew the page is well.
	raw --kind random --gen 2 --block 16 write /dev/zram0 0 100
	raw --kind random --gen 2 --block 16 check /dev/zram0 0 100
	equal "blocks in use" "$(bd_stat count)" 0
	unload
}

# Reading the device through the page cache counts each of its sectors once.
test_counted_once()
{
	local before after

	loop_device 8M
	with_backing "$loop" 4M
	raw --kind random --block 64 write /dev/zram0 0 $((4194304 / page_size))
	accepts $sys/writeback huge
	drop_caches
	before=$(awk '{ print $3 }' $sys/stat)
	dd if=/dev/zram0 of=/dev/null bs=4k status=none
	after=$(awk '{ print $3 }' $sys/stat)
	equal "sectors read" $((after - before)) 8192
	unload
	losetup -d "$loop"
}

# A budget that is given while writes are in flight is what it was said to be, though one
# of them fails.
test_late_budget()
{
	local worker

	null_device 16 badblocks=+80-87 irqmode=2 completion_nsec=3000000000
	echo +168-175 >$null/badblocks
	# A bad block fails the write of one page, not of those beside it.
	echo 2 >"/sys/block/${nullb#/dev/}/queue/nomerges"
	with_backing "$nullb" 16M
	raw --kind random --block 16 write /dev/zram0 0 20
	# Without a budget; one of them fails.
	write_knob $sys/writeback huge >"$scratch/answer" &
	worker=$!
	background+=("$worker")
	eventually 10 has_blocks 19
	accepts $sys/writeback_limit_enable 1
	accepts $sys/writeback_limit 10
	wait "$worker"
	equal "the answer" "$(<"$scratch/answer")" EIO
	equal "pages written back" "$(written_back)" 19
	equal "the budget" "$(<$sys/writeback_limit)" 10
	# The last page gets the other bad block.
	write_knob $sys/writeback huge >"$scratch/answer" &
	worker=$!
	background+=("$worker")
	sleep 0.5
	accepts $sys/writeback_limit 18446744073709551615
	wait "$worker"
	equal "the answer" "$(<"$scratch/answer")" EIO
	equal "the budget" "$(<$sys/writeback_limit)" 18446744073709551615
	raw --kind random --block 16 check /dev/zram0 0 20
	unload
}

test_loop_with_io()
{
	local writer

	loop_device 128M
	with_backing "$loop" 64M
	raw --kind random --block 64 write /dev/zram0 0 8192
	raw --kind text --block 8 --shuffle write /dev/zram0 8192 4096 &
	writer=$!
	accepts $sys/writeback type=huge
	wait "$writer" || fail "the writer failed"
	raw --kind random --block 64 check /dev/zram0 0 8192
	raw --kind text --block 64 check /dev/zram0 8192 4096
	between "pages written back" "$(bd_stat writes)" 8192 9000
	unload
	losetup -d "$loop"
}

# zram on zram, both of which read back.
test_stacked()
{
	local id upper lower

	loop_device 32M
	load
	id=$(add_device)
	lower=/dev/zram$id
	accepts "/sys/block/zram$id/backing_dev" "$loop"
	set_up "$id" lz4 32M
	accepts $sys/backing_dev "$lower"
	set_up 0 lz4 32M
	raw --kind random --block 64 write /dev/zram0 0 4096
	raw --kind text --block 64 write /dev/zram0 4096 2048
	accepts $sys/writeback page_indexes=0-6143
	equal "pages written back" "$(bd_stat writes)" 6144
	# The first block says what the device is.
	accepts "/sys/block/zram$id/writeback" page_indexes=0-6144
	equal "pages of the lower device left in memory" "$(stat_of "$id" compressed)" 0
	raw --kind random --block 1 --shuffle check /dev/zram0 0 4096 &
	upper=$!
	background+=("$upper")
	raw --kind text --block 64 --misalign 512 check /dev/zram0 4096 2048
	wait "$upper" || fail "the other reader failed"
	reset_device 0
	unload
	losetup -d "$loop"
}

# Swapped pages come back from the backing device.
test_swap()
{
	loop_device 64M
	with_backing "$loop" 64M
	swap_on /dev/zram0
	swapper_held 16 --pageout --orders seq,random
	accepts $sys/idle all
	accepts $sys/writeback idle
	between "pages written back" "$(bd_stat writes)" $(((4 << 20) / page_size)) 1000000
	swapper_finish
	swapoff /dev/zram0
	unload
	losetup -d "$loop"
}
