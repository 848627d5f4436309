#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# kunit.sh - run the KUnit suites of kunit/ on the debug kernel.
#
# usage: scripts/kunit.sh [--kernel K] [--results DIR] [FILTER]
#
#   --kernel K     debug (the default) or kcsan
#   --results DIR  keep the kernel's log there
#   FILTER   SUITE, or SUITE.CASE: suites whose name begins so, and cases; both may
#            be patterns as the shell's, as in `zsmalloc.*' or `zram_slot.*drop*'
#
# Builds the kernel if need be, the modules, and the suites as modules beside them;
# boots the kernel under QEMU and loads them. Prints each case that failed with what
# it said, and then `N passed, N failed'. Fails if one did, if there are fewer results
# than the suites have cases, and if the kernel complains: for all of that see
# scripts/vm/run.sh, whose logs DIR gets.

# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts_dir=$(realpath "${BASH_SOURCE[0]%/*}")
suites_dir=$scripts_dir/../kunit

kernel=debug
results=''
filter=''

# What the suites provoke, and the driver or the kernel says at level warning.
# The warnings of zsmalloc_misuse are counted in the guest.
allowed=(
	'slot [0-9]+: [0-9]+ bytes of [a-z0-9-]+ do not decompress'
	'slot [0-9]+: exact cannot compress'
	'zcache: block [0-9]+: [0-9]+ bytes of [a-z0-9-]+ do not decompress'
	'vmalloc error: size'
	'percpu: allocation failed'
	'WARNING: .* alloc_tagging_slab_alloc_hook'
)
allowed_misuse=(
	'WARNING: .* (zsm_(free|map|exit|buddies_free)|page_to_free)\+'
	'zsm: free of 0x'
	'zsm: [0-9]+ objects left in a pool'
)
# Tests, and the warnings of the kernel's profile of allocations, which needs memory.
taints=(--allow-taint 18 --allow-taint 9)

parse()
{
	zsm_mixed=1
	zsm_parse "$@"
	filter=${zsm_args[0]-}
	((${#zsm_args[@]} < 2)) || usage_error "unknown argument ${zsm_args[1]}"
}

# module_of FILE - the module that a suite is linked into, as kunit/Kbuild has it.
module_of()
{
	# Wherever the tree lies: its own name may be that of a folder in it.
	case ${1#"$suites_dir"/} in
	zsm/zsmalloc_misuse_kunit.c) echo zsmalloc_misuse_kunit ;;
	zsm/*) echo zsmalloc_kunit ;;
	store/* | zram/*) echo zram_kunit ;;
	*) basename "$(dirname "$1")_kunit" ;;
	esac
}

# Sets suites and modules: what the filter wants. A file is a suite of its name.
choose()
{
	local file suite pattern=${filter%%.*} list=''

	suites=()
	for file in "$suites_dir"/*/*_kunit.c; do
		suite=$(basename "$file" _kunit.c)
		# shellcheck disable=SC2053 # it is a pattern
		[[ $suite == $pattern* ]] || continue
		suites+=("$suite")
		list+="$(module_of "$file")"$'\n'
	done
	((${#suites[@]})) || die "no suite's name begins with '$pattern'"
	# The one that warns comes last.
	mapfile -t modules < <(sort -u <<<"${list%$'\n'}" | sed -n '/misuse/!p')
	[[ $list != *misuse* ]] || modules+=(zsmalloc_misuse_kunit)
}

# Sets glob, the filter as KUnit wants it, and expected, the suites that must run: with
# only some cases wanted, those that have none do not.
translate_filter()
{
	local cases='*'

	[[ $filter != *.* ]] || cases=${filter#*.}
	glob="${filter%%.*}*.$cases"
	expected="${suites[*]}"
	[[ $cases == '*' ]] || expected=''
}

# The modules that the suites look at, in the order in which they are loaded.
modules_under_test()
{
	local module

	printf 'zsm\nzram\n'
	for module in "${modules[@]}"; do
		case $module in
		zsmalloc* | zram*) ;;
		zcache_kunit) echo dm-zcache ;;
		*) echo "${module%_kunit}" ;;
		esac
	done
}

run_vm()
{
	local built module text tested args=()

	built=$("$scripts_dir/build-modules.sh" --kunit "$kernel")
	mapfile -t tested < <(modules_under_test)
	for module in "${tested[@]}" "${modules[@]}"; do
		strip --strip-debug -o "$work/$module.ko" "$built/$module.ko"
		args+=(--add "$work/$module.ko")
	done
	if [[ " ${modules[*]} " == *" zsmalloc_misuse_kunit "* ]]; then
		allowed+=("${allowed_misuse[@]}")
	fi
	for text in "${allowed[@]}"; do
		args+=(--allow "$text")
	done
	zsm_progress "running ${#suites[@]} suites"
	"$scripts_dir/vm/run.sh" --kernel "$kernel" --memory 768 --timeout 900 --patience 20 --quiet \
		--results "$results" "${args[@]}" "${taints[@]}" \
		--append "kunit.filter_glob=$glob" \
		"$scripts_dir/kunit/guest.sh" "${tested[*]}" "${modules[@]}"
}

main()
{
	local suites modules glob expected work status=0

	parse "$@"
	zsm_need vm awk strip
	choose
	translate_filter
	zsm_tmpdir work
	[[ -n $results ]] || results=$work/results
	run_vm >"$work/out" 2>&1 || status=$?
	zsm_progress_end
	((!status)) || cat "$work/out"
	awk -v suites="$expected" -v status="$status" -f "$scripts_dir/kunit/ktap.awk" \
		"$results/console.log" || status=1
	((!status))
}

main "$@"
