# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of lib.sh
#
# tiering.sh - pages that leave memory by themselves: writeback_auto.

# What makes backing devices.
# shellcheck source=scripts/tests/guest/lib_backing.sh
. "$here/lib_backing.sh"

state_is()
{
	[[ $(<$sys/writeback_state) == "$1" ]]
}

wrote()
{
	(($(bd_stat writes) >= $1))
}

# backed FIRST LAST - how many of these pages block_state says are written back.
backed()
{
	awk -v lo="$1" -v hi="$2" '$1 >= lo && $1 <= hi && $3 ~ /^.w/ { n++ } END { print n + 0 }' $block_state
}

# bad_sectors SIGN N - the null device's first N are bad from now on (+), or good (-). Old
# kernels take 512 at a time.
bad_sectors()
{
	local first

	for ((first = 0; first < $2; first += 512)); do
		echo "$1$first-$((first + 511))" >$null/badblocks
	done
}

# begin_limited DEVICE - makes a zram device that exceeds its limit early and writes to DEVICE
# by itself.
begin_limited()
{
	with_backing "$1" 64M
	accepts $sys/mem_limit 4M
	accepts $sys/writeback_auto 1
}

test_knobs()
{
	load
	equal writeback_auto "$(<$sys/writeback_auto)" 0
	equal writeback_state "$(<$sys/writeback_state)" off
	equal writeback_high "$(<$sys/writeback_high)" 90
	equal writeback_low "$(<$sys/writeback_low)" 80
	equal writeback_age "$(<$sys/writeback_age)" 0
	equal writeback_rate "$(<$sys/writeback_rate)" 0
	equal writeback_daily "$(<$sys/writeback_daily)" 0
	rejects_all $sys/writeback_high EINVAL $sys/writeback_high 0 101 junk -1
	rejects_all $sys/writeback_low EINVAL $sys/writeback_low 100 junk -1
	rejects_all $sys/writeback_auto EINVAL $sys/writeback_auto junk 7
	accepts $sys/writeback_rate 1M
	equal writeback_rate "$(<$sys/writeback_rate)" 1048576
	# Without a backing device there is nothing to write to.
	accepts $sys/writeback_auto 1
	set_up 0 lz4 4M
	equal "writeback_auto without a backing device" "$(<$sys/writeback_auto)" 0
	rejects ENODEV $sys/writeback_auto 1
	accepts $sys/writeback_auto 0
	unload
}

# Three times as much as the limit: every write succeeds, and the oldest pages go.
test_limit()
{
	loop_device 64M
	with_backing "$loop" 64M
	accepts $sys/mem_limit 8M
	accepts $sys/writeback_auto 1
	equal writeback_state "$(<$sys/writeback_state)" idle
	raw --kind random --block 4 write /dev/zram0 0 6000
	equal "failed writes" "$(failed_writes)" 0
	between mem_used_max "$(stat_of 0 max)" 1 $((8 << 20))
	equal "of the oldest pages, written back" "$(backed 0 2999)" 3000
	between "of the youngest pages, written back" "$(backed 5500 5999)" 0 25
	eventually 20 state_is idle
	between "mem_used_total at rest" "$(stat_of 0 used)" 1 $(((8 << 20) * 90 / 100))
	matches writeback_stat "$(<$sys/writeback_stat)" ' *[1-9][0-9]{3} +[0-9]+ +0 +[0-9]+'
	raw --kind random --block 16 check /dev/zram0 0 6000
	accepts $sys/writeback_auto 0
	equal writeback_state "$(<$sys/writeback_state)" off
	# Without the worker what is written over pages on the disk needs room of its own.
	accepts $sys/mem_limit 0
	raw --kind random --gen 2 --block 16 write /dev/zram0 0 1000
	raw --kind random --gen 2 --block 16 check /dev/zram0 0 1000
	unload
	losetup -d "$loop"
}

