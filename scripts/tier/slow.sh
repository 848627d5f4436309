# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034 # variables of those who source it
#
# slow.sh - what hog.sh and readback.sh begin with: a slow disk, and what is said of it.

set -Eeuo pipefail
shopt -s inherit_errexit

here=$(realpath "${BASH_SOURCE[0]%/*}")
modules=ours
# shellcheck source=scripts/tests/guest/lib.sh
. "$here/lib.sh"

trap 'echo "${BASH_SOURCE[0]##*/}:$LINENO: failed: $BASH_COMMAND" >&2' ERR

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
