#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# guest.sh - load the modules and the suites, in a VM with the debug kernel.
#
# usage: guest.sh "MODULE..." SUITE-MODULE...
#
# MODULEs are those under test, in the order in which they are loaded.
#
# A suite runs when its module is loaded; what it has to say is in the kernel's log.
# The suites of zsmalloc_misuse warn on purpose: that of each there is one, and
# before them none, is looked at here.

set -euo pipefail

# shellcheck source=scripts/vm/guest/codecs.sh
. /payload/.vm/codecs.sh

# Cases that make allocations fail do so for any allocation.
allow_failures()
{
	local dir=/sys/kernel/debug

	echo N >$dir/failslab/ignore-gfp-wait
	echo N >$dir/fail_page_alloc/ignore-gfp-wait
	echo N >$dir/fail_page_alloc/ignore-gfp-highmem
	echo 0 >$dir/fail_page_alloc/min-order
	echo 0 >$dir/failslab/verbose
	echo 0 >$dir/fail_page_alloc/verbose
}

warnings()
{
	dmesg | grep 'WARNING:' | grep -vc alloc_tagging_slab_alloc_hook || true
}

expect_warnings()
{
	local n

	n=$(warnings)
	((n == $1)) || {
		echo "$2: $n warnings instead of $1"
		exit 1
	}
}

main()
{
	local module tested i

	read -ra tested <<<"$1"
	shift
	allow_failures
	load_codec_libraries
	for module in "${tested[@]}"; do
		[[ $module != dm-* ]] || modprobe dm_mod
		insmod "$module.ko"
	done
	for module; do
		expect_warnings 0 "before $module"
		insmod "$module.ko"
		[[ $module != zsmalloc_misuse_kunit ]] || expect_warnings 10 "$module"
	done
	rmmod "$@"
	for ((i = ${#tested[@]} - 1; i >= 0; i--)); do
		rmmod "${tested[i]}"
	done
}

main "$@"