# Pages that are written again and again stay; those that are not go.
test_order()
{
	local round

	loop_device 64M
	mountpoint -q /sys/kernel/debug || mount -t debugfs none /sys/kernel/debug
	load
	accepts $sys/backing_dev "$loop"
	accepts $sys/writeback_auto 1
	accepts $sys/mem_limit 12M
	set_up 0 lz4 64M
	equal writeback_auto "$(<$sys/writeback_auto)" 1
	raw --kind random --block 16 write /dev/zram0 0 500
	for ((round = 1; round <= 10; round++)); do
		raw --kind random --gen $round --block 16 write /dev/zram0 0 500
		raw --kind random --block 16 write /dev/zram0 $((round * 500)) 500
	done
	echo "of $(bd_stat writes) pages written $(backed 0 499) are of the hot set"
	between "of the hot pages, written back" "$(backed 0 499)" 0 25
	((2000 < $(bd_stat writes))) || fail "only $(bd_stat writes) pages were written"
	raw --kind random --gen 10 --block 16 check /dev/zram0 0 500
	raw --kind random --block 16 check /dev/zram0 500 5000
	unload
	losetup -d "$loop"
}

# Without a limit: dropping caches calls the shrinkers, as memory pressure does.
test_pressure()
{
	local i

	loop_device 64M
	with_backing "$loop" 64M
	accepts $sys/writeback_auto 1
	raw --kind text --block 16 write /dev/zram0 0 4000
	for i in 1 2 3 4 5 6; do
		raw --kind text --gen "$i" --block 16 write /dev/zram0 4000 1000
		sleep 1.2
	done
	equal "pages written without a reason" "$(bd_stat writes)" 0
	for i in 1 2 3 4 5; do
		echo 2 >/proc/sys/vm/drop_caches
		sleep 0.5
	done
	eventually 10 wrote 100
	equal "of the hot pages, written back" "$(backed 4000 4999)" 0
	raw --kind text --block 16 check /dev/zram0 0 4000
	raw --kind text --gen 6 --block 16 check /dev/zram0 4000 1000
	unload
	losetup -d "$loop"
}

test_age()
{
	loop_device 16M
	with_backing "$loop" 16M
	accepts $sys/writeback_auto 1
	accepts $sys/writeback_age 3
	raw --kind text --block 16 write /dev/zram0 0 1000
	sleep 1
	equal "pages written before their time" "$(bd_stat writes)" 0
	eventually 30 wrote 1000
	equal "bytes left in memory" "$(stat_of 0 compressed)" 0
	raw --kind text --block 16 check /dev/zram0 0 1000
	unload
	losetup -d "$loop"
}

# How often the workers of unbound queues went to sleep within a second.
switches_in_a_second()
{
	local before

	before=$(worker_switches)
	sleep 1
	echo $(($(worker_switches) - before))
}

worker_switches()
{
	local dir

	for dir in /proc/[0-9]*; do
		[[ $(<"$dir/comm") != kworker/u* ]] || cat "$dir/status"
	done 2>/dev/null | awk '/^voluntary_ctxt_switches/ { n += $2 } END { print n + 0 }'
}

test_budget()
{
	loop_device 64M
	with_backing "$loop" 64M
	accepts $sys/mem_limit 4M
	accepts $sys/writeback_daily 2M
	accepts $sys/writeback_auto 1
	fails raw --kind random --stop --block 4 write /dev/zram0 0 4000
	equal "pages written back" "$(bd_stat writes)" $((2097152 / page_size))
	state_is spent || fail "the state is $(<$sys/writeback_state)"
	accepts $sys/writeback_limit $((10 * page_size / 4096))
	accepts $sys/writeback_limit_enable 1
	accepts $sys/writeback_daily 0
	eventually 20 wrote $((2097152 / page_size + 10))
	eventually 5 state_is spent
	between "switches of its workers in a second" "$(switches_in_a_second)" 0 200
	accepts $sys/writeback_limit_enable 0
	eventually 20 state_is idle
	raw --kind random --block 4 write /dev/zram0 4000 4000
	raw --kind random --block 4 check /dev/zram0 4000 4000
	unload
	losetup -d "$loop"
}

