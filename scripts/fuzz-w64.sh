#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# fuzz-w64.sh - fuzz W64 under ASan and UBSan.
#
# usage: scripts/fuzz-w64.sh TARGET SECONDS [DIR]
#
#   TARGET   decode: any bytes to every decoder, which must agree with the
#            reference. roundtrip: any page through every encoder and decoder.
#   SECONDS  how long
#   DIR      keeps the corpus, what was found and the log (build/fuzz/TARGET);
#            another run goes on from there
#
# Runs at low priority on one processor. Fails if anything was found. The page
# is of 4 KiB, unless ZSM_PAGE_SHIFT says otherwise.

# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

top=$(realpath "${BASH_SOURCE[0]%/*}/..")
cxx=clang++-14
# shellcheck disable=SC2054 # one option each
flags=(-std=c++20 -O2 -g1 -fsanitize=address,undefined -fno-sanitize-recover=undefined
       -I"$top/core" -DZSM_PAGE_SHIFT="${ZSM_PAGE_SHIFT:-12}")

compile()
{
	local out=$1 bmi2=() f

	[[ $(uname -m) != x86_64 ]] || bmi2=(-mbmi -mbmi2 -mpopcnt)
	for f in w64_tables w64_portable w64_bmi2 tests/w64_reference tests/w64_pages; do
		# shellcheck disable=SC2046 # nothing, or options
		"$cxx" "${flags[@]}" -fsanitize=fuzzer-no-link $([[ $f != w64_bmi2 ]] || echo "${bmi2[@]}") \
			-c "$top/core/$f.cc" -o "$out/${f##*/}.o"
	done
	"$cxx" "${flags[@]}" -fsanitize=fuzzer "$top/core/tests/fuzz/w64_$target.cc" "$out"/*.o \
		-o "$out/fuzz"
}

# Blocks and pages to begin with: what the header of a block may be.
seed()
{
	local dir=$1

	printf '\x00\x01\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00' >"$dir/words"
	printf '\x01\xf1a\x01\xf0\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xf0' >"$dir/lz"
}

main()
{
	local target=${1-} seconds=${2-} dir out

	case $target in
	decode | roundtrip) ;;
	*)
		zsm_usage
		exit 2
		;;
	esac
	[[ $seconds =~ ^[0-9]+$ ]] || die -2 "how many seconds?"
	zsm_need fuzz "$cxx"
	dir=${3-$top/build/fuzz/$target}
	mkdir -p "$dir/corpus" "$dir/found"
	zsm_tmpdir out
	compile "$out"
	seed "$dir/corpus"
	nice -n 19 "$out/fuzz" -max_total_time="$seconds" -max_len=4200 -len_control=10 \
		-artifact_prefix="$dir/found/" -print_final_stats=1 "$dir/corpus" >"$dir/log" 2>&1 ||
		die "found something: see $dir/log and $dir/found"
	grep -E 'stat::number_of_executed_units|stat::new_units_added' "$dir/log"
}

main "$@"
