#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# build.sh - build the benchmark's module.
#
# usage: scripts/bench/build.sh [--zpools] KDIR FOLDER [MAKE-ARGUMENT]...
#
#   --zpools  with zpool and its pools of pairs and of triples, zpool.ko, zbud.ko and
#             z3fold.ko, out of KDIR, which has the kernel's source but not zpool
#
# Builds it for the kernel of KDIR, in a folder of links; prints the module's path.

# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

top=$(realpath "${BASH_SOURCE[0]%/*}/../..")

zpools=

zsm_parse "$@"
set -- "${zsm_args[@]}"
(($# >= 2)) || usage_error "for which kernel, and where?"
kdir=$1 dir=$2
shift 2
mkdir -p "$dir"
for file in "$top"/scripts/bench/{Kbuild,*.[ch]}; do
	ln -sfn "$file" "$dir/${file##*/}"
done
if [[ -n $zpools ]]; then
	ln -sfn "$kdir"/mm/{zbud,z3fold}.c "$dir/"
	ln -sfn "$kdir/mm/zpool.c" "$dir/zpool_core.c"
fi
zsm_quietly make -j"$(nproc)" -C "$kdir" M="$dir" W=1 "$@" modules >&2 ||
	die "the benchmark's module does not build"
echo "$dir/zsm_bench.ko"
