#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# kernel-tests.sh - fetch what the kernel tests with.
#
# usage: scripts/ecosystem/kernel-tests.sh
#
# Prints a directory that has, from Debian's newest linux-source-6.12,
#
#   zram        tools/testing/selftests/zram
#   get_abi.pl  what reads Documentation/ABI
#
# It is kept in the cache.

# Functions are called through zsm_publish.
# shellcheck disable=SC2317
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

source_package=linux-source-6.12
home=$zsm_cache/ecosystem

unpack()
{
	local dest=$1 debs deb

	zsm_progress "fetching $source_package"
	zsm_tmpdir debs
	zsm_apt_download "$debs" "$source_package" || {
		cat "$zsm_apt_log" >&2
		die "cannot fetch $source_package"
	}
	deb=("$debs"/*.deb)
	dpkg-deb --fsys-tarfile "${deb[0]}" | tar -xO --wildcards "./usr/src/$source_package.tar.xz" |
		xz -dc -T0 | tar -x -C "$dest" --strip-components=1 --wildcards \
		'*/tools/testing/selftests/zram/*' '*/scripts/get_abi.pl'
	ln -s tools/testing/selftests/zram "$dest/zram"
	ln -s scripts/get_abi.pl "$dest/get_abi.pl"
	[[ -s $dest/zram/zram.sh && -s $dest/get_abi.pl ]] || die "the source lacks what was expected of it"
}

main()
{
	local version dest

	zsm_parse "$@"
	zsm_no_args
	# shellcheck disable=SC2119
	zsm_apt_lists || die "no package lists"
	version=$(zsm_apt_field "$source_package" Version)
	[[ -n $version ]] || die "no package source serves $source_package"
	dest=$home/kernel-tests-$version
	zsm_publish "$dest" unpack
	touch "$dest"
	zsm_progress_end
	echo "$dest"
}

main "$@"
