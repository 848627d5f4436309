# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of lib.sh
#
# cold.sh - where the oldest pages of a swap device go by themselves, packed; and what
# becomes of them when the machine sleeps, or has no memory left.

# What makes backing devices.
# shellcheck source=scripts/tests/guest/lib_backing.sh
. "$here/lib_backing.sh"

# begin DEVICE - a zram device of which no more than 4 MiB stay in memory.
begin()
{
	accepts $sys/backing_dev "$1"
	accepts $sys/writeback_packed 1
	set_up 0 lz4 64M
	accepts $sys/mem_limit 4M
	accepts $sys/writeback_auto 1
}

pages_in_log()
{
	awk '{ print $1 }' $sys/writeback_log
}

# A program's memory goes there, and comes back.
goes_to()
{
	load
	begin "$1"
	swaps pages_in_log
}

test_partition()
{
	modprobe loop
	truncate -s 80M "$scratch/backing"
	echo '2048,,L' | sfdisk --quiet --label dos "$scratch/backing"
	loop=$(losetup --find --show --partscan "$scratch/backing")
	eventually 10 test -b "${loop}p1"
	goes_to "${loop}p1"
	losetup -d "$loop"
}

# dm TARGET... - /dev/mapper/backing, of device-mapper, on a loop device of 64 MiB.
dm()
{
	loop_device 64M
	modprobe dm_mod
	dmsetup create --noudevsync backing --table "0 $((64 << 11)) ${*//LOOP/$loop}"
	dmsetup mknodes backing
}

dm_end()
{
	dmsetup remove --noudevsync backing
	losetup -d "$loop"
}

# A logical volume is one.
test_linear()
{
	dm linear LOOP 0
	goes_to /dev/mapper/backing
	dm_end
}

test_crypt()
{
	modprobe dm_crypt
	dm crypt aes-xts-plain64 "$(repeated 5a 64)" 0 LOOP 0
	goes_to /dev/mapper/backing
	dm_end
}

# Another machine's, or its memory.
test_nbd()
{
	modprobe nbd max_part=0
	truncate -s 64M "$scratch/backing"
	printf '%s\n' '[generic]' "unixsock = $scratch/nbd" 'allowlist = true' \
		'[cold]' "exportname = $scratch/backing" >"$scratch/nbd.conf"
	ip link set lo up
	nbd-server --config-file "$scratch/nbd.conf"
	eventually 10 test -S "$scratch/nbd"
	nbd-client -unix "$scratch/nbd" /dev/nbd0 -name cold
	goes_to /dev/nbd0
	nbd-client -d /dev/nbd0
	pkill nbd-server
	eventually 10 rmmod nbd
}

# Another zram device, whose pages may leave it too.
test_zram()
{
	local id

	loop_device 64M
	load
	id=$(add_device)
	accepts "/sys/block/zram$id/backing_dev" "$loop"
	accepts "/sys/block/zram$id/writeback_packed" 1
	set_up "$id" zstd 64M
	accepts "/sys/block/zram$id/mem_limit" 6M
	accepts "/sys/block/zram$id/writeback_auto" 1
	begin "/dev/zram$id"
	swap_on /dev/zram0
	swapper_held 24 --pageout --orders seq,random
	between "pages in the other one" "$(pages_in_log)" 500 100000
	swapper_finish
	swapoff /dev/zram0
	reset_device 0
	unload
	losetup -d "$loop"
}

# ---- The machine ------------------------------------------------------------------

# sleeps COMMAND... - while a program's memory goes to a disk, and comes back.
sleeps()
{
	local before

	loop_device 64M
	load
	begin "$loop"
	swap_on /dev/zram0
	swapper_held 24 --pageout --orders seq,random
	# Something is on its way when it falls asleep.
	"$here/swapper" --mb 8 --pageout --orders random,seq,random "$corpus" >"$scratch/other" 9>&- &
	background+=($!)
	before=$(dmesg | grep -c 'PM: .*exit' || true)
	"$@"
	((before < $(dmesg | grep -c 'PM: .*exit'))) || fail "the machine has not slept"
	wait $! || fail "the other program: $(<"$scratch/other")"
	swap_ends
	losetup -d "$loop"
}

# The image goes to a disk, and from there back into memory.
hibernate()
{
	stat -Lc '%Hr:%Lr' "$DISK_1" >/sys/power/resume
	echo test_resume >/sys/power/disk
	echo disk >/sys/power/state
}

test_hibernate()
{
	[[ $(uname -r) != 6.1.* ]] || skip "6.1 does not read an image back from swap that is in use"
	mkswap --quiet "$DISK_1"
	swapon --priority 0 "$DISK_1"
	sleeps hibernate
	swapoff "$DISK_1"
}

# One program eats all memory until it is killed; another one finds every page.
test_out_of_memory()
{
	loop_device 64M
	load
	accepts $sys/backing_dev "$loop"
	accepts $sys/writeback_packed 1
	set_up 0 lz4 256M
	accepts $sys/writeback_auto 1
	swap_on /dev/zram0
	swapper_held 24 --pageout --orders seq,random
	(
		echo 1000 >/proc/self/oom_score_adj
		exec "$here/swapper" --times-free 5 --real 0 --orders seq "$corpus" 9>&-
	) >"$scratch/hog" 2>&1 || true
	dmesg | grep -q 'Out of memory' || fail "there was memory enough: $(tail -n 3 "$scratch/hog")"
	swap_ends
	losetup -d "$loop"
}

# To memory; the clock wakes the machine.
test_suspend()
{
	modprobe rtc_cmos 2>/dev/null || true
	sleeps rtcwake --device /dev/rtc0 --mode mem --seconds 3
}
