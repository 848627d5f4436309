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
#
# Unless there is a filter, 95 % of core/'s lines must have been run, by the tests for
# pages of 4 KiB; those that were not are listed in build/host/not-run. Then the codecs
# have to make the same blocks of the same pages on this machine and on arm64, which QEMU
# emulates.

# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

top=$(realpath "$(dirname "${BASH_SOURCE[0]}")/..")
out=$top/build/host
shifts=(12 14 16)
covered=12	# as the Makefile has it
coverage_wanted=95
passed=0
failed=0
filter=''

# Whether what setup.sh installs is there.
equipped()
{
	command -v make g++ gcc aarch64-linux-gnu-g++ qemu-aarch64-static >/dev/null &&
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

# Prints `FILE:LINE: SOURCE' of each line of core/ that was not run, and then how many
# there are of how many. A template's line counts as run if it was in any instance.
count_lines()
{
	awk -F: -v core="$top/core/" '
		FNR == 1 { file = index($4, core) == 1 && $4 !~ /core\/(tests|bench)\// ? $4 : "" }
		file != "" && match($1, /^ *([0-9]+\*?|#####|=====)$/) {
			at = file ":" $2 + 0
			seen[at] = seen[at] || $1 ~ /[0-9]/
			text[at] = $0
		}
		END {
			for (at in seen) {
				all++
				if (!seen[at]) {
					sub(/^[^:]*:[^:]*:/, "", text[at])
					print at ": " text[at]
					bad++
				}
			}
			print bad + 0, all + 0
		}' "$@"
}

# Says how much of core/ was run, and counts it as one more test.
judge_coverage()
{
	local work bad all percent verdict=failed

	zsm_tmpdir work
	(cd "$work" && zsm_quietly gcov -p "$out/$covered"/*.gcno "$out/$covered"/*/*.gcno)
	count_lines "$work"/*.gcov >"$work/counted"
	read -r bad all < <(tail -n 1 "$work/counted")
	sed '$d' "$work/counted" | sort >"$out/not-run"
	((all)) || die "no line of core/ was counted"
	percent=$((10000 * (all - bad) / all))
	((percent < 100 * coverage_wanted)) || verdict=passed
	printf -v "$verdict" %d $((${!verdict} + 1))
	printf 'coverage: %d.%02d %% of %d lines of core/, %d %% wanted\n' \
		$((percent / 100)) $((percent % 100)) "$all" "$coverage_wanted"
	[[ $verdict == passed ]] || head -n 40 "$out/not-run"
}

# Counts it as one more test.
judge_arm64()
{
	local verdict=failed

	! zsm_quietly make -s -j2 -C "$top/core/tests" OUT="$out" cross || verdict=passed
	printf -v "$verdict" %d $((${!verdict} + 1))
	[[ $verdict == passed ]] || echo "the codecs make other blocks on arm64, or do not build for it"
}

# Counts it as one more test.
judge_mutated()
{
	local verdict=failed

	! zsm_quietly make -s -j2 -C "$top/core/tests" OUT="$out" mutate || verdict=passed
	printf -v "$verdict" %d $((${!verdict} + 1))
	[[ $verdict == passed ]] || echo "the decoders of w64hc do not take changed blocks alike"
}

main()
{
	local shift

	zsm_parse "$@"
	zsm_no_args
	[[ -z $filter ]] || export GTEST_FILTER="*$filter*"
	build_and_run
	for shift in "${shifts[@]}"; do
		judge "$shift"
	done
	if [[ -z ${GTEST_FILTER-} ]]; then
		judge_coverage
		judge_arm64
		judge_mutated
	fi
	echo "$passed passed, $failed failed"
	((passed && !failed))
}

main "$@"
