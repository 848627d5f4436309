# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of lib.sh
#
# zsmctl.sh - the tool for people, on devices that are there: this zram's, and the kernel's
# own. What it prints of recorded machines, and that parsers can read it, is tested on the
# host.

# What makes backing devices.
# shellcheck source=scripts/tests/guest/lib_backing.sh
. "$here/lib_backing.sh"
# shellcheck source=scripts/tests/guest/lib_zsmctl.sh
. "$here/lib_zsmctl.sh"

test_status_of_none()
{
	ends 3 status
	says out 'zram not loaded' 'No memory is compressed here'
	ends 0 status --json
	ends 0 status --prometheus
	ends 3 status zram0
	equal "lines on stderr" "$(wc -l <"$scratch/err")" 1
}

test_status()
{
	load
	ends 0 status
	says out 'zram0: free' 'has no size yet'
	set_up 0 lz4 32M
	raw --kind text --block 16 write /dev/zram0 0 2000
	ends 0 status
	says out 'holds 7.8 MiB of pages in ' 'ratio ' 'limited by its size'
	if [[ $modules == ours ]]; then
		says out 'zram zsm 0.' 'with all that the device takes counted'
	else
		says out "the kernel's own driver" 'that the driver does not count'
	fi
	equal "memory" "$(metric memory_bytes)" "$(stat_of 0 used)"
	equal "compressed" "$(metric compressed_bytes)" "$(stat_of 0 compressed)"
	equal "size" "$(metric size_bytes)" $((32 << 20))
	# Everybody may look.
	setpriv --reuid=65534 --regid=65534 --clear-groups "$zsmctl" status zram0 >"$scratch/out"
	says out 'holds 7.8 MiB of pages in '
	swap_on /dev/zram0 2>/dev/null || true
	unload_all
}

unload_all()
{
	swapoff -a
	unload
}

test_status_at_the_limit()
{
	load
	accepts $sys/mem_limit 4M
	set_up 0 lz4 64M
	fails raw --kind random --block 4 write /dev/zram0 0 4000 2>"$scratch/said"
	ends 0 status
	says out '! limited by memory: ' 'when it is reached, writes to it fail' 'failed since it was set up'
	unload
}

# devices_come_and_go - from now on, until settle.
devices_come_and_go()
{
	local id

	(while :; do
		id=$(add_device)
		set_up "$id" '' 4M
		reset_device "$id"
		remove_device "$id"
	done) >/dev/null 2>&1 &
	background+=($!)
}

settle()
{
	kill "${background[0]}"
	wait "${background[0]}" 2>/dev/null || true
	background=()
}

test_status_of_devices_that_vanish()
{
	local end=$((SECONDS + 8)) looks=0

	load
	devices_come_and_go
	while ((SECONDS < end)); do
		"$zsmctl" status >"$scratch/out" || fail "ended with $?: $(<"$scratch/out")"
		"$zsmctl" status --json >"$scratch/out" || fail "ended with $?: $(<"$scratch/out")"
		looks=$((looks + 2))
	done
	echo "$looks looks"
	settle
}

test_top_of_devices_that_vanish()
{
	load
	devices_come_and_go
	ends 0 top --count 40 --interval 0.1
	settle
	equal "lines" "$(grep -c '^[0-9]' "$scratch/out")" 40
}

test_setup_and_remove()
{
	local before

	load
	before=$(<$sys/disksize)
	ends 0 setup --dry-run --memory 100M
	says out "zram0: swap for 200 MiB of pages in at most 100 MiB" 'swapon -p 100 /dev/zram0'
	equal "disksize after a dry run" "$(<$sys/disksize)" "$before"
	equal "swap after a dry run" "$(swap_of_zram)" ''
	ends 0 setup --memory 100M
	matches "swap" "$(swap_of_zram)" '/dev/zram0 .* 100'
	equal "mem_limit" "$(stat_of 0 limit)" $((100 << 20))
	equal "disksize" "$(<$sys/disksize)" $((200 << 20))
	if [[ $modules == ours ]]; then
		matches "comp_algorithm" "$(<$sys/comp_algorithm)" '.*\[w64\].*'
		matches "recomp_algorithm" "$(<$sys/recomp_algorithm)" '#1:.*\[w64hc\].*'
		equal "recompress_auto" "$(<$sys/recompress_auto)" 1
	fi
	ends 1 setup
	says err 'is swapped to already'
	ends 0 status
	says out 'zram0: swap with priority 100'
	ends 0 remove
	equal "swap after its removal" "$(swap_of_zram)" ''
	[[ ! -e /dev/zram0 ]] || fail "the device is still there"
	ends 3 remove
	# It makes a device where there is none.
	ends 0 setup --memory 0 --size 64M --priority 5
	matches "swap" "$(swap_of_zram)" '/dev/zram0 .* 5'
	equal "mem_limit" "$(stat_of 0 limit)" 0
	ends 0 remove /dev/zram0
}

