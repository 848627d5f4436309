# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of lib.sh
#
# setup.sh - zsmctl setup --permanent, and what is there after a reboot. Each case begins
# with a boot, and with what those before have left: stages.sh runs them.

# shellcheck source=scripts/ecosystem/guest/system.sh
. "$here/system.sh"

rule=/etc/udev/rules.d/90-zsmctl.rules
conf=/etc/systemd/zram-generator.conf.d/zsmctl.conf
service=/etc/systemd/system/zsmctl-swap.service

# set_up_for_good FILE... - and these, alone, are written for the boot.
set_up_for_good()
{
	local file start=$EPOCHREALTIME

	zsmctl setup --permanent
	awk -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN { printf "zsmctl setup took %.1f s\n", b - a }'
	check_set_up
	for file in "$rule" "$conf" "$service"; do
		if [[ " $* " == *" $file "* ]]; then
			[[ -s $file ]] || fail "$file is not there"
		else
			[[ ! -e $file ]] || fail "$file is there"
		fi
	done
}

# Swap is as setup proposes it.
check_set_up()
{
	local kb

	kb=$(meminfo MemTotal)
	matches "swap" "$(swapon --show=NAME,PRIO --noheadings --raw)" '/dev/zram0 100'
	matches "comp_algorithm" "$(</sys/block/zram0/comp_algorithm)" '.*\[w64\].*'
	matches "recomp_algorithm" "$(</sys/block/zram0/recomp_algorithm)" '#1:.*\[w64hc\].*'
	equal "recompress_auto" "$(</sys/block/zram0/recompress_auto)" 1
	between "mem_limit" "$(stat_of 0 limit)" $((kb * 1024 / 2 - (2 << 20))) $((kb * 1024 / 2 + (2 << 20)))
	between "disksize" "$(</sys/block/zram0/disksize)" $((kb * 1024 - (4 << 20))) $((kb * 1024 + (4 << 20)))
	zsmctl status
	check_units
}

check_units()
{
	equal "units that failed" "$(systemctl list-units --failed --plain --no-legend)" ''
}

# Nothing of what setup does, or writes, is there.
check_nothing()
{
	local file

	equal "swap" "$(swapon --show=NAME --noheadings --raw)" ''
	[[ ! -e /dev/zram0 ]] || fail "the device is there"
	for file in "$rule" "$conf" "$service" /etc/systemd/system/*/zsmctl-swap.service; do
		[[ ! -e $file && ! -L $file ]] || fail "$file is there"
	done
	check_units
}

# A machine on which nothing is set up, with the generator.
test_by_generator()
{
	give_up_boot_swap
	rm /etc/systemd/zram-generator.conf
	systemctl daemon-reload
	set_up_for_good "$conf" "$rule"
}

test_by_generator_after_a_reboot()
{
	check_set_up
	systemctl is-active "${generator_units[@]}"
	zsmctl remove
	check_nothing
}

# And without the generator.
test_by_service()
{
	check_nothing
	dpkg --purge systemd-zram-generator
	set_up_for_good "$service"
}

test_by_service_after_a_reboot()
{
	check_set_up
	systemctl is-active zsmctl-swap.service
	zsmctl remove
	check_nothing
}

test_nothing_is_left()
{
	check_nothing
	! is_loaded || fail "the driver is loaded"
}
