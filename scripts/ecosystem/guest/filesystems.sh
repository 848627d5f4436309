# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of lib.sh
#
# filesystems.sh - made, filled to the last block, checked, and read again.

# shellcheck source=scripts/ecosystem/guest/system.sh
. "$here/system.sh"

# A file of programs: they compress, and no two of their pages are alike.
make_sample()
{
	sample=$scratch/sample
	cat /usr/bin/[a-m]* 2>/dev/null | head -c 16M >"$sample" || true
	equal "the sample's size" "$(stat -c %s "$sample")" $((16 << 20))
}

# Fills the file system with copies of the sample; the last is cut short. Sets copies.
fill()
{
	copies=0
	while cp "$sample" "$scratch/mnt/$copies" 2>"$scratch/error"; do
		copies=$((copies + 1))
		((copies < 100)) || fail "there is no end of room"
	done
	grep -q 'No space left' "$scratch/error" || fail "$(<"$scratch/error")"
	sync -f "$scratch/mnt"
	((copies >= 8)) || fail "there is room for $copies copies only"
}

compare()
{
	local i

	for ((i = 0; i < copies; i++)); do
		cmp "$sample" "$scratch/mnt/$i"
	done
}

# try_fs SIZE MKFS-COMMAND CHECK-COMMAND - each is words, to which the device is added.
try_fs()
{
	local dev id sample copies full

	make_sample
	new_device "$1" zstd
	mkdir "$scratch/mnt"
	# shellcheck disable=SC2086
	$2 "$dev"
	mount "$dev" "$scratch/mnt"
	fill
	umount "$scratch/mnt"
	# shellcheck disable=SC2086
	$3 "$dev" || fail "the file system is damaged"
	drop_caches
	mount "$dev" "$scratch/mnt"
	compare
	full=$(stat_of "$id" used)
	rm "$scratch/mnt"/[0-9]*
	sync -f "$scratch/mnt"
	fstrim -v "$scratch/mnt"
	between "memory after all is removed and trimmed" "$(stat_of "$id" used)" 0 $((full / 4))
	umount "$scratch/mnt"
	# shellcheck disable=SC2086
	$3 "$dev" || fail "the file system is damaged after fstrim"
	drop_device
}

test_ext4()
{
	try_fs 256M 'mkfs.ext4 -q' 'e2fsck -fn'
}

test_xfs()
{
	try_fs 320M 'mkfs.xfs -q' 'xfs_repair -n'
}

test_btrfs()
{
	try_fs 256M 'mkfs.btrfs -q' 'btrfs check --readonly'
}
