# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of lib.sh
#
# suites.sh - test suites and stress programs of others.

# shellcheck source=scripts/ecosystem/guest/system.sh
. "$here/system.sh"

# They load and unload the driver. They say PASS whatever happened, and FAIL in the lines
# before.
test_kernel_selftests()
{
	give_up_boot_swap
	cp -r "$here/selftests" "$scratch/selftests"
	cd "$scratch/selftests" || return
	./zram.sh 2>&1 | tee "$scratch/said"
	cd /
	! grep -E 'FAIL|SKIP|skip|rror' "$scratch/said" || fail "see above"
	equal "tests that passed" "$(grep -c '\[PASS\]' "$scratch/said")" 2
}

test_fio_verify()
{
	local dev id bs

	new_device 128M
	for bs in 4k 64k; do
		fio --name="$bs" --filename="$dev" --size=96M --rw=randwrite --bs="$bs" --direct=1 \
			--ioengine=libaio --iodepth=16 --numjobs=1 --verify=crc32c --verify_fatal=1 \
			--buffer_compress_percentage=50 --refill_buffers --randseed=11 --thread
		drop_caches
	done
	drop_device
}

# More memory than there is, by half, verified.
test_stress_ng_swap()
{
	local dev id before out

	new_device 2G
	swap_on "$dev"
	before=$(awk '$1 == "pswpout" { print $2 }' /proc/vmstat)
	stress-ng --vm 2 --vm-bytes "$(($(meminfo MemTotal) * 3 / 2))k" --vm-keep --vm-method incdec \
		--vm-ops 2 --verify --metrics --timeout 300 --temp-path "$scratch"
	out=$(($(awk '$1 == "pswpout" { print $2 }' /proc/vmstat) - before))
	between "pages swapped out" "$out" 50000 1000000000
	swapoff "$dev"
	drop_device
}
