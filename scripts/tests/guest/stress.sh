# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of lib.sh
#
# stress.sh - everything at once; see stress.h.
#
# $STRESS has options for the program.

# Where the kernel has groups for memory.
make_cgroup()
{
	[[ -e /proc/cgroups ]] || return 0
	mount -t cgroup2 cgroup2 /sys/fs/cgroup || return 0
	echo +memory >/sys/fs/cgroup/cgroup.subtree_control || return 0
	mkdir /sys/fs/cgroup/stress
} 2>/dev/null

test_all()
{
	local device options

	load num_devices=3
	make_cgroup
	set_up 1 '' 128M
	swap_on /dev/zram1
	read -ra options <<<"${STRESS-}"
	(cd "$here" && ./stress "${options[@]}" "$corpus")
	cat /sys/block/zram{0,1}/{mm_stat,io_stat}
	equal "failed reads" "$(awk '{ print $1 }' /sys/block/zram0/io_stat)" 0
	swapoff /dev/zram1
	for device in 0 1; do
		reset_device "$device"
		equal "memory of zram$device after its reset" "$(stat_of "$device" used)" 0
	done
	unload
}
