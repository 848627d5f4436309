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
#
# Without a TARGET, all of them:
#
#   allocator      operations on an allocator around the core, beside a model of
#                  what is in each object
#   w64_decode     any bytes to every decoder, which must agree with the reference
#   w64_roundtrip  any page through every encoder and decoder
#
# A run begins with the seeds in core/tests/fuzz/seeds and what earlier runs kept in
# build/fuzz/TARGET/corpus. What ends the program is kept in build/fuzz/TARGET/found,
# and the fuzzer's log beside it. It keeps one processor busy. The page is of 4 KiB,
# unless ZSM_PAGE_SHIFT says otherwise. The last line is `N passed, N failed'.

# Functions are called through zsm_publish.
# shellcheck disable=SC2317
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

top=$(realpath "${BASH_SOURCE[0]%/*}/..")
core=$top/core
cxx=clang++-14
seconds=${FUZZ_SECONDS:-30}
reproduce=''
targets=()

# shellcheck disable=SC2054 # one option each
flags=(-std=c++20 -O2 -g1 -fsanitize=address,undefined -fno-sanitize-recover=undefined
       -I"$top" -DZSM_PAGE_SHIFT="${ZSM_PAGE_SHIFT:-12}")
bmi2_flags=()
[[ $(uname -m) != x86_64 ]] || bmi2_flags=(-mbmi -mbmi2 -mpopcnt)

# What each target consists of besides its own source, how long its inputs may be,
# and what it is linked with.
all_targets=(allocator w64_decode w64_roundtrip)
w64_parts='w64/tables w64/portable w64/bmi2 tests/w64/reference tests/w64/pages'
declare -A parts=(
	[allocator]='zsm/class_state zsm/size_class zsm/zspage zsm/zspage_table tests/zsm/model tests/fuzz/heap'
	[w64_decode]=$w64_parts
	[w64_roundtrip]=$w64_parts
)
declare -A longest=([allocator]=600 [w64_decode]=4200 [w64_roundtrip]=4200)
declare -A libraries=([allocator]='-lgtest -pthread' [w64_decode]='' [w64_roundtrip]='')

parse()
{
	while (($#)); do
		case $1 in
		-h | --help)
			zsm_usage
			exit 0
			;;
		--seconds | --reproduce)
			(($# > 1)) || usage_error "$1 wants a value"
			[[ $1 == --seconds ]] && seconds=$2 || reproduce=$2
			shift
			;;
		*)
			[[ -n ${parts[$1]-} ]] || usage_error "no target $1"
			targets+=("$1")
			;;
		esac
		shift
	done
	[[ $seconds =~ ^[1-9][0-9]*$ ]] || usage_error "how many seconds?"
	if [[ -n $reproduce ]]; then
		((${#targets[@]} == 1)) || usage_error "--reproduce wants one target"
		[[ -f $reproduce ]] || usage_error "no such file: $reproduce"
	fi
	((${#targets[@]})) || targets=("${all_targets[@]}")
}

# --- building ----------------------------------------------------------------

# compile PART OBJECT
compile()
{
	local extra=()

	[[ $1 != w64/bmi2 ]] || extra=("${bmi2_flags[@]}")
	"$cxx" "${flags[@]}" "${extra[@]}" -fsanitize=fuzzer-no-link -c "$core/$1.cc" -o "$2"
}

# build DEST TARGET
build()
{
	local dest=$1 target=$2 part objects libs

	read -ra objects <<<"${parts[$target]} tests/fuzz/$target"
	read -ra libs <<<"${libraries[$target]}"
	zsm_progress "compiling $target"
	for part in "${!objects[@]}"; do
		compile "${objects[part]}" "$dest/$part.o"
	done
	"$cxx" "${flags[@]}" -fsanitize=fuzzer "$dest"/*.o "${libs[@]}" -o "$dest/fuzz"
	rm "$dest"/*.o
}

# Sets program, which is built again when anything in core/ changes.
obtain()
{
	local target=$1 key

	key=$({
		find "$core" -type f \( -name '*.cc' -o -name '*.hh' -o -name '*.h' \) -print0 |
			LC_ALL=C sort -z | xargs -0 cat
		declare -p flags bmi2_flags parts libraries
		"$cxx" --version
	} | sha256sum | cut -c1-16)
	program=$zsm_cache/fuzz/$target.$key/fuzz
	zsm_publish "${program%/*}" build "$target"
	find "$zsm_cache/fuzz" -mindepth 1 -maxdepth 1 -name '*.*' -mtime +30 -exec rm -rf {} +
}

# --- running -----------------------------------------------------------------

# statistic NAME - a number from the log.
statistic()
{
	sed -n "s/^stat::$1: *//p" "$dir/log"
}

# fuzz TARGET - says what came of it; counts it in passed or failed.
fuzz()
{
	local target=$1 program='' dir=$top/build/fuzz/$1 status=0

	obtain "$target"
	mkdir -p "$dir/corpus" "$dir/found"
	zsm_progress "$target for $seconds seconds"
	"$program" -max_total_time="$seconds" -max_len="${longest[$target]}" -len_control=10 \
		-artifact_prefix="$dir/found/" -print_final_stats=1 -verbosity=1 \
		"$dir/corpus" "$core/tests/fuzz/seeds/$target" >"$dir/log" 2>&1 || status=$?
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
	zsm_need fuzz "$cxx"
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
