#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# guest.sh - what runs as init in User Mode Linux: see scripts/bench.sh.
#
# From the kernel's command line come ZSM_WORK, a folder of the host, and
# ZSM_ROUNDS and ZSM_ALGORITHMS, and ZSM_KINDS if only kinds of pools are of interest. The
# folder holds
#
#   ours/      zsm.ko, zram.ko, zsm_zpool.ko
#   intree/    zsmalloc.ko, zram.ko
#   module/    zsm_bench.ko; zpool.ko, zbud.ko, z3fold.ko
#   corpora/   files of pages; one named programs is all those of programs
#
# and receives `results', a line for each thing measured:
#
#   ROUND CORPUS ALGORITHM WHO WHAT VALUE
#
# and `done' when all went well. Times are nanoseconds for all pages. An algorithm with
# -portable behind its name is that by the build that does without BMI2; one with a number,
# at that level.

set -u
PATH=/usr/sbin:/usr/bin:/sbin:/bin
# shellcheck source=scripts/tests/guest/memory.sh
. "${BASH_SOURCE[0]%/*}/../tests/guest/memory.sh"
work=$ZSM_WORK
algorithms=${ZSM_ALGORITHMS//,/ }
who=none	# whose modules are loaded
loaded=none	# and with what parameter
reclaim_tries=1000000

poweroff()
{
	sync
	# reboot(2); perl-base is on every Debian system.
	exec perl -e 'syscall(169, 0xfee1dead, 672274793, 0x4321fedc)'
}

fail()
{
	echo "FAILED: $*"
	poweroff
}

set_up()
{
	mount -t proc proc /proc
	mount -t sysfs sysfs /sys
	mount -t tmpfs tmpfs /run
	mount -t devtmpfs devtmpfs /dev
	mount -t debugfs debugfs /sys/kernel/debug
	mkdir /run/work
	mount -t hostfs -o "$work" hostfs /run/work || fail "no folder to work in"
	work=/run/work
	insmod "$work/module/zpool.ko" || fail "the kernel's zpool does not load"
	insmod "$work/module/zsm_bench.ko" || fail "the benchmark's module does not load"
	bench=/sys/kernel/debug/zsm_bench
	block=/sys/block/zram0
	exec {results}>"$work/results"
}

# load CORPUS
load()
{
	corpus=$1
	echo "@ round $round of $ZSM_ROUNDS, $corpus"
	echo "$work/corpora/$corpus" >$bench/corpus || fail "$corpus does not load"
	# The file's own pages are not wanted.
	echo 1 >/proc/sys/vm/drop_caches
	pages=$(($(stat -c %s "$work/corpora/$corpus") / 4096))
	pages=$((pages - pages % 16))
}

# use ours|intree|none [PARAMETER] - loads one pair of modules in place of the other.
use()
{
	[[ $loaded != "$*" ]] || return 0
	case $who in
	ours) rmmod zram zsm ;;
	intree) rmmod zram zsmalloc ;;
	esac || fail "$who: the modules do not unload"
	who=$1 loaded=$*
	shift
	case $who in
	ours) insmod "$work/ours/zsm.ko" && insmod "$work/ours/zram.ko" "$@" ;;
	intree) insmod "$work/intree/zsmalloc.ko" && insmod "$work/intree/zram.ko" ;;
	esac || fail "$who: the modules do not load"
}

result()
{
	echo "$round $corpus $algorithm $who $1 $2" >&"$results"
}

# run COMMAND
run()
{
	echo "$1" >$bench/run 2>/dev/null || fail "$corpus $algorithm $who: $1"
}

# measure NAME COMMAND... - runs them, and reports the least of their times as NAME.
measure()
{
	local name=$1 command pages ns least=''

	shift
	for command; do
		run "$command"
		read -r pages ns <$bench/run
		if [[ -z $least ]] || ((ns < least)); then
			least=$ns
		fi
	done
	result "$name" "$least"
}

set_size()
{
	echo "$driver_name" >$block/comp_algorithm
	[[ -z $level ]] || echo "level=$level" >$block/algorithm_params || fail "$who: no level $level"
	echo $((pages * 4096)) >$block/disksize || fail "$who: no disksize"
}

reset()
{
	echo 1 >$block/reset || fail "$who: no reset"
}

# What the device says that it takes.
memory()
{
	local compr used

	read -r _ compr used _ <$block/mm_stat
	result pages "$pages"
	result stored "$compr"
	result used "$used"
}

