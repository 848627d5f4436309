# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of lib.sh
#
# hotplug.sh - processors come and go under I/O.

cpu1=/sys/devices/system/cpu/cpu1/online

# Takes the second CPU away and gives it back, until killed.
toggle_cpu()
{
	while :; do
		echo 0 >$cpu1
		sleep 0.1
		echo 1 >$cpu1
		sleep 0.1
		echo toggled
	done >"$scratch/toggled"
}

test_fio()
{
	local toggler toggled

	load
	set_up 0 lz4 32M
	toggle_cpu &
	toggler=$!
	background+=("$toggler")
	fio --name=hotplug --filename=/dev/zram0 --ioengine=libaio --direct=1 --iodepth=4 --numjobs=2 \
		--size=12M --offset_increment=12M --rw=randwrite --bsrange=4k-64k --blockalign=4k \
		--verify=crc32c --do_verify=1 --verify_fatal=1 --refill_buffers \
		--buffer_compress_percentage=50 --output-format=terse --thread
	kill "$toggler"
	wait "$toggler" || true
	toggled=$(wc -l <"$scratch/toggled")
	echo "toggled $toggled times"
	between "times that CPU 1 came and went" "$toggled" 2 10000
	equal "failed I/O" "$(awk '{ print $1 + $2 }' /sys/block/zram0/io_stat)" 0
	echo 1 >$cpu1
	unload
}

# What was set up with one CPU works with two, and the other way round.
test_later_cpu()
{
	load
	echo 0 >$cpu1
	set_up 0 zstd 16M
	equal "max_comp_streams with one CPU" "$(cat /sys/block/zram0/max_comp_streams)" 1
	raw write /dev/zram0 0 128
	echo 1 >$cpu1
	equal "max_comp_streams with two CPUs" "$(cat /sys/block/zram0/max_comp_streams)" 2
	taskset -c 1 "$here/rawio" write /dev/zram0 128 128
	taskset -c 1 "$here/rawio" check /dev/zram0 0 256
	echo 0 >$cpu1
	raw check /dev/zram0 0 256
	reset_device 0
	echo 1 >$cpu1
	unload
}
