#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# readback.sh - what tier.sh does inside a VM for pages that are read back.
#
# usage: readback.sh KIND DELAY-MS
#
# Writes a device's pages back to a disk of so many milliseconds, reads some of them in random
# order, and says how long that took and how often the disk was asked: for a page, and for
# eight that follow each other. KIND is intree, or packed.

# shellcheck source=scripts/tier/slow.sh
. "${BASH_SOURCE[0]%/*}/slow.sh"

kind=$1
sys=/sys/block/zram0
pages=8192
reads=1000

# read_back METRIC BYTES - at random; each is another one of the device's, so that no cache
# of the device's has it.
read_back()
{
	local before requests

	before=$(disk_stat 1)
	fio --name=back --filename=/dev/zram0 --readonly --rw=randread --bs="$2" --direct=1 --ioengine=psync \
		--number_ios="$reads" --size=$((pages * page_size)) --randseed=3 --thread \
		--output-format=terse --terse-version=3 >"$scratch/fio" || fail "fio: $(<"$scratch/fio")"
	requests=$(($(disk_stat 1) - before))
	say "$1_ios" "$(awk -v n="$requests" -v r="$reads" 'BEGIN { printf "%.2f", n / r }')"
	say "$1_p50_us" "$(tr ';' '\n' <"$scratch/fio" | sed -n 's/^50[0-9.]*%=\([0-9]*\)$/\1/p' | head -n 1)"
}

main()
{
	slow_disk "$2"
	[[ $kind != intree ]] || modules=intree
	# shellcheck disable=SC2119 # it has parameters only elsewhere
	load
	accepts $sys/backing_dev "$disk"
	[[ $kind == intree ]] || accepts $sys/writeback_packed 1
	set_up 0 lz4 $((pages * page_size))
	raw --kind text --block 64 write /dev/zram0 0 $pages
	accepts $sys/idle all
	accepts $sys/writeback idle
	read_back page "$page_size"
	read_back eight $((8 * page_size))
	raw --kind text --block 64 check /dev/zram0 0 $pages
}

main "$@"
