#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# checkpatch.sh - fetch the kernel's checkpatch.
#
# usage: scripts/kernel/checkpatch.sh
#
# Prints a directory that holds checkpatch.pl and the lists it reads, out of
# Debian's source package of 6.12, which no smaller package has. What is in the cache
# is used for good; remove the directory to have a newer one.

# Functions are called through zsm_publish.
# shellcheck disable=SC2317
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

source_package=linux-source-6.12
files=(checkpatch.pl spelling.txt const_structs.checkpatch)

# fetch DEST
fetch()
{
	local debs deb

	zsm_tmpdir debs
	zsm_apt_lists || die "no package lists, and no checkpatch in the cache"
	zsm_progress "fetching $source_package, for checkpatch"
	if ! zsm_apt_download "$debs" "$source_package"; then
		# What the lists name may have been superseded.
		zsm_apt_lists --refresh "$zsm_apt_gen" || true
		zsm_apt_download "$debs" "$source_package" || {
			cat "$zsm_apt_log" >&2
			die "cannot fetch $source_package"
		}
	fi
	deb=("$debs"/*.deb)
	dpkg-deb --fsys-tarfile "${deb[0]}" |
		tar -xO --wildcards "./usr/src/$source_package.tar.xz" |
		xz -dc -T0 |
		tar -x -C "$1" --strip-components=2 "${files[@]/#/$source_package/scripts/}"
}

main()
{
	local dir=$zsm_cache/kernels/checkpatch-6.12

	zsm_parse "$@"
	zsm_no_args
	zsm_need build apt-get dpkg-deb xz tar
	zsm_publish "$dir" fetch
	zsm_progress_end
	printf '%s\n' "$dir"
}

main "$@"
