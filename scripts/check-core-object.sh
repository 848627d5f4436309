#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Rejects an object of core/ that would not work in the kernel.
#
# usage: check-core-object.sh NM OBJDUMP OBJECT
#
# Two things build without complaint and fail later or, worse, silently:
#  - a static with a dynamic initialiser: the kernel runs no .init_array of a
#    module, so that the static would stay zero (one with KASAN or KCSAN does, for
#    what they put there, and for nothing else);
#  - a call to a run-time library (libgcc, libstdc++) that the kernel lacks.
# The object is removed, so that the next make tries again.

set -eu

nm=$1
objdump=$2
object=$3

# What the core may ask of the kernel: memory functions that the compiler
# calls by itself, and what instrumentation and mitigations add. The core's
# own functions are zsm_*, zram_* or in namespace zsm.
allowed='^(memcpy|memmove|memset|memcmp|__mem(cpy|move|set)|zsm_[a-z0-9_]+'
allowed="$allowed|zram_[a-z0-9_]+|_ZNK?3zsm[A-Za-z0-9_]+"
allowed="$allowed|__(ref_)?stack_chk_(fail|guard)|__fentry__|_?mcount"
allowed="$allowed|__x86_(indirect|return)_(thunk|call_thunk|jump_thunk)(_[a-z0-9]+)?"
allowed="$allowed|__(asan|hwasan|kasan|ubsan|tsan|msan|kcsan|sanitizer)_[A-Za-z0-9_]+"
allowed="$allowed|__gcov_[a-z0-9_]+)\$"

reject()
{
	echo "$object: $1" >&2
	rm -f "$object"
	exit 1
}

headers=$("$objdump" -h "$object")
undefined=$("$nm" -u "$object")

sections=$(echo "$headers" |
	awk '$2 ~ /^\.(init_array|ctors|fini_array|dtors|preinit_array)/ { print $2 }')
# GCC's name for what initialises a file's statics, and what the checkers' call.
if echo "$undefined" | grep -Eq ' __(asan_register_globals|tsan_init)$' &&
   ! "$nm" "$object" | grep -q ' _GLOBAL__'; then
	sections=
fi
[ -z "$sections" ] ||
	reject "a kernel module never runs $sections: no dynamic initialisers"

unknown=$(echo "$undefined" | awk 'NF { print $NF }' | grep -Ev "$allowed" || true)
[ -z "$unknown" ] || reject "the kernel has no $(echo "$unknown" | tr "\n" " ")"
