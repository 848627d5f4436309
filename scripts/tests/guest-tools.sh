#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# guest-tools.sh - build zsmctl for VMs.
#
# usage: scripts/tests/guest-tools.sh
#
# It is static, so that it runs in any root file system. Prints the file in the cache.

# Functions are called through zsm_publish.
# shellcheck disable=SC2317
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

top=$(realpath "${BASH_SOURCE[0]%/*}/../..")

sources()
{
	(cd "$top" && find tools/zsmctl core \( -path core/tests -o -path core/bench -o \
		-path tools/zsmctl/tests \) -prune -o -type f -print && echo Kbuild) | LC_ALL=C sort
}

build()
{
	local out

	zsm_tmpdir out
	zsm_quietly make -j2 -C "$top/tools/zsmctl" OUT="$out" STATIC=1 CXXFLAGS=-O1 || die "zsmctl does not build"
	strip -o "$1/zsmctl" "$out/zsmctl"
}

main()
{
	local key dir

	zsm_parse "$@"
	zsm_no_args
	zsm_need tools make g++
	key=$({
		(cd "$top" && sources | xargs cat)
		g++ --version
	} | sha256sum | cut -c1-16)
	dir=$zsm_cache/guest-tools/$key
	zsm_publish "$dir" build
	printf '%s\n' "$dir/zsmctl"
}

main "$@"
