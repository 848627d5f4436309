#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# house.sh - check who includes whom, and how large files and structures are.
#
# usage: scripts/lint/house.sh [--self-test] [TOP]
#
#   --self-test  show that each fault is found, in trees made for that
#
# TOP is the tree to look at, this one by default. Prints each fault; there must be
# none:
#
#   circle    a file includes itself through others; X.c and X.h are one
#   arrow     a file includes one of a floor above its own: core/ and compat/ are below
#             zsm/, that is below store/, and that is below the fronts (zram/, zcache/,
#             zpool/, crypto/), which do not include each other. kunit/, scripts/,
#             Documentation/, core/tests/ and tools/ are on top of all; in a program of
#             tools/ sys/ is below figures/, that is below show/, and that is below cmd/
#   lines     a file has more than 450 lines
#   members   a structure of the modules has more than 20 members
#
# Exit status 0 if nothing is found.

# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

here=$(realpath "${BASH_SOURCE[0]%/*}")

# What is known and being worked on, `KIND FILE'.
exceptions='
'

# check TOP
check()
{
	local files

	mapfile -t files < <(cd "$1" && find . \( -name .git -o -path ./build \) -prune -o -type f \
		\( -name '*.[ch]' -o -name '*.cc' -o -name '*.hh' -o -name '*.sh' -o -name '*.awk' -o \
		-name '*.py' \) ! -name '*.mod.c' -print | sed 's,^\./,,' | LC_ALL=C sort)
	((${#files[@]})) || die "nothing to look at in $1"
	(cd "$1" && awk -v exceptions="$exceptions" -f "$here/house.awk" "${files[@]}")
}

# --- the self-test -----------------------------------------------------------

# has FILE LINE... - puts a file of these lines into the tree.
has()
{
	mkdir -p "$(dirname "$tree/$1")"
	printf '%s\n' "${@:2}" >"$tree/$1"
}

# expect WANT - what is found in the tree must match, and nothing else be found; the
# next tree is empty.
expect()
{
	local found

	found=$(check "$tree")
	[[ $found =~ ^$1$ ]] || die "found '$found', should be '$1'"
	rm -rf "$tree"
	tested=$((tested + 1))
}

# numbered N - a structure of N members.
numbered()
{
	local i

	printf 'struct small {\n\tint m;\n} __aligned(8);\n\nstruct big {\n'
	for ((i = 0; i < $1; i++)); do
		echo "	int m$i; /* one; more { */"
	done
	echo '};'
}

self_test()
{
	local tree tested=0 lines exceptions=''

	zsm_tmpdir tree
	has zram/a.c '#include "zram/b.h"' '#include "core/zsm/c.h"' '#include "zsmalloc.h"'
	has zram/b.c '#include "zram/b.h"' '/* #include "zram/a.h" */'
	has zram_drv.c '#include "zram/a.h"' '#include "zram_drv.h"'
	has zram/a.h '#include "zram_drv.h"'
	has kunit/zram/d.c '#include "zram/a.h"' '#include "kunit/zram/d.h"'
	expect ''

	has zram/a.c '#include "zram/b.h"'
	has zram/b.c '#include "zram/c.h"'
	has zram/c.h '#include "zram/a.h"'
	expect 'zram/a: includes itself: zram/a -> zram/b -> zram/c -> zram/a'

	has core/zsm/a.cc '#include "zsm/pool.h"'
	expect 'core/zsm/a\.cc: includes zsm/pool\.h, which is above it'
	has zsm/a.c '#include "store/store.h"'
	expect 'zsm/a\.c: includes store/store\.h, which is above it'
	has store/a.c '#include "zram_drv.h"'
	expect 'store/a\.c: includes zram_drv\.h, which is above it'
	has zcache/a.c '#include "zram/slot.h"'
	expect 'zcache/a\.c: includes zram/slot\.h, which belongs to another front'
	has compat/a.h '#include "core/bits.hh"'
	expect 'compat/a\.h: includes core/bits\.hh, which is above it'
	has zram/a.c '#include "kunit/zram/a.h"'
	expect 'zram/a\.c: includes kunit/zram/a\.h, which is above it'

	has tools/a/sys/a.cc '#include "core/bits.hh"' '#include "tools/a/figures/a.hh"'
	expect 'tools/a/sys/a\.cc: includes tools/a/figures/a\.hh, which is above it'
	has tools/a/show/a.cc '#include "tools/a/cmd/a.hh"'
	expect 'tools/a/show/a\.cc: includes tools/a/cmd/a\.hh, which is above it'
	has tools/a/main.cc '#include "tools/a/cmd/a.hh"'
	has tools/a/cmd/a.cc '#include "tools/a/sys/a.hh"' '#include "tools/a/show/a.hh"'
	expect ''

	mapfile -t lines < <(seq 451)
	has zsm/a.c "${lines[@]}"
	expect 'zsm/a\.c: 451 lines, 450 at most'
	mapfile -t lines < <(numbered 21)
	has zsm/a.h "${lines[@]}"
	expect 'zsm/a\.h: struct big has 21 members, 20 at most'
	mapfile -t lines < <(numbered 18)
	has zsm/a.h "${lines[@]:0:22}" '	int a, b;' '	union {' '		int c;' '	};' '};'
	expect ''
	has zsm/a.h "${lines[@]:0:22}" '	int a, b;' '	union {' '		int c[2], d;' '	};' '};'
	expect 'zsm/a\.h: struct big has 21 members, 20 at most'

	exceptions='lines zsm/a.c'
	mapfile -t lines < <(seq 451)
	has zsm/a.c "${lines[@]}"
	expect ''
	echo "$tested passed, 0 failed"
}

main()
{
	local found self_test=''

	zsm_parse "$@"
	if [[ -n $self_test ]]; then
		self_test
		return
	fi
	found=$(check "${zsm_args[0]-$here/../..}")
	[[ -z $found ]] || printf '%s\n' "$found"
	[[ -z $found ]]
}

main "$@"
