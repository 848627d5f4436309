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
