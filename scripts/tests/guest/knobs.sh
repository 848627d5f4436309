# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of lib.sh
#
# knobs.sh - what every knob says, and what it answers to nonsense.

sys=/sys/block/zram0
control=/sys/class/zram-control

# The state that a rejected write must not change. What a device takes, and the pages
# that compaction freed, change when it compacts itself.
state()
{
	local f

	for f in disksize initstate comp_algorithm max_comp_streams size; do
		echo "$f: $(<$sys/$f)"
	done
	echo "mm_stat: $(awk '{ $3 = $7 = ""; print }' $sys/mm_stat)"
	echo "devices: " /sys/block/zram*
}

# rejects_any ERRORS FILE TEXT... - ERRORS is a regular expression.
rejects_any()
{
	local errors=$1 file=$2 before text

	shift 2
	before=$(state)
	for text; do
		matches "writing '${text:0:40}' to $file" "$(write_knob "$file" "$text")" "$errors"
	done
	equal "the state" "$(state)" "$before"
}

test_disksize()
{
	load
	equal "disksize at first" "$(<$sys/disksize)" 0
	rejects_any EINVAL $sys/disksize 0 junk -1 0K
	rejects_any 'EINVAL|ENOMEM|E2BIG|EFBIG|EOVERFLOW|ERANGE' $sys/disksize 18446744073709551615 8E
	accepts $sys/disksize 1000001
	equal "disksize, rounded up" "$(<$sys/disksize)" $(((1000001 + page_size - 1) / page_size * page_size))
	rejects_any EBUSY $sys/disksize 1M 2M
	reset_device 0
	accepts $sys/disksize $'8M\n'
	equal disksize "$(<$sys/disksize)" $((8 << 20))
	equal "size in sectors" "$(<$sys/size)" $((8 << 11))
	reset_device 0
	accepts $sys/disksize 1G
	equal disksize "$(<$sys/disksize)" $((1 << 30))
	unload
}

test_comp_algorithm()
{
	load
	rejects_any EINVAL $sys/comp_algorithm junk lz lz44 "$(repeated a 127)"
	rejects_any E2BIG $sys/comp_algorithm "$(repeated a 128)" "$(repeated a 1000)"
	accepts $sys/comp_algorithm zstd
	matches comp_algorithm "$(<$sys/comp_algorithm)" '.*\[zstd\].*'
	accepts $sys/comp_algorithm $'lz4\n'
	matches comp_algorithm "$(<$sys/comp_algorithm)" '.*\[lz4\].*'
	rejects_any EINVAL $sys/comp_algorithm junk
	set_up 0 '' 4M
	rejects_any EBUSY $sys/comp_algorithm zstd lz4
	reset_device 0
	accepts $sys/comp_algorithm zstd
	unload
}

test_initstate()
{
	load
	equal initstate "$(<$sys/initstate)" 0
	set_up 0 '' 4M
	equal "initstate after disksize" "$(<$sys/initstate)" 1
	reset_device 0
	equal "initstate after reset" "$(<$sys/initstate)" 0
	unload
}

test_reset()
{
	load
	set_up 0 '' 4M
	raw write /dev/zram0 0 64
	rejects_any EINVAL $sys/reset 0 junk -1
	rejects_any 'EINVAL|ERANGE' $sys/reset 65536
	raw check /dev/zram0 0 64
	accepts $sys/reset $'1\n'
	equal initstate "$(<$sys/initstate)" 0
	accepts $sys/reset 1
	unload
}

# A size that a script has computed wrongly is refused, not cut off where it stops to make
# sense: 4.1e+09 would be a device of one page. By every knob that takes a size.
test_sizes()
{
	local text knob

	load
	for text in 4.1e+09 8.21e+09 2e9 1.5G 0.5G 1,5G 50% '1 G' '1G 1' 1GG 1Gx 1GiX 1BB 1iB 1Bi 0x1Gz \
		1G1 1_000_000 "1M,"; do
		for knob in disksize mem_limit; do
			rejects_any EINVAL $sys/$knob "$text"
		done
	done
	for text in 8M 8m 8MB 8Mb 8MiB 8mib 8388608 8388608B 0x800000 8M$'\n' ' 8M '; do
		accepts $sys/disksize "$text"
		equal "disksize after '$text'" "$(<$sys/disksize)" 8388608
		accepts $sys/mem_limit "$text"
		equal "mem_limit after '$text'" "$(stat_of 0 limit)" 8388608
		reset_device 0
	done
	unload
}

