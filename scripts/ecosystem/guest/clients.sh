# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of lib.sh
#
# clients.sh - the programs that set zram devices up.

# shellcheck source=scripts/ecosystem/guest/system.sh
. "$here/system.sh"

# The driver that is loaded is the one that was installed.
check_driver()
{
	if [[ $modules == intree ]]; then
		matches "the driver's file" "$(modinfo -n zram)" '.*/kernel/.*'
		[[ ! -e /sys/module/zram/version ]] || fail "the driver has a version"
	else
		matches "the driver's file" "$(modinfo -n zram)" '.*/updates/dkms/.*'
		equal "the driver's version" "$(</sys/module/zram/version)" "$(modinfo -F version zram)"
		equal "the driver's build" "$(</sys/module/zram/srcversion)" "$(modinfo -F srcversion zram)"
	fi
}

swap_of_zram()
{
	swapon --show=NAME,PRIO --noheadings --raw | grep '^/dev/zram' || true
}

# What systemd-zram-generator did when the system booted: this case has to be the first.
test_generator()
{
	local kb

	systemctl is-active "${generator_units[@]}"
	check_driver
	equal "swap" "$(swap_of_zram)" '/dev/zram0 100'
	matches "comp_algorithm" "$(</sys/block/zram0/comp_algorithm)" '.*\[zstd\].*'
	kb=$(meminfo MemTotal)
	between "disksize" "$(</sys/block/zram0/disksize)" $(((kb - 2048) * 1024)) $(((kb + 2048) * 1024))
	equal "units that failed" "$(systemctl list-units --failed --plain --no-legend)" ''
	systemctl stop "${generator_units[@]}"
	equal "swap afterwards" "$(swap_of_zram)" ''
	systemctl start dev-zram0.swap
	equal "swap of the second start" "$(swap_of_zram)" '/dev/zram0 100'
	give_up_boot_swap
}

# columns OPTION... - what zramctl shows of the device.
columns()
{
	zramctl --noheadings --raw --bytes --output NAME,DISKSIZE,ALGORITHM,STREAMS,DATA,ZERO-PAGES "$@"
}

# find_device OPTION... - prints the device that `zramctl --find' sets up. zramctl resets a
# device that it has added, and the driver refuses that while udev looks at it, the
# kernel's own as well: then the device is there, and unused, and is found again.
find_device()
{
	local tries

	for ((tries = 0; tries < 5; tries++)); do
		if zramctl --find "$@" 2>"$scratch/said"; then
			return
		fi
		cat "$scratch/said" >&2
		grep -q 'failed to reset: Device or resource busy' "$scratch/said" || return 1
		udevadm settle
	done
	fail "there is always a program that has the device open"
}

test_zramctl()
{
	local dev id first second

	give_up_boot_swap
	modprobe zram
	udevadm settle
	first=$(find_device --size 48M --algorithm zstd --streams 2)
	equal "the first device" "$first" /dev/zram0
	check_driver
	second=$(find_device --size 1G)
	equal "the second device" "$second" /dev/zram1
	udevadm settle
	matches "the list" "$(columns | tr '\n' ' ')" \
		'/dev/zram1 1073741824 [a-z0-9-]+ 2 [0-9]+ [0-9]+ /dev/zram0 50331648 zstd 2 [0-9]+ [0-9]+ |/dev/zram0 .* /dev/zram1 .*'
	dd if=/dev/zero of="$first" bs=1M count=2 oflag=direct status=none
	dd if=/usr/bin/bash of="$first" bs=64k count=4 oflag=direct status=none
	equal "2 MB, and pages of zeroes" "$(columns "$first" | cut -d' ' -f5,6)" \
		"2097152 $(</sys/block/zram0/mm_stat awk '{ print $6 }')"
	between "pages of zeroes" "$(stat_of 0 same)" 448 512
	zramctl "$first"
	dev=$first id=0
	drop_device
	dev=$second id=1
	drop_device
	equal "the list afterwards" "$(zramctl --noheadings)" ''
	first=$(find_device --size 16M)
	udevadm settle
	# It resets the device that it is given.
	zramctl --size 32M "$first"
	equal "the size" "$(<"/sys/block/${first#/dev/}/disksize")" 33554432
	fails find_device --size 16M --algorithm nonsense
	grep -q 'failed to set algorithm' "$scratch/said" || fail "it failed for another reason"
	udevadm settle
	zramctl --reset "$first"
}

test_zram_tools()
{
	give_up_boot_swap
	systemctl start zramswap.service
	check_driver
	equal "swap" "$(swap_of_zram)" '/dev/zram0 100'
	equal "the size" "$(</sys/block/zram0/disksize)" 268435456
	zramswap status
	systemctl restart zramswap.service
	equal "swap of the second start" "$(swap_of_zram)" '/dev/zram0 100'
	systemctl stop zramswap.service
	equal "swap afterwards" "$(swap_of_zram)" ''
	! is_loaded || fail "zramswap has not unloaded the driver"
}
