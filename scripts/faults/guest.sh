#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# guest.sh - make allocations fail, in a VM with the debug kernel; faults.sh calls it.
#
# usage: guest.sh SECONDS KIND,... nth|RATE...

set -euo pipefail

# shellcheck source=scripts/vm/guest/codecs.sh
. /payload/.vm/codecs.sh

seconds=$1
IFS=, read -ra pools <<<"$2"
shift 2

debugfs=/sys/kernel/debug
kinds=(failslab fail_page_alloc)

# set_all FILE VALUE - of both kinds of failures.
set_all()
{
	local kind

	for kind in "${kinds[@]}"; do
		echo "$2" >"$debugfs/$kind/$1"
	done
}

# Any allocation may fail, but of tasks that ask for it alone; quietly.
prepare()
{
	set_all ignore-gfp-wait N
	set_all task-filter Y
	set_all verbose 0
	set_all interval 1
	set_all times -1
	echo N >$debugfs/fail_page_alloc/ignore-gfp-highmem
	echo 0 >$debugfs/fail_page_alloc/min-order
	load_codec_libraries
}

# one_pass POOL nth|RATE
one_pass()
{
	local status=0

	insmod zsm.ko
	insmod zram.ko
	if [[ $2 == nth ]]; then
		./faults "$1" nth || status=$?
	else
		set_all probability "$2"
		./faults "$1" rate "$seconds" || status=$?
		set_all probability 0
	fi
	rmmod zram zsm || status=1
	if ((status)); then
		echo "FAIL $1 $2"
	else
		echo "ok $1 $2"
	fi
	return "$status"
}

main()
{
	local pool pass failed=0

	prepare
	for pass; do
		for pool in "${pools[@]}"; do
			one_pass "$pool" "$pass" || failed=1
		done
	done
	exit "$failed"
}

main "$@"
