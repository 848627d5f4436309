#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# stress.sh - do everything to zram devices at once, in a VM, and verify every block.
#
# usage: scripts/stress.sh [OPTION]...
#
#   --kernel K      one of scripts/kernel/table, 6.12 by default; debug and kcsan look
#                   for bugs, and are built if need be
#   --seconds N     how long, 60 by default
#   --seed N        choose otherwise, 1 by default
#   --pool KIND     the kind of pool that the devices have, classes by default; with two,
#                   such as pairs,triples, the second is that of the device for swap
#   --without NAME  leave out a worker (may be given several times)
#   --operations N  in place of that, N operations of pages on a device whose worker writes the
#                   old ones to a packed log, and of blocks on a cache, and half as many on a
#                   cache before a disk that fails: see --on
#                   --seconds, --seed, --pool and --without are of no matter then
#   --on LIST       of tier and cache; "tier cache" by default
#   --results DIR   keep the kernel's log there
#
# Hundreds of millions of operations take User Mode Linux: --kernel uml-debug.
#
# The machine has two processors and little memory. What its workers do is told in
# scripts/tests/guest/stress.h; the table of them is in stress.c beside it. Prints
# how often each did its work; what is wrong is told as `block N is lost', stale,
# misplaced, corrupt or unreadable, or as the kernel's own report. The last line is
# `N passed, N failed'.

# Functions are called through zsm_exit_hook.
# shellcheck disable=SC2317
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts_dir=$(realpath "${BASH_SOURCE[0]%/*}")
guest_dir=$scripts_dir/tests/guest
kernel=6.12
seconds=60
seed=1
pool=classes
without=()
operations=''
on='tier cache'
results=''
stress=()
child=''

parse()
{
	local name

	zsm_parse "$@"
	zsm_no_args
	zsm_want_number seconds seed
	[[ -z $operations ]] || zsm_want_number operations
	[[ $on =~ ^(tier|cache|tier cache)$ ]] || usage_error "--on wants tier, cache, or both"
	zsm_kernel_describe "$kernel"
	[[ $pool =~ ^[a-z]+(,[a-z]+)?$ ]] || usage_error "bad pool: $pool"
	stress=(--seed "$seed")
	for name in "${without[@]}"; do
		stress+=(--without "$name")
	done
}

# Builds the modules. Sets built to where they are. For the kernels that look for bugs
# they are those that KUnit's suites go with, so that they are built once.
build()
{
	local options=()

	[[ ${zsm_k[flavour]} != source ]] || options=(--kunit)
	zsm_progress "building the modules for $kernel"
	built=$("$scripts_dir/build-modules.sh" "${options[@]}" "$kernel")
}

# Sets cases, what they have to be told, and the seconds that each may take. Those that count
# operations take as long as they do: a machine that does not get on is found out by its
# watchdogs.
choose()
{
	if [[ -z $operations ]]; then
		cases=(stress.all)
		settings=(--set "POOL=$pool" --set "STRESS=--seconds $seconds ${stress[*]}")
		limit=$((seconds * 2 + 300))
		return
	fi
	settings=(--set "OPERATIONS=$operations")
	limit=$((600 + operations / 1000))
	[[ $on != *tier* ]] || cases+=(packed.operations)
	[[ $on != *cache* ]] || cases+=(zcache.stress zcache.stress_on_a_failing_disk)
}

# A VM does not outlive the script.
stop()
{
	[[ -z $child ]] || kill "$child" 2>/dev/null
}

main()
{
	local work built='' programs pages file module limit add=() cases=() settings=() status=0

	parse "$@"
	choose
	zsm_tmpdir work
	build
	# Without debug information they are loaded sooner.
	for module in zsm zram dm-zcache; do
		zsm_kernel_strip "$kernel" "$built/$module.ko" "$work/$module.ko"
		add+=(--add "$work/$module.ko")
	done
	programs=$("$scripts_dir/tests/guest-programs.sh" --arch "${zsm_k[arch]}")
	pages=$("$scripts_dir/tests/collect-pages.sh" --print)
	for file in "$guest_dir"/*.sh "$programs"/*; do
		add+=(--add "$file")
	done
	truncate -s 64M "$work/disk"
	zsm_progress_end
	# Twice the time is for the end of it on a machine that is busy.
	zsm_exit_hook=stop
	"$scripts_dir/vm/run.sh" --kernel "$kernel" --memory "${zsm_k[stress]}" \
		--timeout $((limit * ${#cases[@]} + 120)) ${results:+--results "$results"} "${add[@]}" \
		--add "$pages=pages" --disk "$work/disk" \
		"$guest_dir/run.sh" --modules ours --set "CASE_LIMIT=$limit" "${settings[@]}" \
		--show "${cases[@]}" &
	child=$!
	wait "$child" || status=$?
	child=''
	echo "$((!status)) passed, $((!!status)) failed"
	((!status))
}

main "$@"
