# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of lib.sh
#
# system.sh - what the topics here share: a system that has its driver installed, and
# that had swap set up when it booted.

generator_units=(dev-zram0.swap systemd-zram-setup@zram0.service)

# Gives up what was set up at boot, if it is still there.
give_up_boot_swap()
{
	[[ ! -e /sys/block/zram0 ]] || udevadm settle
	systemctl stop "${generator_units[@]}"
	! is_loaded || modprobe -r zram
	! is_loaded || fail "the driver cannot be unloaded"
}

# new_device SIZE [ALGORITHM] - by zramctl, on a freshly loaded driver; sets dev and id.
new_device()
{
	give_up_boot_swap
	modprobe zram
	udevadm settle
	dev=$(zramctl --find --size "$1" --algorithm "${2:-lz4}")
	id=${dev#/dev/zram}
	[[ -b $dev ]] || fail "zramctl made '$dev'"
}

# zramctl resets the device, and removes it. Nobody may have it open any more, udev's
# helpers included.
drop_device()
{
	equal "failed I/O" "$(awk '{ print $1 + $2 }' "/sys/block/zram$id/io_stat")" 0
	cat "/sys/block/zram$id/mm_stat"
	udevadm settle
	zramctl --reset "$dev"
	[[ ! -e /sys/block/zram$id ]] || fail "zramctl has not removed $dev"
}
