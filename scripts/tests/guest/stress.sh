# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of lib.sh
#
# stress.sh - everything at once; see stress.h.
#
# $STRESS has options for the program, and $POOL the kinds of pool of both devices.

# Where the kernel has groups for memory.
make_cgroup()
{
	[[ -e /proc/cgroups ]] || return 0
	mount -t cgroup2 cgroup2 /sys/fs/cgroup || return 0
	echo +memory >/sys/fs/cgroup/cgroup.subtree_control || return 0
	mkdir /sys/fs/cgroup/stress
} 2>/dev/null

# Gives zram0 a backing device that is smaller than it, where the kernel can, zram1 a disk for
# a packed log, which pages of 4 KiB may have, and both a secondary algorithm.
make_tiers()
{
	local device

	for device in 0 1; do
		accepts "/sys/block/zram$device/recomp_algorithm" algo=zstd
	done
	if ! modprobe -q loop; then
		options+=(--without writeback --without tier)
		return
	fi
	tiers=1
	truncate -s 8M "$scratch/backing"
	losetup /dev/loop0 "$scratch/backing"
	accepts /sys/block/zram0/backing_dev /dev/loop0
	((page_size != 4096)) || accepts /sys/block/zram1/writeback_packed 1
	accepts /sys/block/zram1/backing_dev "$DISK_1"
}

# What writes back by itself was at work: on both devices, which each have a layout.
tiers_worked()
{
	local device written

	for device in 0 1; do
		echo "zram$device: $(<"/sys/block/zram$device/writeback_state")," \
			"$(<"/sys/block/zram$device/writeback_stat"), log $(<"/sys/block/zram$device/writeback_log")"
		read -r written _ <"/sys/block/zram$device/writeback_stat"
		((written)) || fail "zram$device wrote nothing back by itself"
	done
}

test_all()
{
	local device options tiers='' pool=${POOL:-classes}

	load num_devices=3
	make_cgroup
	read -ra options <<<"${STRESS-}"
	make_tiers
	accepts /sys/block/zram0/pool "${pool%,*}"
	accepts /sys/block/zram1/pool "${pool#*,}"
	set_up 1 '' 128M
	swap_on /dev/zram1
	(cd "$here" && ./stress "${options[@]}" "$corpus")
	cat /sys/block/zram{0,1}/{mm_stat,io_stat}
	[[ -z $tiers || " ${options[*]} " == *' --without tier '* ]] || tiers_worked
	equal "failed reads" "$(awk '{ print $1 }' /sys/block/zram0/io_stat)" 0
	swapoff /dev/zram1
	for device in 0 1; do
		reset_device "$device"
		equal "memory of zram$device after its reset" "$(stat_of "$device" used)" 0
	done
	unload
}
