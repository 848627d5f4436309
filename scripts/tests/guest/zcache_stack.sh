# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of lib.sh
#
# zcache_stack.sh - dm-zcache between others: file systems, drivers, the tool.

# shellcheck source=scripts/tests/guest/lib_zcache.sh
. "$here/lib_zcache.sh"

# file_system TYPE COMMAND... - files on a new file system are read again from the cache,
# which the checker (COMMAND) then finds whole, on the disk itself.
file_system()
{
	local type=$1

	cp /usr/bin/{bash,grep,find,tar} "$scratch"
	mkdir -p "$scratch/mnt"
	mount -t "$type" /dev/mapper/c "$scratch/mnt"
	cp "$scratch"/{bash,grep,find,tar} "$scratch/mnt"
	(cd "$scratch/mnt" && sha256sum bash grep find tar) >"$scratch/sums"
	for _ in 1 2 3; do
		drop_page_cache
		(cd "$scratch/mnt" && sha256sum -c "$scratch/sums")
	done
	rm "$scratch/mnt/grep"
	sync
	between "hits" "$(of c hits)" 10 1000000
	umount "$scratch/mnt"
	dmsetup remove --noudevsync c
	"${@:2}" || fail "the file system is damaged"
}

test_ext4()
{
	begin
	cache c "$disk" 16
	mke2fs -q -t ext4 -F /dev/mapper/c
	file_system ext4 e2fsck -fn "$disk"
}

test_xfs()
{
	begin
	disk_sectors=$((380 << 11)) cache c "$disk" 16
	mkfs.xfs -q -f /dev/mapper/c
	file_system xfs xfs_repair -n "$disk"
}

test_btrfs()
{
	begin
	disk_sectors=$((380 << 11)) cache c "$disk" 16
	mkfs.btrfs -q -f /dev/mapper/c
	file_system btrfs btrfs check --readonly "$disk"
}

# On top of other drivers: all is right, and comes from the cache the second time.
test_stacking()
{
	local lower

	begin
	modprobe -a dm_crypt loop
	below crypt crypt aes-xts-plain64 "$(repeated 5a 64)" 0 "$disk" 0
	below linear linear "$disk" 0
	lower=$(losetup --find --show --sector-size 4096 --direct-io=off "$disk")
	for lower in /dev/mapper/crypt /dev/mapper/linear "$lower"; do
		cache c "$lower" 16 2 admit all
		raw --kind text write /dev/mapper/c 0 2000
		raw --kind text --block 16 check /dev/mapper/c 0 2000
		raw --kind text --block 16 --vary --shuffle check /dev/mapper/c 0 2000
		between "hits over $lower" "$(of c hits)" 1000 4000
		raw --kind text check "$lower" 0 2000
		dmsetup remove --noudevsync c
	done
	# What it has in the page cache of the disk must not go there later.
	losetup --detach "$lower"
	blockdev --flushbufs "$disk"
	cache c "$disk" 16 2 admit all
	cache d /dev/mapper/c 8 2 admit all
	raw --gen 2 write /dev/mapper/d 0 1000
	raw --gen 2 check /dev/mapper/d 0 1000
	raw --gen 2 check /dev/mapper/d 0 1000
	dmsetup remove --noudevsync d
}

# A disk that cannot be written to: reads are cached, writes are refused.
test_read_only_disk()
{
	local lower

	begin
	modprobe loop
	raw --kind text write "$disk" 0 500
	lower=$(losetup --find --show --read-only "$disk")
	dmsetup create --noudevsync --readonly c --table "0 $disk_sectors zcache $lower 8 2 admit all"
	dmsetup mknodes c
	raw --kind text --block 16 check /dev/mapper/c 0 500
	raw --kind text --block 16 check /dev/mapper/c 0 500
	between "hits" "$(of c hits)" 400 500
	equal "read-only" "$(blockdev --getro /dev/mapper/c)" 1
	fails dd if=/dev/zero of=/dev/mapper/c bs=4k count=1 oflag=direct status=none 2>/dev/null
}

# log_writes LOG TARGET... - what a series of writes of all kinds through the target
# comes to, as dm-log-writes writes it down.
log_writes()
{
	local log

	truncate -s 96M "$1"
	log=$(losetup --find --show "$1")
	below logged log-writes "$disk" "$log"
	below c "${@:2}"
	raw write /dev/mapper/c 0 1000
	raw check /dev/mapper/c 0 1000
	raw --gen 2 --block 7 write /dev/mapper/c 100 300
	dd if=/dev/mapper/c of=/dev/mapper/c bs=512 skip=3 seek=4001 count=300 iflag=direct oflag=direct status=none
	dd if="$here/swapper" of=/dev/mapper/c bs=64k count=4 oflag=direct,dsync status=none
	blkdiscard --offset 65536 --length 131072 /dev/mapper/c
	blkdiscard --zeroout --offset 1048576 --length 65536 /dev/mapper/c
	# The flush comes last: dm-log-writes writes down what waits for one when it goes, before
	# all that it has not come to by then.
	dd if="$here/swapper" of=/dev/mapper/c bs=12k count=4 seek=9 oflag=direct conv=fsync status=none
	dmsetup message logged 0 mark end
	dmsetup remove --noudevsync c
	dmsetup remove --noudevsync logged
	losetup -d "$log"
}

