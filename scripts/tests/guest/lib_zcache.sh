# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154 # variables of lib.sh, and for the cases
#
# lib_zcache.sh - what the cases of dm-zcache share.

disk_sectors=$((32 << 11))

# begin - the target, and a disk of 32 MiB. Sets disk.
begin()
{
	load_libraries
	modprobe dm_mod
	insmod "$here/zsm.ko"
	insmod "$here/dm-zcache.ko"
	disk=$DISK_1
}

# cache NAME DEVICE LIMIT [ARGUMENT...] - /dev/mapper/NAME before all of a device.
cache()
{
	dmsetup create --noudevsync "$1" --table "0 $disk_sectors zcache $2 $3 ${*:4}"
	dmsetup mknodes "$1"
}

# of NAME FIELD - a number from the status line.
of()
{
	dmsetup status "$1" | awk -v f="$2" '{ for (i = 4; i < NF; i++) if ($i == f) print $(i + 1) }'
}

# below NAME TARGET... - a device of device-mapper's own over the disk.
below()
{
	dmsetup create --noudevsync "$1" --table "0 $disk_sectors ${*:2}"
	dmsetup mknodes "$1"
}

# drop_page_cache - so that files are read anew. Not drop_caches, which asks every shrinker,
# the cache's included, for all it has.
drop_page_cache()
{
	sync
	echo 1 >/proc/sys/vm/drop_caches
}
