# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of lib.sh
#
# busy.sh - a device in use can be neither reset nor removed, and loses nothing.

is_busy()
{
	rejects EBUSY "/sys/block/zram$1/reset" 1
	rejects EBUSY /sys/class/zram-control/hot_remove "$1"
	equal "initstate of a busy device" "$(cat "/sys/block/zram$1/initstate")" 1
}

test_swap()
{
	load
	set_up 0 '' 64M
	swap_on /dev/zram0
	swapper_held 16 --pageout --orders seq,random
	between "orig_data_size with swapped pages" "$(stat_of 0 orig)" $((12 << 20)) $((20 << 20))
	is_busy 0
	fails rmmod zram
	swapper_finish
	is_busy 0
	swapoff /dev/zram0
	accepts /sys/block/zram0/reset 1
	unload
}

test_mounted()
{
	load
	set_up 0 '' 32M
	mke2fs -q -t ext4 -F /dev/zram0
	mkdir "$scratch/mnt"
	mount /dev/zram0 "$scratch/mnt"
	dd if="$corpus" of="$scratch/mnt/file" bs=1M count=4 conv=fsync status=none
	is_busy 0
	fails rmmod zram
	drop_caches
	cmp -n $((4 << 20)) "$corpus" "$scratch/mnt/file"
	umount "$scratch/mnt"
	e2fsck -fn /dev/zram0
	accepts /sys/class/zram-control/hot_remove 0
	unload
}

test_open()
{
	load
	set_up 0 '' 16M
	raw --block 64 write /dev/zram0 0 1024
	exec 8</dev/zram0
	is_busy 0
	raw --block 64 check /dev/zram0 0 1024
	exec 8<&-
	raw --block 64 check /dev/zram0 0 1024
	# Open and not set up yet: not to be removed either.
	accepts /sys/block/zram0/reset 1
	exec 8</dev/zram0
	rejects EBUSY /sys/class/zram-control/hot_remove 0
	exec 8<&-
	accepts /sys/class/zram-control/hot_remove 0
	unload
}

# A reset gives all the memory back, and the device can be set up again, otherwise.
test_reset()
{
	local size

	load
	for size in 4096 2048 16384; do
		set_up 0 '' $((size * page_size))
		raw --block 64 write /dev/zram0 0 1024
		reset_device 0
		equal disksize "$(cat /sys/block/zram0/disksize)" 0
		equal "size of the block device" "$(cat /sys/block/zram0/size)" 0
		equal mm_stat "$(awk '{ print $1, $2, $3, $6, $8 }' /sys/block/zram0/mm_stat)" "0 0 0 0 0"
	done
	set_up 0 zstd $((4096 * page_size))
	raw --block 64 --kind zero check /dev/zram0 0 1024
	unload
}

# Resets and removals that race with opens and I/O: each succeeds or says EBUSY.
test_race()
{
	local i tries writer answer busy=0

	load
	for ((i = 0; i < 8; i++)); do
		set_up 0 '' 16M
		"$here/rawio" --block 16 --gen "$i" write /dev/zram0 0 512 >"$scratch/write" &
		writer=$!
		for ((tries = 0; tries < 1000; tries++)); do
			answer=$(write_knob /sys/block/zram0/reset 1)
			[[ $answer == EBUSY ]] || break
			busy=$((busy + 1))
		done
		equal "reset under writes" "$answer" ok
		# The writer has finished, or had no device to open or write to.
		wait "$writer" || true
	done
	echo "$busy times EBUSY"
	equal "orig_data_size" "$(stat_of 0 orig)" 0
	unload
}

test_hot_add_remove()
{
	local i

	load
	for i in 1 2 3; do
		equal "id of a new device" "$(add_device)" "$i"
		[[ -b /dev/zram$i ]] || fail "no /dev/zram$i"
	done
	set_up 2 '' 16M
	raw --block 64 write /dev/zram2 0 256
	accepts /sys/class/zram-control/hot_remove 2
	[[ ! -e /sys/block/zram2 ]] || fail "zram2 is still there"
	rejects ENODEV /sys/class/zram-control/hot_remove 2
	equal "the lowest free id" "$(add_device)" 2
	set_up 2 '' 16M
	raw --block 64 --kind zero check /dev/zram2 0 256
	for i in 0 1 2 3; do
		accepts /sys/class/zram-control/hot_remove "$i"
	done
	equal "id with no device left" "$(add_device)" 0
	unload
}

test_num_devices()
{
	load num_devices=4
	equal "devices" "$(cd /sys/block && echo zram*)" "zram0 zram1 zram2 zram3"
	equal "id of a new device" "$(add_device)" 4
	set_up 3 '' 8M
	raw write /dev/zram3 0 64
	unload
}

# zsm cannot go while zram needs it.
test_module_order()
{
	[[ $modules == ours ]] || return 0
	load
	fails rmmod zsm
	set_up 0 '' 4M
	raw write /dev/zram0 0 16
	raw check /dev/zram0 0 16
	unload
}