test_setup_that_is_refused()
{
	local algorithm=lz4

	load
	[[ $modules != ours ]] || algorithm=w64
	accepts $sys/comp_algorithm $algorithm
	ends 1 setup --algorithm nonsense
	equal "lines on stderr" "$(wc -l <"$scratch/err")" 1
	ends 1 setup --memory 1T
	ends 2 setup --memory lots
	ends 2 setup --priority 40000
	ends 3 setup --disk /dev/nothing
	ends 1 setup --disk /dev/null
	# It undoes what it has done, and that alone.
	matches "comp_algorithm" "$(<$sys/comp_algorithm)" ".*\[$algorithm\].*"
	equal "disksize" "$(<$sys/disksize)" 0
	setpriv --reuid=65534 --regid=65534 --clear-groups "$zsmctl" setup 2>"$scratch/err" &&
		fail "everybody may set swap up"
	says err 'only root may'
}

# ^C: what was set is given back, between two steps.
test_setup_that_is_interrupted()
{
	load
	stand_in mkswap "kill -INT \$PPID"
	PATH=$scratch/bin:$PATH ends 130 setup --memory 32M
	says err 'stopped before it was set up'
	equal "swap" "$(swap_of_zram)" ''
	equal "disksize" "$(<$sys/disksize)" 0
	equal "mem_limit" "$(stat_of 0 limit)" 0
	# The last step is whole: it is done.
	stand_in swapon "$(command -v swapon) \"\$@\" && kill -INT \$PPID"
	rm "$scratch/bin/mkswap"
	PATH=$scratch/bin:$PATH ends 0 setup --memory 32M
	matches "swap" "$(swap_of_zram)" '/dev/zram0 .*'
	ends 0 remove
	# It may be ended when it has done its work, and cannot say so any more.
	stand_in swapon "$(command -v swapon) \"\$@\" && kill -INT \$PPID; exit 130"
	PATH=$scratch/bin:$PATH ends 130 setup --memory 32M
	equal "swap" "$(swap_of_zram)" ''
	[[ ! -e /dev/zram0 ]] || fail "the device that it made is still there"
	stand_in mount "$(command -v mount) \"\$@\" && kill -INT \$PPID; exit 130"
	PATH=$scratch/bin:$PATH ends 130 setup --memory 32M --mount "$scratch/fast"
	fails mountpoint -q "$scratch/fast"
	[[ ! -e /dev/zram0 ]] || fail "the device that it made is still there"
}

# Files in compressed memory; and what is set up for other machines.
test_setup_of_a_file_system()
{
	load
	ends 0 setup --only-below 1M
	says out 'nothing is done'
	equal "disksize" "$(<$sys/disksize)" 0
	ends 0 setup --memory 32M --mount "$scratch/fast" --label fast
	matches "what is mounted" "$(findmnt -no SOURCE,FSTYPE,LABEL "$scratch/fast")" '/dev/zram0 +ext4 +fast'
	equal "swap" "$(swap_of_zram)" ''
	head -c 8M "$corpus" >"$scratch/fast/pages"
	ends 0 status
	says out 'zram0: mounted on '
	ends 5 remove zram0
	umount "$scratch/fast"
	ends 5 remove zram0
	ends 0 remove --discard zram0
	ends 1 setup --memory 32M --mount "$scratch/other" --fs nonsense
	[[ ! -e /dev/zram0 ]] || fail "the device that it made is still there"
	equal "swap" "$(swap_of_zram)" ''
	ends 0 setup --memory 32M --label fast
	matches "label" "$(swapon --show=LABEL --noheadings)" 'fast'
	ends 0 status
	says out "label fast, UUID $(swapon --show=UUID --noheadings)"
	ends 0 status --json
	says out "\"uuid\": \"$(swapon --show=UUID --noheadings)\", \"label\": \"fast\""
	ends 0 remove
}

