#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# fuzz.sh - fuzz core/ under ASan and UBSan.
#
# usage: scripts/fuzz.sh [--seconds N] [TARGET]...
#        scripts/fuzz.sh --reproduce FILE TARGET
#
#   --seconds N       for each target; ${FUZZ_SECONDS:-30} by default
#   --reproduce FILE  run this input alone, and show what it does
#   --list            list the targets and stop
#
# Without a TARGET, all of them. A target is core/tests/fuzz/TARGET.cc. It says on top,
# for this script, what else it consists of, how long its inputs may be, and what it is
# linked with:
#
#   // fuzz-parts: PART...  each is core/PART.cc; the line may stand more than once
#   // fuzz-longest: BYTES
#   // fuzz-libraries: OPTION...
#
# A run begins with the seeds in core/tests/fuzz/TARGET.seeds, in hexadecimal, a line
# each, and what earlier runs kept in build/fuzz/TARGET/corpus. What ends the program is
# kept in build/fuzz/TARGET/found, and the fuzzer's log beside it. It keeps one processor
# busy. The page is of 4 KiB, unless ZSM_PAGE_SHIFT says otherwise. The last line is
# `N passed, N failed'.

# Functions are called through zsm_publish.
# shellcheck disable=SC2317
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

top=$(realpath "${BASH_SOURCE[0]%/*}/..")
core=$top/core
fuzz_dir=$core/tests/fuzz
cxx=clang++-14
clang_tools=''		# another release's, if this one has none of that version
seconds=${FUZZ_SECONDS:-30}
reproduce=''
list=''
targets=()

# shellcheck disable=SC2054 # one option each
flags=(-std=c++20 -O2 -g1 -fsanitize=address,undefined -fno-sanitize-recover=undefined
       -I"$top" -DZSM_PAGE_SHIFT="${ZSM_PAGE_SHIFT:-12}")
bmi2_flags=()
[[ $(uname -m) != x86_64 ]] || bmi2_flags=(-mbmi -mbmi2 -mpopcnt)

all_targets()
{
	(cd "$fuzz_dir" && grep -l '^extern "C" int LLVMFuzzerTestOneInput' ./*.cc) |
		sed -n 's,^\./\(.*\)\.cc$,\1,p' | LC_ALL=C sort
}

# said TARGET WHAT - what the target says of itself on top.
said()
{
	sed -n "s,^// fuzz-$2: *,,p" "$fuzz_dir/$1.cc" | paste -sd ' '
}

parse()
{
	local target known

	zsm_mixed=1
	zsm_parse "$@"
	targets=("${zsm_args[@]}")
	zsm_want_number seconds
	known=$(all_targets)
	for target in "${targets[@]}"; do
		grep -qxF -- "$target" <<<"$known" || usage_error "no target $target"
	done
	if [[ -n $reproduce ]]; then
		((${#targets[@]} == 1)) || usage_error "--reproduce wants one target"
		[[ -f $reproduce ]] || usage_error "no such file: $reproduce"
	fi
	((${#targets[@]})) || mapfile -t targets <<<"$known"
}

# --- building ----------------------------------------------------------------

# compiler ARGUMENT...
compiler()
{
	zsm_with_tools "$clang_tools" "$cxx" "$@"
}

# compile PART OBJECT
compile()
{
	local extra=()

	[[ $1 != w64/*bmi2 ]] || extra=("${bmi2_flags[@]}")
	compiler "${flags[@]}" "${extra[@]}" -fsanitize=fuzzer-no-link -c "$core/$1.cc" -o "$2"
}

# build DEST TARGET
build()
{
	local dest=$1 target=$2 part objects libs

	read -ra objects <<<"$(said "$target" parts) tests/fuzz/$target"
	read -ra libs <<<"$(said "$target" libraries)"
	zsm_progress "compiling $target"
	for part in "${!objects[@]}"; do
		compile "${objects[part]}" "$dest/$part.o"
	done
	compiler "${flags[@]}" -fsanitize=fuzzer "$dest"/*.o "${libs[@]}" -o "$dest/fuzz"
	rm "$dest"/*.o
}

# Sets program, which is built again when anything in core/ changes.
obtain()
{
	local target=$1 key

	key=$({
		find "$core" -type f \( -name '*.cc' -o -name '*.hh' -o -name '*.h' \) -print0 |
			LC_ALL=C sort -z | xargs -0 cat
		declare -p flags bmi2_flags
		compiler --version
	} | sha256sum | cut -c1-16)
	program=$zsm_cache/fuzz/$target.$key/fuzz
	zsm_publish "${program%/*}" build "$target"
	find "$zsm_cache/fuzz" -mindepth 1 -maxdepth 1 -name '*.*' -mtime +30 -exec rm -rf {} +
}

# --- running -----------------------------------------------------------------

# unpack_seeds TARGET DIR - a file each.
unpack_seeds()
{
	local line n=0

	mkdir -p "$2"
	[[ -e $fuzz_dir/$1.seeds ]] || return 0
	while read -r line; do
		[[ $line =~ ^([0-9a-f]{2})+$ ]] || continue
		# shellcheck disable=SC2001,SC2059 # the format is the seed
		printf "$(sed 's/../\\x&/g' <<<"$line")" >"$2/$n"
		n=$((n + 1))
	done <"$fuzz_dir/$1.seeds"
}

# statistic NAME - a number from the log.
statistic()
{
	sed -n "s/^stat::$1: *//p" "$dir/log"
}

# fuzz TARGET - says what came of it; counts it in passed or failed.
fuzz()
{
	local target=$1 program='' dir=$top/build/fuzz/$1 status=0 seeds longest

	obtain "$target"
	longest=$(said "$target" longest)
	zsm_tmpdir seeds
	unpack_seeds "$target" "$seeds"
	mkdir -p "$dir/corpus" "$dir/found"
	zsm_progress "$target for $seconds seconds"
	"$program" -max_total_time="$seconds" -max_len="$longest" -len_control=10 \
		-artifact_prefix="$dir/found/" -print_final_stats=1 -verbosity=1 \
		"$dir/corpus" "$seeds" >"$dir/log" 2>&1 || status=$?
	zsm_progress_end
	if ((status)); then
		failed=$((failed + 1))
		grep -E 'the allocator is wrong|ERROR:|SUMMARY:|runtime error|artifact_prefix' "$dir/log" || true
		echo "$target: found something: see $dir/log; again with --reproduce FILE $target"
	else
		passed=$((passed + 1))
		echo "$target: $(statistic number_of_executed_units) runs, $(statistic new_units_added) new inputs in $seconds s"
	fi
}

main()
{
	local target program='' passed=0 failed=0

	parse "$@"
	if [[ -n $list ]]; then
		all_targets
		return
	fi
	clang_tools=$(zsm_tools bookworm clang)
	[[ -n $clang_tools ]] || zsm_need fuzz "$cxx"
	if [[ -n $reproduce ]]; then
		obtain "${targets[0]}"
		exec "$program" "$reproduce"
	fi
	for target in "${targets[@]}"; do
		fuzz "$target"
	done
	echo "$passed passed, $failed failed"
	((!failed))
}

main "$@"