test_mem_limit()
{
	local pair

	load
	set_up 0 '' 4M
	rejects_any EINVAL $sys/mem_limit junk -
	for pair in 512K:$((512 << 10)) 3M:$((3 << 20)) 2G:$((2 << 30)) 1048576:1048576 $'0\n:0'; do
		accepts $sys/mem_limit "${pair%:*}"
		equal "mem_limit in mm_stat" "$(stat_of 0 limit)" "${pair##*:}"
	done
	unload
}

test_mem_used_max()
{
	local used

	load
	set_up 0 '' 8M
	raw --kind random write /dev/zram0 0 1024
	blkdiscard /dev/zram0
	used=$(stat_of 0 used)
	between "mem_used_max before" "$(stat_of 0 max)" $((4 << 20)) $((5 << 20))
	rejects_any EINVAL $sys/mem_used_max 1 junk -1
	accepts $sys/mem_used_max 0
	equal "mem_used_max after" "$(stat_of 0 max)" "$used"
	unload
}

test_compact()
{
	load
	rejects_any EINVAL $sys/compact 1
	set_up 0 '' 4M
	raw write /dev/zram0 0 512
	accepts $sys/compact 1
	accepts $sys/compact junk
	raw check /dev/zram0 0 512
	matches "pages_compacted" "$(stat_of 0 compacted)" '[0-9]+'
	unload
}

test_max_comp_streams()
{
	local text

	load
	equal max_comp_streams "$(<$sys/max_comp_streams)" "$VM_CPUS"
	for text in 1 0 64 -1 junk; do
		accepts $sys/max_comp_streams "$text"
		equal max_comp_streams "$(<$sys/max_comp_streams)" "$VM_CPUS"
	done
	unload
}

test_control()
{
	local id

	load
	rejects_any EINVAL $control/hot_remove -1 junk x1
	rejects_any ENODEV $control/hot_remove 1 999 $'77\n'
	id=$(add_device)
	equal "id" "$id" 1
	accepts $control/hot_remove $'1\n'
	equal "mode of hot_add" "$(stat -c %a $control/hot_add)" 400
	equal "mode of hot_remove" "$(stat -c %a $control/hot_remove)" 200
	unload
}

test_modes()
{
	local mode name

	load
	while read -r mode name; do
		equal "mode of $name" "$(stat -c %a "$sys/$name")" "$mode"
	done <<-END
		644 disksize
		444 initstate
		200 reset
		200 compact
		200 mem_limit
		200 mem_used_max
		644 max_comp_streams
		644 comp_algorithm
		644 recomp_algorithm
		200 algorithm_params
		200 recompress
		200 idle
		644 backing_dev
		644 backing_discard
		200 writeback
		644 writeback_limit_enable
		644 writeback_limit
		644 writeback_batch_size
		644 writeback_compressed
		644 compressed_writeback
		444 bd_stat
		444 io_stat
		444 mm_stat
		444 debug_stat
	END
	unload
}

test_statistics()
{
	local numbers='( *[0-9]+)'

	load
	# Before there is anything to count as well as after.
	matches mm_stat "$(<$sys/mm_stat)" "$numbers{9}"
	set_up 0 '' 4M
	raw write /dev/zram0 0 128
	matches mm_stat "$(<$sys/mm_stat)" "$numbers{9}"
	matches io_stat "$(<$sys/io_stat)" "$numbers{4}"
	matches debug_stat "$(<$sys/debug_stat)" "version: 1"$'\n'"$numbers{2}"
	equal orig_data_size "$(stat_of 0 orig)" $((128 * page_size))
	equal "lines of mm_stat" "$(wc -l <$sys/mm_stat)" 1
	unload
}

test_block_attributes()
{
	local value name

	load
	set_up 0 '' 16M
	while read -r value name; do
		matches "queue/$name" "$(cat "$sys/queue/$name")" "$value"
	done <<-END
		4096 logical_block_size
		$page_size physical_block_size
		$page_size minimum_io_size
		0 rotational
		1 stable_writes
		[1-9][0-9]* discard_max_bytes
		$page_size discard_granularity
		[1-9][0-9]* write_zeroes_max_bytes
	END
	equal "read-only" "$(<$sys/ro)" 0
	unload
}

test_zramctl()
{
	local dev

	load
	dev=$(zramctl --find --size 8M --algorithm lz4)
	equal "zramctl --find" "$dev" /dev/zram0
	raw write "$dev" 0 256
	matches "zramctl" "$(zramctl --noheadings --raw --bytes --output NAME,ALGORITHM,DISKSIZE,DATA,STREAMS "$dev")" \
		"/dev/zram0 lz4 $((8 << 20)) $((256 * page_size)) $VM_CPUS"
	# This resets the device, and then removes it.
	zramctl --reset "$dev"
	[[ ! -e $sys ]] || fail "zramctl --reset left the device there"
	unload
}