# A disk that holds something is not taken; the oldest pages then go to it.
test_setup_with_a_disk()
{
	loop_device 64M
	mke2fs -q "$loop"
	load
	ends 5 setup --memory 8M --disk "$loop"
	says err 'holds ext2, which would be lost'
	# A blkid that fails has not said that the disk is empty.
	stand_in blkid 'exit 4'
	PATH=$scratch/bin:$PATH ends 1 setup --memory 8M --disk "$loop"
	says err 'it cannot be told what' 'blkid ended with status 4'
	equal "disksize" "$(<$sys/disksize)" 0
	rm "$scratch/bin/blkid"
	# What another program makes of the device meanwhile is left to it.
	stand_in wipefs "echo 4M >$sys/disksize; echo refused; exit 1"
	PATH=$scratch/bin:$PATH ends 1 setup --memory 8M --disk "$loop" --erase
	equal "disksize" "$(<$sys/disksize)" $((4 << 20))
	echo 1 >$sys/reset
	# What the driver refuses before costs nothing.
	rm "$scratch/bin/wipefs"
	if [[ $modules == ours ]]; then
		ends 1 setup --memory 8M --disk "$loop" --erase --parameters nonsense=1
		equal "what the disk holds" "$(blkid -p -o value -s TYPE "$loop")" ext2
	fi
	ends 0 setup --memory 8M --disk "$loop" --erase
	equal "backing_dev" "$(<$sys/backing_dev)" "$loop"
	[[ $modules != ours ]] || equal "writeback_auto" "$(<$sys/writeback_auto)" 1
	ends 0 status
	says out "none on $loop"
	ends 0 remove
	losetup -d "$loop"
}

# What memory cannot take back stays where it is.
test_remove_that_would_lose()
{
	load
	ends 0 setup --memory 300M --size 700M
	swapper_held 580 --orders seq
	ends 5 remove
	says err 'memory cannot take back what zram0 holds: ' ' are missing'
	matches "swap" "$(swap_of_zram)" '/dev/zram0 .*'
	swapper_finish
	eventually 20 can_be_removed
	ends 3 remove
	load_device_for_files
	ends 5 remove zram0
	says err 'is mounted on'
	umount "$scratch/mnt"
	ends 5 remove zram0
	says err 'that nobody uses now'
	ends 0 remove --discard zram0
}

can_be_removed()
{
	"$zsmctl" remove
}

load_device_for_files()
{
	add_device >/dev/null
	set_up 0 '' 32M
	mke2fs -q /dev/zram0
	mkdir "$scratch/mnt"
	mount /dev/zram0 "$scratch/mnt"
}

test_recompress()
{
	local before

	load
	if [[ $modules != ours ]]; then
		set_up 0 lz4 64M
		ends 1 recompress zram0
		says err 'no second algorithm'
		ends 3 recompress
		return
	fi
	echo "algo=w64hc priority=1" >$sys/recomp_algorithm
	set_up 0 lz4 64M
	raw --kind text --block 16 write /dev/zram0 0 4000
	before=$(stat_of 0 compressed)
	ends 0 recompress
	says out ' of memory before, ' ' saved'
	between "compressed afterwards" "$(stat_of 0 compressed)" 1 $((before * 95 / 100))
	raw --kind text --block 16 check /dev/zram0 0 4000
	ends 1 recompress --algorithm nonsense
	ends 0 recompress --older 1h --huge
}

# ^C: what was done stays, and the device goes on.
test_recompress_that_is_interrupted()
{
	local status=0 pid

	[[ $modules == ours ]] || return 0
	load
	echo "algo=w64hc priority=1" >$sys/recomp_algorithm
	echo "priority=1 level=9" >$sys/algorithm_params
	set_up 0 lz4 128M
	raw --kind text --block 16 write /dev/zram0 0 20000
	"$zsmctl" recompress >"$scratch/out" 2>"$scratch/err" &
	pid=$!
	sleep 0.7
	kill -INT "$pid" || fail "it was over too early"
	wait "$pid" || status=$?
	equal "how it ended" "$status" 130
	says err 'what was done by then stays'
	raw --kind text --block 16 check /dev/zram0 0 20000
	ends 0 status
}

