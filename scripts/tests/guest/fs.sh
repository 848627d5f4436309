# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of lib.sh
#
# fs.sh - a file system on a device that was added.

# make_fs SIZE - ext4 on a new device; sets id.
make_fs()
{
	load
	id=$(add_device)
	equal "the first added device" "$id" 1
	set_up "$id" '' "$1"
	mke2fs -q -t ext4 -F "/dev/zram$id"
	mkdir -p "$scratch/mnt"
}

check_fs()
{
	e2fsck -fn "/dev/zram$id" || fail "the file system is damaged"
}

# fio_verify NAME OPTION... - writes at random offsets and verifies all of it.
fio_verify()
{
	fio --name="$1" --directory="$scratch/mnt" --size=12M --rw=randwrite --bsrange=4k-64k \
		--blockalign=4k --verify=crc32c --do_verify=1 --verify_fatal=1 --randseed=7 \
		--buffer_compress_percentage=50 --refill_buffers --thread --output-format=terse \
		"${@:2}" >"$scratch/$1.fio" ||
		{
			cat "$scratch/$1.fio"
			fail "fio $1"
		}
}

test_ext4()
{
	local id

	make_fs 96M
	mount "/dev/zram$id" "$scratch/mnt"
	fio_verify buffered --ioengine=psync --fsync=64
	fio_verify direct --ioengine=libaio --direct=1 --iodepth=8 --verify=xxhash
	cp "$here/swapper" "$scratch/mnt/kept"
	umount "$scratch/mnt"
	check_fs
	mount "/dev/zram$id" "$scratch/mnt"
	cmp "$here/swapper" "$scratch/mnt/kept"
	umount "$scratch/mnt"
	equal "failed I/O" "$(awk '{ print $1 + $2 }' "/sys/block/zram$id/io_stat")" 0
	reset_device "$id"
	remove_device "$id"
	unload
}

# fstrim gives memory back.
test_trim()
{
	local id before full after

	make_fs 64M
	mount "/dev/zram$id" "$scratch/mnt"
	sync
	before=$(stat_of "$id" used)
	dd if="$corpus" of="$scratch/mnt/file" bs=1M count=16 conv=fsync status=none
	full=$(stat_of "$id" used)
	between "memory with a file of 16 MB" "$full" $((before + (2 << 20))) $((before + (16 << 20)))
	rm "$scratch/mnt/file"
	sync
	fstrim "$scratch/mnt"
	after=$(stat_of "$id" used)
	between "memory after fstrim" "$after" 0 $((before + (512 << 10)))
	umount "$scratch/mnt"
	check_fs
	reset_device "$id"
	remove_device "$id"
	unload
}

# A file system that comes to mem_limit: its writer is told, what was synced stays, and it
# is usable again when the limit is lifted.
test_at_limit()
{
	local id limit=$((24 << 20))

	make_fs 150M
	echo "$limit" >"/sys/block/zram$id/mem_limit"
	mount "/dev/zram$id" "$scratch/mnt"
	head -c 8M "$corpus" >"$scratch/mnt/old"
	sync
	fails dd if=/dev/urandom of="$scratch/mnt/big" bs=1M count=60 conv=fsync status=none
	between mem_used_total "$(stat_of "$id" used)" $((22 << 20)) "$limit"
	between mem_used_max "$(stat_of "$id" max)" $((22 << 20)) "$limit"
	between "failed writes" "$(awk '{ print $2 }' "/sys/block/zram$id/io_stat")" 1 1000000
	drop_caches
	cmp -n 8388608 "$corpus" "$scratch/mnt/old"
	echo 0 >"/sys/block/zram$id/mem_limit"
	rm -f "$scratch/mnt/big" || true
	umount "$scratch/mnt"
	e2fsck -fy "/dev/zram$id" || true
	check_fs
	mount "/dev/zram$id" "$scratch/mnt"
	cmp -n 8388608 "$corpus" "$scratch/mnt/old"
	dd if=/dev/urandom of="$scratch/mnt/more" bs=1M count=60 conv=fsync status=none
	umount "$scratch/mnt"
	check_fs
	reset_device "$id"
	remove_device "$id"
	unload
}
