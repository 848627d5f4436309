#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# w64-bench.sh - W64 beside lz4, in user space.
#
# usage: scripts/bench/w64-bench.sh [--prototype DIR] [-r ROUNDS] FILE...
#
#   --prototype DIR  another codec to compare with: DIR has fast.c and w64tab.c,
#                    which define fast_init(), fast_compress() and
#                    fast_decompress(), and the latter two with _portable added
#                    if PORTABLE is defined
#   -r ROUNDS        rounds (9)
#   FILE             a corpus; scripts/bench/collect.sh makes some
#
# The codec is compiled as the kernel compiles it. What is printed is explained
# in core/bench/w64_bench.cc.

# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

top=$(realpath "${BASH_SOURCE[0]%/*}/../..")
kernel_like=(-O2 -Wall -ffreestanding -mno-red-zone -fno-strict-aliasing
	     -fno-tree-vectorize -fno-pic -fstack-protector-strong
	     -fno-asynchronous-unwind-tables)
cxx=(-std=c++20 -Wextra -fno-exceptions -fno-rtti -fno-threadsafe-statics
     -I"$top")
bmi2=()

case $(uname -m) in
x86_64)
	kernel_like+=(-mgeneral-regs-only -mindirect-branch=thunk-inline)
	bmi2=(-mbmi -mbmi2 -mpopcnt)
	;;
*) kernel_like+=(-mgeneral-regs-only) ;;
esac

compile_prototype()
{
	local dir=$1 c=(-std=gnu11 -Wno-declaration-after-statement)

	gcc "${kernel_like[@]}" "${bmi2[@]}" -mlzcnt "${c[@]}" -c "$dir/fast.c" -o "$out/fast.o"
	gcc "${kernel_like[@]}" -DPORTABLE "${c[@]}" -c "$dir/fast.c" -o "$out/fast_portable.o"
	gcc -O2 -fno-pic -DPORTABLE -c "$dir/w64tab.c" -o "$out/w64tab.o"
}

main()
{
	local out prototype=

	zsm_parse "$@"
	((${#zsm_args[@]})) || usage_error "no FILE"
	zsm_need bench g++
	zsm_tmpdir out
	[[ -z $prototype ]] || compile_prototype "$prototype"
	for f in tables portable; do
		g++ "${kernel_like[@]}" "${cxx[@]}" -c "$top/core/w64/$f.cc" -o "$out/w64_$f.o"
	done
	g++ "${kernel_like[@]}" "${cxx[@]}" "${bmi2[@]}" -c "$top/core/w64/bmi2.cc" -o "$out/w64_bmi2.o"
	g++ -std=c++20 -O2 -Wall -Wextra -fno-pic -no-pie -I"$top" "$top/core/bench/w64_bench.cc" \
		"$out"/*.o -llz4 -o "$out/w64_bench"
	"$out/w64_bench" "${zsm_args[@]}"
}

main "$@"