# A backing device that is full: writes fail as they do without one, and go on when
# pages have been dropped.
test_full()
{
	loop_device 4M
	begin_limited "$loop"
	fails raw --kind random --stop --block 4 write /dev/zram0 0 4000
	# The first block holds no page.
	equal "blocks in use" "$(bd_stat count)" 1023
	state_is full || fail "the state is $(<$sys/writeback_state)"
	blkdiscard -o 0 -l $((500 * page_size)) /dev/zram0
	eventually 20 wrote 1100
	eventually 20 state_is idle
	raw --kind random --block 4 write /dev/zram0 4000 400
	raw --kind random --block 4 check /dev/zram0 4000 400
	raw --kind random --block 4 check /dev/zram0 500 1200
	unload
	losetup -d "$loop"
}

# A device that takes no writes: nothing is lost, and the worker gives up.
test_failing_device()
{
	null_device 16
	with_backing "$nullb" 16M
	bad_sectors + 32768
	raw --kind random --block 16 write /dev/zram0 0 1000
	accepts $sys/writeback_auto 1
	accepts $sys/mem_limit 4200K
	eventually 20 state_is failed
	equal writeback_auto "$(<$sys/writeback_auto)" 0
	equal "blocks in use" "$(bd_stat count)" 0
	raw --kind random --block 16 check /dev/zram0 0 1000
	# Mended, it is used again.
	bad_sectors - 32768
	accepts $sys/writeback_auto 1
	eventually 20 wrote 100
	raw --kind random --block 16 check /dev/zram0 0 1000
	unload
}

# Flash that erases stops for some hundred milliseconds: no write fails for that.
test_slow_device()
{
	null_device 64 irqmode=2 completion_nsec=300000000
	begin_limited "$nullb"
	raw --kind random --block 4 write /dev/zram0 0 1500
	equal "failed writes" "$(failed_writes)" 0
	matches writeback_stat "$(<$sys/writeback_stat)" ' *[0-9]+ +[1-9][0-9]* +0 +[0-9]+'
	raw --kind random --block 64 check /dev/zram0 0 1500
	unload
}

# A device that hangs: one write waits, those after it fail at once, and nothing that
# was taken is lost.
test_hanging_device()
{
	local begun

	null_device 64 irqmode=2 completion_nsec=4000000000
	begin_limited "$nullb"
	raw --kind random --block 16 write /dev/zram0 0 900
	begun=$SECONDS
	fails raw --kind random write /dev/zram0 900 600
	between "seconds for 600 writes" $((SECONDS - begun)) 0 12
	eventually 20 wrote 32
	raw --kind random --block 64 check /dev/zram0 0 900
	unload
}

# Reset, removal and the knob itself, with writes in flight on a slow device.
test_stopped()
{
	local id

	null_device 64 irqmode=2 completion_nsec=20000000
	begin_limited "$nullb"
	raw --kind random --block 4 write /dev/zram0 0 1500 >/dev/null || true
	accepts $sys/writeback_auto 0
	accepts $sys/writeback_auto 1
	raw --kind random --block 4 write /dev/zram0 1500 300 >/dev/null || true
	eventually 5 reset_device 0
	equal "backing_dev after reset" "$(<$sys/backing_dev)" none
	equal "writeback_auto after reset" "$(<$sys/writeback_auto)" 0
	id=$(add_device)
	accepts "/sys/block/zram$id/backing_dev" "$nullb"
	accepts "/sys/block/zram$id/writeback_auto" 1
	accepts "/sys/block/zram$id/mem_limit" 4M
	set_up "$id" lz4 64M
	raw --kind random --block 4 write "/dev/zram$id" 0 1500 >/dev/null || true
	eventually 5 remove_device "$id"
	unload
}

test_swap()
{
	loop_device 64M
	begin_limited "$loop"
	swaps bd_stat writes
	losetup -d "$loop"
}
