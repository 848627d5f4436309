# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034 # variables of those who source it
#
# slow.sh - a slow disk, and what is said of it.

disk=/dev/mapper/slow

# say METRIC VALUE
say()
{
	local line="$kind $1 $2"

	echo "$line" >>"$RESULTS/results"
	echo "@$line"
}

# disk_stat FIELD - of the slow disk, as Documentation/block/stat.rst counts them.
disk_stat()
{
	awk -v f="$1" '{ print $f }' "/sys/dev/block/$(stat -Lc %Hr:%Lr "$disk")/stat"
}

# slow_disk MILLISECONDS - that each read and write takes.
slow_disk()
{
	modprobe -a dm_mod dm_delay
	dmsetup create --noudevsync slow --table "0 $(blockdev --getsz "$DISK_1") delay $DISK_1 0 $1"
	dmsetup mknodes slow
}
