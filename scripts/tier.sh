#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# tier.sh - swap that empties itself to a slow disk, beside what the kernel has.
#
# usage: scripts/tier.sh [OPTION]...
#
#   --kernel K     a stock Debian kernel with zswap (6.12-amd64)
#   --memory N     MiB of the VM (192)
#   --mb N         MiB of the program, of which a tenth is used again and again (384)
#   --limit N      MiB that compressed pages may take (48)
#   --delay N      milliseconds of each read and write of the disk (5)
#   --rounds N     times each (3)
#   --kinds LIST   of intree, zswap, and names of algorithms, which are for this zram
#                  ("intree zswap zstd w64")
#   --back LIST    of intree and packed: whose pages are read back ("intree packed")
#   --out FOLDER   where results go (build/tier)
#
# Boots a VM for each kind and round, and runs in it a program twice as large as memory, and
# beside it one that stands for a person's shell:
#
#   intree  the kernel's own zram, of four times the limit, with zstd; then swap on the disk
#   zswap   the kernel's own zswap, with zstd and the limit, before swap on the disk
#   zstd, w64
#           this zram, with the limit, writeback_auto and writeback_packed
#
# Then pages that were written back are read in random order, from a disk of a millisecond: by
# the kernel's own zram, and out of a packed log.
#
# Every page is verified. Prints a table of the medians; the folder has it as table.txt, with
# the lines that it comes from and a plot. The VM is emulated: what the disk is waited for
# counts, what the processor does is too slow, for all alike.

# Functions are called through zsm_publish.
# shellcheck disable=SC2317
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts_dir=$(realpath "${BASH_SOURCE[0]%/*}")
top=$(realpath "$scripts_dir/..")

kernel=6.12-amd64
memory=192
mb=384
limit=48
delay=5
rounds=3
back='intree packed'
kinds='intree zswap zstd w64'
out=$top/build/tier

parse()
{
	zsm_parse "$@"
	zsm_no_args
	zsm_kernel_describe "$kernel"
	zsm_want_number memory mb limit delay rounds
}

# run_guest KIND ROUND SCRIPT [ARGUMENT...]
run_guest()
{
	local results=$work/vm.$1.$2.$3

	truncate -s 0 "$work/disk"
	truncate -s $((mb * 2))M "$work/disk"
	zsm_progress "round $2, $1"
	"$scripts_dir/vm/run.sh" --kernel "$kernel" --memory "$memory" --timeout 1800 \
		--disk "$work/disk" --results "$results" \
		--add "$built/zsm.ko" --add "$built/zram.ko" --add "$programs/hothog" \
		--add "$programs/knob" --add "$programs/rawio" --add "$pages=pages" \
		--add "$scripts_dir/tests/guest/lib.sh" --add "$scripts_dir/tier/slow.sh" \
		"$scripts_dir/tier/$3.sh" "$1" "${@:4}" | zsm_follow "round $2, "
	cat "$results/results" >>"$work/results"
}

main()
{
	local work built programs pages kind round facts

	parse "$@"
	"$scripts_dir/setup.sh" build vm
	zsm_need bench python3
	zsm_tmpdir work
	built=$("$scripts_dir/build-modules.sh" "$kernel")
	programs=$("$scripts_dir/tests/guest-programs.sh")
	pages=$("$scripts_dir/tests/collect-pages.sh" --print)
	for ((round = 1; round <= rounds; round++)); do
		for kind in $kinds; do
			run_guest "$kind" "$round" hog "$limit" "$mb" "$delay"
		done
		for kind in $back; do
			run_guest "$kind" "$round" readback 1
		done
	done
	mkdir -p "$out"
	cp "$work/results" "$out/results"
	facts="Linux $(<"$(zsm_kernel "$kernel")/release"), $memory MiB; a program of $mb MiB, $limit MiB for compressed pages, a disk of $delay ms; medians of $rounds"
	"$scripts_dir/tier/report.py" "$facts" "$out/results" "$out"
	cat "$out/table.txt"
}

main "$@"
