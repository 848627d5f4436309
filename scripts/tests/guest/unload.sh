# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of lib.sh
#
# unload.sh - what is taken is given back.

# The kernel's own memory in kB, of those sorts whose numbers hardly waver.
kernel_memory()
{
	awk '$1 ~ /^(SUnreclaim|KernelStack|PageTables|Percpu|VmallocUsed):/ { n += $2 } END { print n }' /proc/meminfo
}

# Memory in kB that is free, or is of use to programs and their files: what the
# kernel has taken for itself is the rest. Free pages that wait in a CPU's list
# count as well.
free_memory()
{
	cat /proc/sys/vm/stat_refresh
	awk -v page_kb=$((page_size / 1024)) '
		$1 ~ /^(MemFree|Buffers|Cached|SReclaimable|AnonPages):/ { n += $2 }
		$1 == "count:" { n += $2 * page_kb }
		END { print n }' /proc/meminfo /proc/zoneinfo
}

# Free memory when what comes and goes by itself has settled.
settled_free()
{
	local i last=0 now

	for ((i = 0; i < 10; i++)); do
		drop_caches
		now=$(free_memory)
		((now - last > 64 || last - now > 64)) || break
		last=$now
		sleep 0.2
	done
	echo "$now"
}

# Two leaves of slots, each page of another size; in some cycles a second device.
one_cycle()
{
	load
	set_up 0 '' $((4096 * page_size))
	"$here/rawio" --block 32 write /dev/zram0 0 32
	"$here/rawio" --block 32 write /dev/zram0 2048 32
	(($1 % 5)) || add_device
	unload
} >/dev/null

# little_is_lost FREE KERNEL - compared with what there was before. One page of 4 KiB lost
# in each of 50 cycles is 200 kB; what wavers by itself is some 100 kB, 25 pages.
little_is_lost()
{
	local free_now kernel_now slack=$((45 * page_size / 1024))

	free_now=$(settled_free)
	kernel_now=$(kernel_memory)
	echo "free: $1 kB before, $free_now kB after; kernel: $2 kB before, $kernel_now kB after"
	((free_now > $1 - slack && kernel_now < $2 + slack))
}

test_fifty_times()
{
	local i free_before kernel_before

	for ((i = 0; i < 5; i++)); do
		one_cycle "$i"
	done
	settled_free
	free_before=$(settled_free)
	kernel_before=$(kernel_memory)
	for ((i = 0; i < 50; i++)); do
		one_cycle "$i"
	done
	eventually 5 little_is_lost "$free_before" "$kernel_before"
}

# A large device costs next to nothing until it is used.
test_100_gb()
{
	local before after used full

	load
	before=$(settled_free)
	set_up 0 '' 100G
	after=$(settled_free)
	equal disksize "$(cat /sys/block/zram0/disksize)" $((100 << 30))
	between "cost of 100 GB in kB" $((before - after)) -100000 1024
	between "mem_used_total" "$(stat_of 0 used)" 0 $((1 << 20))
	# At the start, in the middle and at the end.
	raw --kind random --block 64 write /dev/zram0 0 1024
	raw --kind random --block 64 write /dev/zram0 13000000 1024
	raw --kind random --block 64 write /dev/zram0 $((100 * 262144 * 4096 / page_size - 1024)) 1024
	used=$(stat_of 0 used)
	between "mem_used_total of 12 MB" "$used" $((12 << 20)) $((13 << 20))
	full=$(settled_free)
	# Free memory wavers by some 100 kB; see little_is_lost.
	between "cost of 12 MB in kB" $((after - full)) $(((12 << 10) - 180)) $((13 << 10))
	raw --kind random --block 64 check /dev/zram0 13000000 1024
	reset_device 0
	between "cost after reset in kB" $((before - $(settled_free))) -100000 1024
	unload
}

# The kernel's own zram in between takes the compression libraries away with it.
test_change_over()
{
	local before

	load
	before=$(</sys/block/zram0/comp_algorithm)
	unload
	modules=intree load
	modules=intree unload
	load
	equal comp_algorithm "$(</sys/block/zram0/comp_algorithm)" "$before"
	unload
}