# The disk is written to as if the cache were not there.
test_writes_as_linear()
{
	begin
	modprobe -a dm_log_writes loop
	log_writes "$scratch/linear" linear /dev/mapper/logged 0
	log_writes "$scratch/cached" zcache /dev/mapper/logged 16 2 admit all
	between "entries in the log" \
		"$(od -An -t u8 -j 16 -N 8 "$scratch/linear")" 100 100000
	cmp "$scratch/linear" "$scratch/cached" || fail "the disk is written to in another way"
}

zcachectl()
{
	bash "$here/zcachectl" "$@"
}

# The tool: before a device that is free, and below one that is mounted.
test_zcachectl()
{
	begin
	fails zcachectl attach /dev/null 8 2>/dev/null
	fails zcachectl attach "$disk" many 2>/dev/null
	fails zcachectl detach c 2>/dev/null
	fails zcachectl status c 2>/dev/null
	matches "a refusal" "$(zcachectl attach "$disk" 0 2>&1)" '.*the limit is 0.*'
	equal "attached" "$(zcachectl attach --name c "$disk" 8 admit all)" /dev/mapper/c
	fails zcachectl attach --name c "$disk" 8 2>/dev/null
	raw write /dev/mapper/c 0 500
	raw check /dev/mapper/c 0 500
	raw check /dev/mapper/c 0 500
	matches "status" "$(zcachectl status c | tail -n 1)" 'c +8\.0 .*'
	zcachectl status
	zcachectl limit c 2
	equal "limit" "$(of c limit)" $((2 << 20))
	zcachectl drop c
	equal "objects" "$(of c objects)" 0
	equal "lines" "$(zcachectl status --every 1 --count 2 c | wc -l)" 3
	zcachectl detach c
	raw check "$disk" 0 500

	below v linear "$disk" 0
	mke2fs -q -t ext4 -F /dev/mapper/v
	mkdir "$scratch/mnt"
	mount /dev/mapper/v "$scratch/mnt"
	cp /usr/bin/bash "$scratch/mnt"
	equal "attached" "$(zcachectl attach "$(realpath /dev/mapper/v)" 8 admit all)" /dev/mapper/v
	for _ in 1 2 3; do
		drop_page_cache
		cmp /usr/bin/bash "$scratch/mnt/bash"
	done
	between "hits" "$(of v hits)" 100 100000
	zcachectl detach v
	matches "table" "$(dmsetup table v)" '0 [0-9]+ linear .*'
	drop_page_cache
	cmp /usr/bin/bash "$scratch/mnt/bash"
	umount "$scratch/mnt"
	e2fsck -fn /dev/mapper/v
}

# What a file has is attached once, and goes again; a bad line keeps no other from it.
test_boot()
{
	local conf=$scratch/zcache.conf below

	begin
	modprobe loop
	mke2fs -q -t ext4 -F -L stick "$disk" 16M
	truncate -s 32M "$scratch/image"
	below=$(losetup --find --show "$scratch/image")
	below v linear "$below" 0
	raw write /dev/mapper/v 0 100
	printf '%s\n' '# name device MiB arguments' 'c LABEL=stick 8 admit all # the stick' '' \
		'- /dev/mapper/v 4' 'd /dev/nowhere 4' >"$conf"
	exec 8</dev/mapper/v
	zcachectl start --present "$conf"
	matches "c" "$(dmsetup table c)" "0 [0-9]+ zcache .* admit all .*"
	matches "v" "$(dmsetup table v)" '0 [0-9]+ zcache .*'
	raw check /dev/mapper/v 0 100
	matches "complaint" "$(zcachectl start "$conf" 2>&1 || true)" '.*/dev/nowhere is not there'
	fails zcachectl start "$conf" 2>/dev/null
	echo 'e LABEL=stick' >>"$conf"
	matches "complaint" "$(zcachectl start "$conf" 2>&1 || true)" ".*not 'e LABEL=stick'"
	zcachectl stop "$conf"
	matches "v" "$(dmsetup table v)" '0 [0-9]+ linear .*'
	fails dmsetup info c >/dev/null 2>&1
	exec 8<&-
	dmsetup remove --noudevsync v
	fails zcachectl start "$scratch/none" 2>/dev/null
}

# What the initial RAM disk does for the root file system, by its own names.
test_root()
{
	begin
	mkdir -p /scripts /conf
	cat >/scripts/functions <<-'EOF'
		resolve_device() { realpath "$1"; }
		log_warning_msg() { echo "warning: $*"; }
		modprobe() { [ "$2" = dm-zcache ]; }
	EOF
	printf '%s\n' 'c /dev/nowhere 4' "root $disk 8 codec lz4 # root's" >/etc/zcache.conf
	ROOT=/dev/nowhere sh "$here/local-premount" >"$scratch/said"
	matches "another root" "$(<"$scratch/said")" 'warning: .*'
	[[ ! -s /conf/param.conf ]] || fail "another root was told of"
	ROOT=$disk sh "$here/local-premount" >"$scratch/said"
	equal "complaint" "$(<"$scratch/said")" ''
	equal "param.conf" "$(</conf/param.conf)" ROOT=/dev/mapper/root
	matches "root" "$(dmsetup table root)" '0 [0-9]+ zcache [0-9:]+ 8 .* codec lz4 .*'
	dmsetup remove --noudevsync root
	rm -r /scripts /conf /etc/zcache.conf
}