test_writeback()
{
	loop_device 64M
	load
	ends 2 writeback
	ends 3 writeback --huge
	echo "$loop" >$sys/backing_dev
	set_up 0 lz4 64M
	raw --kind random --block 16 write /dev/zram0 0 1000
	ends 0 writeback --huge
	says out '3.9 MiB written to disk'
	ends 0 status
	says out "3.9 MiB on $loop"
	raw --kind random --block 16 check /dev/zram0 0 1000
	raw --kind text --block 16 write /dev/zram0 1000 500
	ends 0 writeback --older 0s
	raw --kind text --block 16 check /dev/zram0 1000 500
	unload
	losetup -d "$loop"
}

test_top()
{
	load
	set_up 0 lz4 32M
	raw --kind text --block 16 write /dev/zram0 0 2000
	ends 0 top --count 3 --interval 0.2
	equal "lines" "$(wc -l <"$scratch/out")" 4
	matches "the last line" "$(tail -n 1 "$scratch/out")" '[0-9:]{8} +7.8M .*'
	ends 2 top --interval 0
	unload
}

test_try()
{
	ends 0 try --pages 256 "$corpus" --svg "$scratch/try.svg"
	says out '256 pages of ' 'w64hc' 'zstd' 'lz4'
	[[ $(<"$scratch/try.svg") == '<svg '*'</svg>' ]] || fail "this is no picture"
	ends 0 try --pages 64 $$
	says out "the memory of process $$"
	ends 0 try --pages 64 --system
	ends 2 try
	ends 3 try /nothing
}

# A read cache is put before a disk, told of, and taken away.
test_cache()
{
	local cache=$scratch/cache

	[[ $modules == ours ]] || return 0
	PATH=$PATH:$here
	ends 3 cache
	load_libraries
	modprobe dm_mod
	insmod "$here/zsm.ko"
	insmod "$here/dm-zcache.ko"
	loop_device 64M
	raw --kind text --block 16 write "$loop" 0 4000
	ends 3 cache
	says err 'no disk has a read cache'
	ends 1 cache attach /dev/null 8M
	says err '/dev/null is no block device'
	ends 1 cache attach --name fast "$loop" 8M admit nobody
	says err 'admit is none of'
	ends 0 cache attach --name fast "$loop" 8M codec lz4
	says out /dev/mapper/fast
	for _ in 1 2; do
		raw --kind text --block 16 check /dev/mapper/fast 0 1000
	done
	ends 0 cache
	says out "fast: a read cache before $loop; compresses with lz4" 'of blocks that were read it had' \
		'limited by memory: '
	ends 0 status
	says out "fast: a read cache before $loop"
	eventually 20 cache_rests "$cache"
	equal "memory" "$(sed -n 's/^zsm_cache_memory_bytes{cache="fast"} //p' "$cache")" "$(<"$cache.used")"
	equal "limit" "$(sed -n 's/^zsm_cache_memory_limit_bytes{cache="fast"} //p' "$cache")" $((8 << 20))
	ends 0 cache watch --interval 0.2 --count 2 fast
	equal "lines" "$(wc -l <"$scratch/out")" 3
	ends 0 cache limit fast 4M
	equal "limit" "$(cache_says limit)" $((4 << 20))
	ends 1 cache limit fast 16M
	ends 0 cache drop fast
	equal "blocks after drop" "$(cache_says objects)" 0
	setpriv --reuid=65534 --regid=65534 --clear-groups "$zsmctl" cache 2>"$scratch/err" && fail "everybody may look"
	says err 'only root may look at caches'
	setpriv --reuid=65534 --regid=65534 --clear-groups "$zsmctl" status >"$scratch/out" || true
	says out 'caches are told to root alone'
	ends 3 cache detach slow
	ends 0 cache detach /dev/mapper/fast
	ends 3 cache
	losetup -d "$loop"
}

# cache_rests FILE - whether what the cache `fast' takes has not changed while zsmctl told of
# it, in FILE; in FILE.used is how much that is. It is filled after readers have got their
# blocks.
cache_rests()
{
	cache_says used >"$1.used"
	"$zsmctl" status --prometheus >"$1"
	[[ $(cache_says used) == "$(<"$1.used")" ]]
}

# cache_says FIELD - of the cache `fast'.
cache_says()
{
	dmsetup status fast | awk -v f="$1" '{ for (i = 4; i < NF; i++) if ($i == f) print $(i + 1) }'
}
