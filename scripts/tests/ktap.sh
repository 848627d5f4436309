#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# ktap.sh - test what kunit/ktap.awk makes of the results of KUnit.
#
# usage: scripts/tests/ktap.sh
#
# Each case is a text as the kernel prints it, and all that is to be said of it. Ends
# with a line `N passed, N failed'; fails if one did.

# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

ktap_awk=$(realpath "${BASH_SOURCE[0]%/*}/../kunit/ktap.awk")
passed=0
failed=0

# try() counts, at the end of a pipe.
shopt -s lastpipe

# read_ktap [AWK-OPTION...] - of a log with what stands on stdin.
read_ktap()
{
	sed 's/^/[   12.345678] /' | awk "$@" -f "$ktap_awk" /dev/stdin
}

# try NAME STATUS SAID [AWK-OPTION...] - the results on stdin have to come to that.
try()
{
	local name=$1 wanted=$2 said=$3 status=0 out

	shift 3
	out=$(read_ktap "$@") || status=$?
	if [[ $status == "$wanted" && $out == "$said" ]]; then
		passed=$((passed + 1))
		return
	fi
	failed=$((failed + 1))
	printf 'FAILED  %s: status %d instead of %d, and\n' "$name" "$status" "$wanted"
	diff <(printf '%s\n' "$said") <(printf '%s\n' "$out") | sed 's/^/    /' || true
}

# suite NAME - indents what stands on stdin as the results of a suite's cases.
suite()
{
	printf '    KTAP version 1\n    # Subtest: %s\n    # module: some_kunit\n' "$1"
	sed 's/^/    /'
}

test_passed()
{
	{
		echo 'KTAP version 1'
		echo '1..2'
		suite slots <<-'EOT'
			1..2
			ok 1 fill
			ok 2 drop
			# slots: pass:2 fail:0 skip:0 total:2
			# Totals: pass:2 fail:0 skip:0 total:2
		EOT
		echo 'ok 1 slots'
		echo 'zram0: detected capacity change from 0 to 8192'
		suite bios <<-'EOT'
			1..1
			ok 1 read
		EOT
		echo 'ok 2 bios'
	} | try passed 0 '3 passed, 0 failed' -v suites='slots bios'
}

test_failed()
{
	{
		echo 'KTAP version 1'
		echo '1..1'
		suite slots <<-'EOT'
			1..3
			ok 1 fill
			# drop: EXPECTATION FAILED at slots.c:12
			Expected used == 0, but
			    used == 4096 (0x1000)
			not ok 2 drop
			ok 3 move
		EOT
		echo '# slots: pass:2 fail:1 skip:0 total:3'
		echo 'not ok 1 slots'
	} | try failed 1 'FAIL slots.drop
     | # drop: EXPECTATION FAILED at slots.c:12
     | Expected used == 0, but
     | used == 4096 (0x1000)
2 passed, 1 failed' -v suites=slots -v status=1
}

test_skipped()
{
	{
		echo 'KTAP version 1'
		echo '1..1'
		suite streams <<-'EOT'
			1..2
			ok 1 take
			ok 2 hotplug # SKIP one CPU
		EOT
		echo 'ok 1 streams'
	} | try skipped 1 'skip streams.hotplug # SKIP one CPU
1 passed, 0 failed, 1 skipped'
}

test_fewer_than_planned()
{
	{
		echo 'KTAP version 1'
		echo '1..2'
		suite slots <<-'EOT'
			1..3
			ok 1 fill
			ok 2 drop
		EOT
		echo 'ok 1 slots'
		suite bios <<-'EOT'
			1..1
			ok 1 read
		EOT
		echo 'ok 2 bios'
	} | try fewer_than_planned 1 'FAIL slots: 2 of 3 results
3 passed, 1 failed'
}

test_parameters()
{
	{
		echo 'KTAP version 1'
		echo '1..1'
		suite codecs <<-'EOT'
			1..2
			    KTAP version 1
			    # Subtest: round_trip
			    ok 1 lz4
			    # round_trip: EXPECTATION FAILED at codecs.c:40
			    not ok 2 zstd
			    ok 3 w64
			# round_trip: pass:2 fail:1 skip:0 total:3
			not ok 1 round_trip
			ok 2 corrupt
		EOT
		echo 'not ok 1 codecs'
	} | try parameters 1 'FAIL codecs.round_trip: zstd
     | # round_trip: EXPECTATION FAILED at codecs.c:40
3 passed, 1 failed'
}

# A case that fails after all its parameters have passed.
test_after_parameters()
{
	{
		echo 'KTAP version 1'
		echo '1..1'
		suite codecs <<-'EOT'
			1..1
			    KTAP version 1
			    # Subtest: round_trip
			    ok 1 lz4
			not ok 1 round_trip
		EOT
		echo 'not ok 1 codecs'
	} | try after_parameters 1 'FAIL codecs.round_trip
1 passed, 1 failed'
}

# The machine ended in the middle of a case; a suite has not begun.
test_truncated()
{
	{
		echo 'KTAP version 1'
		echo '1..2'
		suite slots <<-'EOT'
			1..2
			ok 1 fill
		EOT
	} | try truncated 1 'FAIL slots: 1 of 2 results
FAIL suites: 0 of 2 results
FAIL slots: did not run, or did not finish
FAIL bios: did not run, or did not finish
1 passed, 4 failed' -v suites='slots bios' -v status=1
}

# All results are there and good, and the kernel has complained.
test_status()
{
	{
		echo 'KTAP version 1'
		echo '1..1'
		suite slots <<-'EOT'
			1..1
			ok 1 fill
		EOT
		echo 'ok 1 slots'
	} | try status 1 '1 passed, 1 failed' -v suites=slots -v status=121
}

# Two modules, each with a plan of its own; and several lines in one record.
test_modules()
{
	printf '%s\\x0a%s\n' 'KTAP version 1' '1..1' '    KTAP version 1' '    # Subtest: slots' \
		'    1..1' '    ok 1 fill' 'ok 1 slots' 'KTAP version 1' '1..1' '    KTAP version 1' \
		'    # Subtest: bios' '    1..1' '    ok 1 read' 'ok 1 bios' |
		try modules 0 '2 passed, 0 failed' -v suites='slots bios'
}

test_nothing()
{
	echo 'no results' | try nothing 1 '0 passed, 0 failed'
}

main()
{
	local name

	for name in $(declare -F | sed -n 's/^declare -f test_//p'); do
		"test_$name"
	done
	echo "$passed passed, $failed failed"
	((!failed))
}

main "$@"
