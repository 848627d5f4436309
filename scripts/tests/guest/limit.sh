# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of lib.sh
#
# limit.sh - a write past mem_limit fails, and nothing else does.

# Random pages take a page each, so 300 of them are more than 1 MB.
fill_to_limit()
{
	local out

	set_up 0 '' 16M
	echo 1M >/sys/block/zram0/mem_limit
	out=$("$here/rawio" --kind random --stop write /dev/zram0 0 1000) || true
	echo "$out"
	matches "writing past the limit" "$out" 'written=[0-9]+ failed=1 error=EIO'
	stored=${out#written=}
	stored=${stored%% *}
	between "pages within 1 MB" "$stored" 200 256
}

test_write_fails()
{
	local stored failed_writes

	load
	fill_to_limit
	between mem_used_total "$(stat_of 0 used)" $((900 << 10)) $((1 << 20))
	equal "orig_data_size" "$(stat_of 0 orig)" $((stored * page_size))
	raw --kind random --block 16 check /dev/zram0 0 "$stored"
	raw --kind zero check /dev/zram0 "$stored" 10
	failed_writes=$(awk '{ print $2 }' /sys/block/zram0/io_stat)
	between "failed writes" "$failed_writes" 1 100
	unload
}

test_raise()
{
	local stored

	load
	fill_to_limit
	fails raw --kind random write /dev/zram0 "$stored" 1
	echo 2M >/sys/block/zram0/mem_limit
	raw --kind random write /dev/zram0 "$stored" 100
	raw --kind random check /dev/zram0 0 $((stored + 100))
	echo 0 >/sys/block/zram0/mem_limit
	raw --kind random --block 16 write /dev/zram0 $((stored + 100)) 1000
	raw --kind random --block 16 check /dev/zram0 0 $((stored + 1100))
	unload
}

# What takes no more memory goes on working at the limit.
test_at_limit()
{
	local stored

	load
	fill_to_limit
	raw --kind zero write /dev/zram0 "$stored" 50
	raw --kind zero write /dev/zram0 0 20
	raw --kind zero check /dev/zram0 0 20
	raw --kind random write /dev/zram0 5 15
	raw --kind random check /dev/zram0 5 15
	blkdiscard -o $((30 * page_size)) -l $((10 * page_size)) /dev/zram0
	raw --kind random --gen 2 write /dev/zram0 30 9
	raw --kind random --gen 2 check /dev/zram0 30 9
	raw --kind random check /dev/zram0 40 $((stored - 40))
	unload
}

# Overwriting at the limit works or fails; if it fails, what was there still is.
test_overwrite()
{
	local stored i

	load
	fill_to_limit
	for ((i = 0; i < 20; i++)); do
		if "$here/rawio" --kind text --gen 2 write /dev/zram0 "$i" 1; then
			raw --kind text --gen 2 check /dev/zram0 "$i" 1
		else
			raw --kind random check /dev/zram0 "$i" 1
		fi
	done
	raw --kind random check /dev/zram0 20 $((stored - 20))
	unload
}

# Pages that repeat a value take no object, but the first of a leaf takes the leaf.
test_slots_count()
{
	load
	set_up 0 '' 8G
	echo 2M >/sys/block/zram0/mem_limit
	fails raw --kind zero --skip 2047 write /dev/zram0 0 1024
	between mem_used_total "$(stat_of 0 used)" $((1900 << 10)) $((2 << 20))
	between mem_used_max "$(stat_of 0 max)" $((1900 << 10)) $((2 << 20))
	# Where slots are there already it goes on.
	raw --kind zero write /dev/zram0 1 100
	raw --kind zero write /dev/zram0 2048 100
	raw --kind zero check /dev/zram0 2048 100
	unload
}

# What is refused, wherever it was to go, leaves all room to what comes later.
test_refused_leaves_nothing()
{
	local stored used i out

	load
	fill_to_limit
	reset_device 0
	set_up 0 '' 4G
	echo 16M >/sys/block/zram0/mem_limit
	out=$("$here/rawio" --kind random --stop write /dev/zram0 0 8000) || true
	stored=${out#written=}
	stored=${stored%% *}
	between "pages within 16 MB" "$stored" $((15 * 1048576 / page_size)) $((16 * 1048576 / page_size))
	used=$(stat_of 0 used)
	for ((i = 0; i < 100; i++)); do
		"$here/rawio" --kind random write /dev/zram0 $((100000 + i * 1000)) 1 >/dev/null || true
	done
	between "mem_used_total after refusals" "$(stat_of 0 used)" 0 $((16 << 20))
	between "growth by refusals" $(($(stat_of 0 used) - used)) -100000 $((8 * page_size))
	for ((i = 0; i < 300; i++)); do
		blkdiscard -o $((i * 10 * page_size)) -l "$page_size" /dev/zram0
	done
	raw --kind random --gen 2 --skip 9 write /dev/zram0 0 280
	raw --kind random --gen 2 --skip 9 check /dev/zram0 0 280
	unload
}

# Compressed pages that fit into free room on pages that are there are taken.
test_room_is_used()
{
	local out stored

	load
	set_up 0 lz4 64M
	echo 4M >/sys/block/zram0/mem_limit
	out=$("$here/rawio" --kind text --stop write /dev/zram0 0 16000) || true
	stored=${out#written=}
	stored=${stored%% *}
	between mem_used_total "$(stat_of 0 used)" $((3900 << 10)) $((4 << 20))
	raw --kind zero --skip 15 write /dev/zram0 0 $((stored / 16))
	raw --kind text --skip 15 write /dev/zram0 0 $((stored / 18))
	raw --kind text --skip 15 check /dev/zram0 0 $((stored / 18))
	between mem_used_total "$(stat_of 0 used)" 0 $((4 << 20))
	unload
}