# All of it with so many pages a bio.
cycle()
{
	local n=$1 shifts=($((pages / 2 + 1)) $((pages / 3 + 1)) $((pages / 4 + 1)))

	set_size
	measure "write.$n" "write $n"
	((n > 1)) || memory
	run "verify $n"
	measure "overwrite.$n" "${shifts[@]/#/write $n }"
	run "verify $n ${shifts[-1]}"
	measure "read.$n" "read $n" "read $n" "read $n"
	measure "random.$n" "random $n" "random $n" "random $n"
	if ((n == 1)); then
		measure free.1 notify
		run "write 16"
		measure discard.1 "discard 1"
	else
		measure "discard.$n" "discard $n"
		measure "refill.$n" "write $n"
	fi
	reset
}

# Whether the loaded driver has the algorithm.
has_algorithm()
{
	local names

	read -r names <$block/comp_algorithm
	[[ " ${names//[\[\]]/} " == *" $driver_name "* ]]
}

both_cycles()
{
	cycle 1
	cycle 16
}

# All programs' pages in one device: small corpora leave much of what an allocator
# rounds up to unused. Also, by how much less memory is free.
memory_only()
{
	local before

	# What was there before may be freed a little later.
	sleep 0.3
	get_free
	before=$free_kb
	set_size
	run "write 16"
	memory
	get_free
	result taken $(((before - free_kb) * 1024))
	run "verify 16"
	reset
}

# measure_devices FUNCTION - calls it with each algorithm and side. Sets driver_name,
# what the driver calls the algorithm, and level, or nothing.
measure_devices()
{
	local side parameter

	for algorithm in $algorithms; do
		driver_name=${algorithm%-portable}
		level=
		if [[ $driver_name =~ ^(.*)-([0-9]+)$ ]]; then
			driver_name=${BASH_REMATCH[1]}
			level=${BASH_REMATCH[2]}
		fi
		for side in intree ours; do
			parameter=
			[[ $side$algorithm != ours*-portable ]] || parameter=w64_bmi2=0
			# shellcheck disable=SC2086 # nothing, or one word
			use $side $parameter
			has_algorithm || continue
			# In-tree has levels from 6.15 on, under other names.
			[[ -z $level || $side == ours ]] || continue
			"$@"
		done
	done
}

# report_words PREFIX COMMAND - runs it, and reports each of its numbers as PREFIX.NAME.
report_words()
{
	local words i

	run "$2"
	read -ra words <$bench/run
	for ((i = 0; i < ${#words[@]}; i += 2)); do
		result "$1.${words[i]}" "${words[i + 1]}"
	done
}

# report_least PREFIX COMMAND - runs it three times, and reports the least of each number.
report_least()
{
	local words name n i
	local -A least=()

	for n in 1 2 3; do
		run "$2"
		read -ra words <$bench/run
		for ((i = 0; i < ${#words[@]}; i += 2)); do
			name=${words[i]}
			if ((n == 1 || words[i + 1] < least[$name])); then
				least[$name]=${words[i + 1]}
			fi
		done
	done
	for name in "${!least[@]}"; do
		result "$1.$name" "${least[$name]}"
	done
}

measure_allocators()
{
	local side

	# Both can be there at once.
	use ours
	insmod "$work/intree/zsmalloc.ko"
	algorithm=-
	for side in intree ours; do
		who=$side
		report_words alloc "alloc $side"
	done
	who=ours
	rmmod zsmalloc
}

# Pools of pairs and triples, ours and the kernel's, as zswap calls them; and what it takes
# to reclaim a page of each kind of ours. A try that is not as it should be is a failure.
measure_kinds()
{
	local name

	use ours
	for name in module/zbud module/z3fold ours/zsm_zpool; do
		insmod "$work/$name.ko" || fail "$name.ko does not load"
	done
	algorithm=-
	# The first pool finds memory that the host has yet to bring: this run is not counted.
	run "alloc zbud"
	for who in zbud zsm-zbud z3fold zsm-z3fold; do
		report_least alloc "alloc $who"
	done
	for who in classes pairs triples; do
		report_words reclaim "reclaim $who $reclaim_tries"
	done
	who=ours
	rmmod zsm_zpool z3fold zbud
}

set_up
echo /dev/zram0 >$bench/device
for ((round = 1; round <= ZSM_ROUNDS; round++)); do
	load programs
	measure_kinds
	[[ -z ${ZSM_KINDS-} ]] || continue
	measure_devices memory_only
	for file in "$work"/corpora/*; do
		[[ $file != */programs ]] || continue
		load "${file##*/}"
		measure_devices both_cycles
		measure_allocators
	done
done
use none
echo ok >"$work/done"
poweroff
