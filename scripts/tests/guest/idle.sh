# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of lib.sh
#
# idle.sh - marks of idle pages, by hand and by age, and block_state.

sys=/sys/block/zram0
block_state=/sys/kernel/debug/zram/zram0/block_state

# flags FIRST COUNT - the flags of those slots, each once, in order of appearance.
flags()
{
	awk -v first="$1" -v end=$(($1 + $2)) '$1 >= first && $1 < end && !seen[$3]++ { printf "%s%s", sep, $3; sep = " " }' \
		$block_state
}

debugfs()
{
	mountpoint -q /sys/kernel/debug || mount -t debugfs none /sys/kernel/debug
}

# older_than UPTIME - an age in seconds that is reached by what was last used some seconds
# before then, and not by what was used after, however slow the machine is.
older_than()
{
	awk -v mark="$1" '{ print int($1 - mark) + 2 }' /proc/uptime
}

uptime_now()
{
	cut -d' ' -f1 /proc/uptime
}

test_knob()
{
	debugfs
	load
	rejects EINVAL $sys/idle all
	rejects EINVAL $sys/idle 1
	set_up 0 lz4 8M
	raw --kind text write /dev/zram0 0 16
	rejects_all $block_state EINVAL $sys/idle $'\n' junk al -1 1s 0x 'all 1' 99999999999999999999999
	accepts $sys/idle $'all\n'
	equal "flags after all" "$(flags 0 16)" ...i..
	raw --kind text check /dev/zram0 0 8
	equal "flags after reading" "$(flags 0 16)" '...... ...i..'
	raw --kind text --gen 2 write /dev/zram0 8 4
	equal "flags after writing" "$(flags 8 4)" ......
	accepts $sys/idle 1000000
	equal "flags of pages that are young" "$(flags 0 12)" ......
	accepts $sys/idle 0
	equal "flags after age 0" "$(flags 0 16)" ...i..
	accepts $sys/idle 18446744073709551615
	reset_device 0
	rejects EINVAL $sys/idle all
	unload
}

# Of a device that has a use for ages they are right at once.
test_age()
{
	local tenths mark

	debugfs
	load
	accepts $sys/recomp_algorithm 'algo=zstd priority=1'
	set_up 0 lz4 8M
	raw --kind text write /dev/zram0 0 32
	raw --kind fill write /dev/zram0 32 8
	sleep 4
	mark=$(uptime_now)
	raw --kind text check /dev/zram0 0 8
	raw --kind text --gen 2 write /dev/zram0 8 8
	raw --kind text write /dev/zram0 1000 8
	accepts $sys/idle "$(older_than "$mark")"
	equal "flags of pages that were used" "$(flags 0 16)" ......
	equal "flags of those that were not" "$(flags 16 16)" ...i..
	equal "flags of same-filled ones" "$(flags 32 8)" s.....
	equal "flags of new ones" "$(flags 1000 8)" ......
	# The time is that since boot, and pages 0 and 16 are four seconds apart, or more.
	tenths=$(awk '$1 == 0 { a = $2 } $1 == 16 { b = $2 } END { printf "%d", (a - b) * 10 }' $block_state)
	((tenths >= 39)) || fail "accesses are $tenths tenths of a second apart"
	awk -v from="$mark" -v to="$(uptime_now)" '$1 == 0 { exit !($2 + 0.05 > from && $2 < to) }' $block_state ||
		fail "the last access was not between $mark and now: $(grep ' 0 ' $block_state)"
	# Only what is marked is recompressed, and then it is not idle any more.
	accepts $sys/recompress type=idle
	matches "flags after recompressing" "$(flags 16 16)" '(....r.|.....n| )*'
	matches "flags of the others" "$(flags 0 16)" '......'
	raw --kind text check /dev/zram0 0 8
	raw --kind text check /dev/zram0 16 16
	unload
}

# An age says which pages are idle, and so which are not: what is younger loses the mark.
test_younger()
{
	local mark

	debugfs
	load
	accepts $sys/recomp_algorithm 'algo=zstd priority=1'
	set_up 0 lz4 8M
	raw --kind text write /dev/zram0 0 16
	sleep 4
	mark=$(uptime_now)
	raw --kind text write /dev/zram0 16 16
	accepts $sys/idle all
	equal "flags after all" "$(flags 0 32)" ...i..
	accepts $sys/idle "$(older_than "$mark")"
	equal "flags of old pages" "$(flags 0 16)" ...i..
	equal "flags of younger ones" "$(flags 16 16)" ......
	# No page is older than the machine.
	accepts $sys/idle 18446744073709551615
	equal "flags of pages that are all younger" "$(flags 0 32)" ......
	unload
}

# Of another they begin with the first age.
test_late_age()
{
	local used mark

	debugfs
	load
	set_up 0 lz4 8M
	raw --kind text write /dev/zram0 0 16
	used=$(stat_of 0 used)
	accepts $sys/idle 1
	((used < $(stat_of 0 used))) || fail "mem_used_total does not count times"
	equal "flags after the first age" "$(flags 0 16)" ......
	sleep 4
	mark=$(uptime_now)
	raw --kind text check /dev/zram0 0 8
	accepts $sys/idle "$(older_than "$mark")"
	equal "flags of pages that were used" "$(flags 0 8)" ......
	equal "flags of those that were not" "$(flags 8 8)" ...i..
	unload
}

test_block_state()
{
	local line

	debugfs
	load
	equal "block_state of an empty device" "$("$here/knob" $block_state)" EINVAL
	accepts $sys/recomp_algorithm 'algo=zstd priority=1'
	set_up 0 lz4 64M
	equal "block_state without pages" "$(<$block_state)" ''
	raw --kind fill write /dev/zram0 3 1
	raw --kind random write /dev/zram0 5 1
	raw --kind text write /dev/zram0 9000 1000
	equal "lines" "$(wc -l <$block_state)" 1002
	while read -r line; do
		matches "line" "$line" ' *[0-9]+ +[0-9]+\.[0-9]{6} [.s][.w][.h][.i][.r][.n]'
	done < <(head -n 20 $block_state)
	equal "indices" "$(awk '{ print $1 }' $block_state | sort -n | uniq | cksum)" \
		"$({ echo 3; echo 5; seq 9000 9999; } | cksum)"
	equal "flags of a filled page" "$(flags 3 1)" s.....
	equal "flags of a random page" "$(flags 5 1)" ..h...
	accepts $sys/recompress $'\n'
	equal "flags of a random page" "$(flags 5 1)" ..h..n
	matches "flags of text" "$(flags 9000 1000)" '.*\.\.\.\.r\..*'
	accepts $sys/idle all
	equal "flags of a random page" "$(flags 5 1)" ..hi.n
	equal "flags of a filled page" "$(flags 3 1)" s.....
	blkdiscard /dev/zram0
	equal "block_state after a discard" "$(<$block_state)" ''
	equal "mode" "$(stat -c %a $block_state)" 400
	echo 0 >/sys/class/zram-control/hot_remove
	[[ ! -e $block_state ]] || fail "block_state outlives its device"
	unload
}
