#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# w64-bench.sh - W64 and w64hc beside lz4 and zstd, in user space.
#
# usage: scripts/bench/w64-bench.sh [-l] [-r ROUNDS] FILE...
#
#   -l         print a line for each thing measured, as scripts/bench/guest.sh does
#   -r ROUNDS  rounds (9)
#   FILE       a corpus; scripts/bench/collect.sh makes some
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

main()
{
	local out name extra

	zsm_parse "$@"
	((${#zsm_args[@]})) || usage_error "no FILE"
	zsm_need bench g++
	zsm_tmpdir out
	for name in tables portable bmi2 hc_tables hc_portable hc_bmi2; do
		extra=()
		[[ $name != *bmi2 ]] || extra=("${bmi2[@]}")
		g++ "${kernel_like[@]}" "${cxx[@]}" "${extra[@]}" -c "$top/core/w64/$name.cc" -o "$out/$name.o"
	done
	g++ -std=c++20 -O2 -Wall -Wextra -fno-pic -no-pie -I"$top" "$top/core/bench/w64_bench.cc" \
		"$out"/*.o -llz4 -lzstd -o "$out/w64_bench"
	"$out/w64_bench" "${zsm_args[@]}"
}

main "$@"
