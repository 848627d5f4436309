#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# build-rules.sh - test the build: what it rejects, what it builds again, where it
# installs to, and that the benchmark's module still builds.
#
# usage: scripts/tests/build-rules.sh [KERNEL]
#
# KERNEL is 6.12 (the default) or 6.1. Exit status 0 if all is well.

# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

top=$(realpath "${BASH_SOURCE[0]%/*}/../..")

# core_object NAME - compiles stdin as C++.
core_object()
{
	g++ -std=c++20 -O2 -ffreestanding -x c++ -c - -o "$work/$1.o"
}

check_object()
{
	sh "$top/scripts/check-core-object.sh" "${2-nm}" objdump "$work/$1.o"
}

rejects()
{
	! check_object "$@" 2>"$work/said" || die "accepted: $1"
	[[ ${2+tool} || ! -e $work/$1.o ]] || die "$1.o was left behind"
}

test_objects()
{
	core_object good <<<'extern "C" int zsm_f(int); int g(int x) { return zsm_f(x); }'
	check_object good || die "a good object was rejected"
	core_object initialiser <<<'extern "C" int zsm_f(); static int x = zsm_f(); int g() { return x; }'
	rejects initialiser
	core_object destructor <<<'struct t { ~t(); }; static t x; t *g() { return &x; }'
	rejects destructor
	core_object division <<<'unsigned __int128 g(unsigned __int128 a, unsigned __int128 b) { return a / b; }'
	rejects division
	core_object allocation <<<'int *g() { return new int; }'
	rejects allocation
	rejects good /nonexistent/nm
}

# build - prints what was compiled.
build()
{
	make -C "$kdir" M="$work/tree" modules | awk '$1 ~ /^(CC|CXX)$/ { print $NF }' |
		sed "s|^$work/tree/||" | sort | tr '\n' ' '
}

# rebuilds FILE OBJECT... - touching it has just these compiled again.
rebuilds()
{
	local got want

	touch "$work/tree/$1"
	got=$(build)
	shift
	want=$(printf '%s\n' "$@" | sort | tr '\n' ' ')
	[[ $got == "$want" ]] || die "built again: $got; should be: $want"
}

test_dependencies()
{
	local names

	mkdir "$work/tree"
	zsm_module_sources "$top" | (cd "$top" && xargs cp --parents -t "$work/tree")
	build >/dev/null
	names=$(nm "$work"/tree/core/*/*.o)
	! grep ' [WVu] ' <<<"$names" || die "objects of the core have functions in common"
	[[ -z $(build) ]] || die "a second build compiles something"
	rebuilds core/zsm/index.hh core/zsm/class_state.o core/zsm/compaction.o core/zsm/zspage.o
	rebuilds core/store/same_filled.cc core/store/same_filled.o
	rebuilds core/w64/cpu_bmi2.hh core/w64/bmi2.o core/w64/hc_bmi2.o
	rebuilds zsmalloc.c zsmalloc.o
	rebuilds zsm/reserve.h zsm/alloc.o zsm/buddies.o zsm/compact.o zsm/reserve.o zsm/zspage.o zsmalloc.o
}

# refuses WORD... TEXT - a kernel of which make is told this is refused, and said why.
refuses()
{
	local said

	! said=$(make -C "$kdir" M="$work/tree" "${@:1:$#-1}" modules 2>&1) || die "built for $1"
	[[ $said == *"${*: -1}"* ]] || die "$1: said '$said'"
}

test_kernels_refused()
{
	refuses CONFIG_64BIT= 'zsm needs a 64-bit kernel'
	refuses CONFIG_CPU_BIG_ENDIAN=y 'zsm needs a little-endian kernel'
	make -s -C "$kdir" M="$work/tree" CONFIG_64BIT= clean || die "cannot clean"
}

# preferred - the zram.ko that modprobe would load.
preferred()
{
	modprobe -d "$work/root" -S "$release" --show-depends zram | awk 'END { print $2 }'
}

test_install()
{
	local install=(make -C "$top" KDIR="$kdir" INSTALL_MOD_PATH="$work/root")

	mkdir -p "$work/root/lib/modules"
	cp -rs "$kernel/lib/modules/$release" "$work/root/lib/modules/" 2>/dev/null ||
		cp -r "$kernel/lib/modules/$release" "$work/root/lib/modules/"
	cp "$top/Makefile" "$work/tree/"
	install[2]=$work/tree
	"${install[@]}" install
	[[ $(preferred) == */updates/zram.ko* ]] || die "modprobe prefers $(preferred)"
	modprobe -d "$work/root" -S "$release" --show-depends zram | grep -q '/updates/zsm.ko' ||
		die "zram does not bring zsm with it"
	# This is what the crypto API asks modprobe for.
	modprobe -d "$work/root" -S "$release" --show-depends crypto-w64 | grep -q '/updates/w64.ko' ||
		die "modprobe does not find w64"
	modprobe -d "$work/root" -S "$release" --show-depends dm-zcache | grep -q '/updates/zsm.ko' ||
		die "dm-zcache does not bring zsm with it"
	"${install[@]}" uninstall
	! find "$work/root" -name 'w64.ko*' -o -name 'dm-zcache.ko*' | grep . ||
		die "uninstall leaves w64 or dm-zcache"
	[[ $(preferred) == */kernel/*/zram.ko* ]] || die "after uninstall modprobe prefers $(preferred)"
}

# What other modules of this tree than the products build from its headers.
test_bench_module()
{
	"$top/scripts/bench/build.sh" "$kdir" "$work/bench" >/dev/null ||
		die "the benchmark's module does not build"
}

main()
{
	local work kernel kdir release

	kernel=$("$top/scripts/kernel/debian.sh" "${1:-6.12}")
	kdir=$kernel/build
	release=$(<"$kernel/release")
	zsm_tmpdir work
	test_objects
	test_dependencies
	test_install
	test_kernels_refused
	test_bench_module
}

main "$@"
