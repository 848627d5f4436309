#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# faults.sh - use the modules while allocations fail, on the debug kernel.
#
# usage: scripts/faults.sh [OPTION]... [nth|RATE]...
#
#   --seconds N   how long with each RATE, 4 by default
#   --results DIR  keep the kernel's log there
#   --pools LIST   the kinds of pool that devices have (classes,pairs,triples)
#   nth           make the n-th allocation fail, for n = 1, 2, 3 and so on, in each
#                 step of a device's life, until a pass has no failure
#   RATE          of a hundred allocations so many fail, while writers, readers and
#                 devices that come and go are at work
#
# Without arguments: nth 1 5 20. What was acknowledged has to read back, what was
# refused has to work once there is memory, and nothing may leak: kmemleak looks, and
# the kernel's profile of allocations is asked when the modules are unloaded. Prints
# what was done, and then `N passed, N failed'; fails if one did, or if the kernel
# complains: for that see scripts/vm/run.sh, whose logs DIR gets.

# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts_dir=$(realpath "${BASH_SOURCE[0]%/*}")

seconds=4
pools=classes,pairs,triples
results=''
passes=()

# What the kernel says of an allocation that fails, where it was not told to be quiet.
allowed=(
	'vmalloc error: size'
	'percpu: allocation failed'
	'WARNING: .* alloc_tagging_slab_alloc_hook'
)

parse()
{
	local pass

	zsm_mixed=1
	zsm_parse "$@"
	zsm_want_number seconds
	[[ $pools =~ ^[a-z]+(,[a-z]+)*$ ]] || usage_error "bad pools: $pools"
	passes=("${zsm_args[@]}")
	for pass in "${passes[@]}"; do
		[[ $pass =~ ^(nth|[0-9]+)$ ]] || usage_error "unknown argument $pass"
	done
	((${#passes[@]})) || passes=(nth 1 5 20)
}

run_vm()
{
	local built programs text args=()

	# What the suites are tested with serves here, too.
	built=$("$scripts_dir/build-modules.sh" --kunit debug)
	programs=$("$scripts_dir/tests/guest-programs.sh")
	strip --strip-debug -o "$work/zsm.ko" "$built/zsm.ko"
	strip --strip-debug -o "$work/zram.ko" "$built/zram.ko"
	for text in "${allowed[@]}"; do
		args+=(--allow "$text")
	done
	[[ -z $results ]] || args+=(--results "$results")
	zsm_progress "making allocations fail"
	"$scripts_dir/vm/run.sh" --kernel debug --memory 512 --timeout 900 --allow-taint 9 "${args[@]}" \
		--add "$work/zsm.ko" --add "$work/zram.ko" --add "$programs/faults" \
		"$scripts_dir/faults/guest.sh" "$seconds" "$pools" "${passes[@]}"
}

main()
{
	local work status=0 failed

	parse "$@"
	zsm_need vm strip
	zsm_tmpdir work
	run_vm >"$work/out" || status=$?
	zsm_progress_end
	cat "$work/out"
	failed=$(grep -c '^FAIL ' "$work/out" || true)
	((!status || failed)) || failed=1
	printf '%d passed, %d failed\n' "$(grep -c '^ok ' "$work/out" || true)" "$failed"
	((!status && !failed))
}

main "$@"
