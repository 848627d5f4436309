# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of command-line.sh
#
# case_setup.sh - what zsmctl setup would do to recorded machines.

test_setup_shows_what_it_would_do()
{
	play none-6.12
	# As a machine that has loaded this zram.
	cp -r "$root" "$work/fresh" && root=$work/fresh
	mkdir -p "$root/sys/block/zram0" "$root/sys/module/zram"
	echo 0.1 >"$root/sys/module/zram/version"
	echo 0 >"$root/sys/block/zram0/disksize"
	echo '[lz4] w64 w64hc zstd' >"$root/sys/block/zram0/comp_algorithm"
	touch "$root/sys/block/zram0/"{recomp_algorithm,recompress_auto,backing_dev,writeback_auto}
	ends 0 --root "$root" setup --dry-run --memory 1M --size 4M || return 1
	says out 'zram0: swap for 4.0 MiB of pages in at most 1.0 MiB of the machine' \
		'echo w64 >/sys/block/zram0/comp_algorithm' \
		"echo 'algo=w64hc priority=1' >/sys/block/zram0/recomp_algorithm" \
		'echo 1 >/sys/block/zram0/recompress_auto' 'echo 4M >/sys/block/zram0/disksize' 'swapon -p 100 /dev/zram0' || return 1
	ends 0 --root "$root" setup --dry-run --permanent || return 1
	says out '/etc/systemd/system/zsmctl-swap.service:' 'ExecStart=/usr/sbin/zsmctl setup' \
		'systemctl enable zsmctl-swap.service' || return 1
	install -D /dev/null "$root/usr/lib/systemd/system-generators/zram-generator"
	ends 1 --root "$root" setup --dry-run --permanent --disk /dev/sdx && one_line &&
		says err '/dev/sdx has no name that lasts' || return 1
	mkdir -p "$root/dev/disk/by-partuuid"
	touch "$root/dev/sdx"
	ln -s ../../sdx "$root/dev/disk/by-partuuid/1234-01"
	ends 0 --root "$root" setup --dry-run --permanent --disk /dev/sdx || return 1
	says out '/etc/systemd/zram-generator.conf.d/zsmctl.conf:' '[zram0]' 'writeback-device = /dev/disk/by-partuuid/1234-01' \
		'/etc/udev/rules.d/90-zsmctl.rules:' || return 1
	touch "$root/sys/block/zram0/algorithm_params"
	ends 1 --root "$root" setup --dry-run --permanent --parameters 'level="3"' && one_line || return 1
	ends 0 --root "$root" setup --dry-run --parameters 'level="3"' || return 1
	ends 0 --root "$root" setup --dry-run --memory 25% && says out 'in at most 42 MiB' || return 1
	ends 2 --root "$root" setup --dry-run --memory 101% && one_line || return 1
	ends 0 --root "$root" setup --dry-run --memory 1M --mount /srv/fast --fs xfs --label fast || return 1
	says out 'zram0: xfs on /srv/fast for 2.0 MiB' 'mkfs -t xfs -L fast /dev/zram0' \
		'mount -o discard /dev/zram0 /srv/fast' || return 1
	ends 0 --root "$root" setup --dry-run --only-below 1M || return 1
	says out 'of memory: nothing is done' || return 1
	ends 2 --root "$root" setup --dry-run --fs xfs && one_line || return 1
	ends 1 --root "$root" setup --dry-run --algorithm 842 && one_line || return 1
	ends 2 --root "$root" setup && one_line || return 1
	ends 2 --root "$root" remove && one_line || return 1
}

test_setup_does_not_touch_swap_that_is_there()
{
	play ours-6.12
	ends 1 --root "$root" setup --dry-run && one_line && says err 'is swapped to already'
}
