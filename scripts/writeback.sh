#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# writeback.sh - how fast pages are written back, beside the kernel's own zram.
#
# usage: scripts/writeback.sh [OPTION]...
#
#   --kernel K   a stock Debian kernel of scripts/kernel/table (6.12)
#   --mb N       how much is written back each time (256)
#   --rounds N   times each (3)
#   --out FOLDER  where results go (build/writeback)
#
# Boots a VM; in turn, for each zram: fills so much of a device with random pages,
# writes them back to a loop device while other pages of it are written and read, and
# verifies every page. Prints MB/s. Both run in the same emulated machine: the two
# figures can be compared with each other, and with nothing else.

# Functions are called through zsm_publish.
# shellcheck disable=SC2317
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts_dir=$(realpath "${BASH_SOURCE[0]%/*}")
top=$(realpath "$scripts_dir/..")

kernel=6.12
mb=256
rounds=3
out=$top/build/writeback

parse()
{
	zsm_parse "$@"
	zsm_no_args
	zsm_kernel_describe "$kernel"
	zsm_want_number mb rounds
}

run_guest()
{
	local built programs

	built=$("$scripts_dir/build-modules.sh" "$kernel")
	programs=$("$scripts_dir/tests/guest-programs.sh")
	"$scripts_dir/vm/run.sh" --kernel "$kernel" --memory $((mb * 5 / 2 + 384)) --timeout 3600 \
		--add "$built/zsm.ko" --add "$built/zram.ko" --add "$programs/rawio" \
		--add "$programs/knob" --add "$scripts_dir/tests/guest/lib.sh" \
		"$scripts_dir/writeback/guest.sh" "$mb" "$rounds" | zsm_follow '' "$work/results"
}

print_table()
{
	local release

	release=$(<"$(zsm_kernel "$kernel")/release")
	printf 'kernel: %s; %s MB to a loop device, other pages being written and read\n\n' "$release" "$mb"
	awk '
		{ n[$1]++; sum[$1] += $2; if ($2 > best[$1]) best[$1] = $2 }
		END {
			printf "%-8s %10s %10s\n", "", "mean MB/s", "best MB/s"
			for (i = 1; i <= 2; i++) {
				side = i == 1 ? "in-tree" : "ours"
				printf "%-8s %10.1f %10.1f\n", side, sum[side] / n[side], best[side]
			}
			printf "%-8s %10.2f %10.2f\n", "ratio", \
				sum["ours"] / n["ours"] / (sum["in-tree"] / n["in-tree"]), best["ours"] / best["in-tree"]
		}' "$work/results"
}

main()
{
	local work

	parse "$@"
	"$scripts_dir/setup.sh" build vm
	zsm_tmpdir work
	run_guest
	mkdir -p "$out"
	cp "$work/results" "$out/results"
	print_table | tee "$out/table.txt"
}

main "$@"
