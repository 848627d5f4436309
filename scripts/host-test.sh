#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# host-test.sh - build and run the tests of core/ in user space.
#
# usage: scripts/host-test.sh [--filter TEXT]
#
#   --filter TEXT  only the tests whose names hold TEXT, with wildcards * and ?
#
# There is a binary for each page shift, with the address and the undefined
# behaviour sanitizer; all is built in build/host, again only where something
# changed. Failures are shown in full. The last line sums up all binaries; one
# that died or left something behind counts as a failure.

# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

top=$(realpath "$(dirname "${BASH_SOURCE[0]}")/..")
out=$top/build/host
shifts=(12 14 16)
passed=0
failed=0

# Whether what setup.sh installs is there.
equipped()
{
	command -v make g++ gcc >/dev/null &&
		echo '#include <gtest/gtest.h>' | g++ -E -x c++ - >/dev/null 2>&1
}

build_and_run()
{
	local status=0

	make -s -j2 -C "$top/core/tests" OUT="$out" run || status=$?
	((status)) || return 0
	equipped || die -2 "tools are missing; run scripts/setup.sh host-test"
	die -2 "the tests do not build"
}

# Adds up what the binary of a page shift said, and shows its log.
judge()
{
	local dir=$out/$1 status tests=0 failures=0

	status=$(<"$dir/status")
	if [[ -s $dir/results.xml ]]; then
		read -r tests failures < <(sed -n \
			's/^<testsuites tests="\([0-9]*\)" failures="\([0-9]*\)".*/\1 \2/p' \
			"$dir/results.xml")
	fi
	grep -vE '^Running main|^Note: Google Test filter|^\[(=+|  PASSED  )\]|^$' "$dir/log" || true
	# No test failed, and yet the binary did: a sanitizer or a crash ended it.
	if ((status && !failures)); then
		echo "page shift $1: ended with status $status"
		failures=1
		tests=$((tests ? tests : 1))
	fi
	passed=$((passed + tests - failures))
	failed=$((failed + failures))
}

main()
{
	local shift

	case ${1-} in
	'') ;;
	--filter)
		(($# == 2)) || die -2 "--filter needs a text"
		export GTEST_FILTER="*$2*"
		;;
	-h | --help)
		zsm_usage
		return
		;;
	*) die -2 "unknown argument $1; see --help" ;;
	esac
	build_and_run
	for shift in "${shifts[@]}"; do
		judge "$shift"
	done
	echo "$passed passed, $failed failed"
	((passed && !failed))
}

main "$@"
