#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# cache.sh - what the read cache saves, beside no cache and others, at equal memory.
#
# usage: scripts/cache.sh [OPTION]...
#
#   --kernel K    a stock Debian kernel of scripts/kernel/table (6.12)
#   --mb N        the disk, filled with the kernel's headers (256)
#   --memory N    MiB of the VM (256)
#   --direct N    MiB that each cache may take where no page cache helps: an eighth of
#                 what is read (8)
#   --ram N       MiB that the page cache and the cache have together (48)
#   --limit N     MiB of those that the cache may take (36)
#   --reads N     reads that are measured, after three times as many (40000)
#   --only REGEX  those alone of direct, buffered, grep, scan and pressure, each with a dot and
#                 none, plain, dm-cache or zcache
#   --out FOLDER  where results go (build/cache)
#
# Boots a VM with a disk before which dm-delay puts 5 ms, and runs each workload on
# it with no cache, with this cache, with the same cache that neither compresses nor
# chooses (`codec none admit all'), and with dm-cache on a RAM disk. What is compared
# with each other has the same memory in all. Prints a table; the folder has it as
# table.txt, with the lines that it comes from and plots.
#
# The VM is emulated: of what is shown, times are the disk's, and counts are exact.

# Functions are called through zsm_publish.
# shellcheck disable=SC2317
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts_dir=$(realpath "${BASH_SOURCE[0]%/*}")
top=$(realpath "$scripts_dir/..")

kernel=6.12
mb=256
memory=256
direct=8
ram=48
limit=36
reads=40000
only=.
out=$top/build/cache

parse()
{
	zsm_parse "$@"
	zsm_no_args
	zsm_kernel_describe "$kernel"
	zsm_want_number mb memory direct ram limit reads
}

# make_disk IMAGE - ext4 with as many copies of the headers as fit.
make_disk()
{
	local tree=$work/disk headers copies i

	headers=$(dirname "$(realpath "$(zsm_kernel "$kernel")/build")")
	mkdir "$tree"
	copies=$((mb * 1024 * 85 / 100 / $(du -sk "$headers" | cut -f1)))
	for ((i = 0; i < copies; i++)); do
		zsm_progress "filling the disk, $((100 * i / copies)) %"
		cp -r "$headers" "$tree/$i"
	done
	truncate -s "${mb}M" "$1"
	mke2fs -q -t ext4 -F -m 0 -N $((copies * 15000)) -d "$tree" "$1"
	rm -r "$tree"
}

run_guest()
{
	local built programs pages

	built=$("$scripts_dir/build-modules.sh" "$kernel")
	programs=$("$scripts_dir/tests/guest-programs.sh")
	pages=$("$scripts_dir/tests/collect-pages.sh" --print)
	"$scripts_dir/vm/run.sh" --kernel "$kernel" --memory "$memory" --timeout 14400 \
		--disk "$work/image" --disk "$work/swap" --results "$work/vm" --allow 'oom-kill|Out of memory' \
		--add "$built/zsm.ko" --add "$built/dm-zcache.ko" --add "$programs/swapper" \
		--add "$pages=pages" \
		--add "$scripts_dir/tests/guest/lib.sh" --add "$scripts_dir/cache/measure.sh" \
		"$scripts_dir/cache/guest.sh" "$memory" "$direct" "$ram" "$limit" "$reads" "$only" |
		zsm_follow ''
}

main()
{
	local work facts

	parse "$@"
	"$scripts_dir/setup.sh" build vm
	zsm_need bench python3
	zsm_tmpdir work
	make_disk "$work/image"
	truncate -s "${memory}M" "$work/swap"
	run_guest
	mkdir -p "$out"
	cp "$work/vm/results" "$out/results"
	facts="Linux $(<"$(zsm_kernel "$kernel")/release"), a disk of $mb MiB and 5 ms, $reads reads; caches of $direct MiB, or up to $limit of $ram MiB"
	"$scripts_dir/cache/report.py" "$facts" "$out/results" "$out"
	cat "$out/table.txt"
}

main "$@"
