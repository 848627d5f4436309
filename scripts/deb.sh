#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# deb.sh - build the Debian packages, zsm-dkms and zsm-tools.
#
# usage: scripts/deb.sh [--version]
#
#   --version  print the version that the packages would have, and stop
#
# Prints their paths, under build/deb/, a line each and zsm-dkms first. The version is that of Kbuild; at a
# commit that is not tagged with it, a date and the commit are appended, in a form
# that dpkg holds to be older than the release. The same commit gives the same
# packages, byte for byte. Without git, as from a tarball, $SOURCE_DATE_EPOCH must be
# set. Complains of what lintian finds, if that is installed.

# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

top=$(realpath "${BASH_SOURCE[0]%/*}/..")
export TZ=UTC LC_ALL=C.UTF-8

in_git()
{
	git -C "$top" rev-parse --git-dir >/dev/null 2>&1
}

# Sets version, maintainer and epoch.
identify()
{
	version=$(sed -n 's/^zsm-version := //p' "$top/Kbuild")
	[[ -n $version ]] || die "Kbuild names no version"
	maintainer='zsm maintainers <root@localhost>'
	epoch=${SOURCE_DATE_EPOCH-}
	if in_git; then
		identify_commit
	fi
	[[ -n $epoch ]] || die "this is no git clone: set SOURCE_DATE_EPOCH"
}

identify_commit()
{
	maintainer=$(git -C "$top" log -1 --format='%cn <%ce>')
	epoch=${epoch:-$(git -C "$top" log -1 --format=%ct)}
	! git -C "$top" tag --points-at HEAD | grep -qxF "v$version" || return 0
	version+=$(printf '~git%(%Y%m%d%H%M%S)T' "$epoch").$(git -C "$top" rev-parse --short=8 HEAD)
	[[ -z $(git -C "$top" status --porcelain --untracked-files=no) ]] || version+=+changed
}

# tool_sources - what zsm-tools is built from, relative to the top.
tool_sources()
{
	(cd "$top" && find tools core \( -path core/tests -o -path core/bench -o -name tests \) -prune -o \
		-type f -print && echo Kbuild)
}

# assemble DIR - the source tree of the packages.
assemble()
{
	local dir=$1 file

	mkdir -p "$dir/src"
	while read -r file; do
		install -D -m 644 "$top/$file" "$dir/src/$file"
	done < <(zsm_module_sources "$top")
	while read -r file; do
		install -D "$top/$file" "$dir/user/$file"
	done < <(tool_sources)
	# What modinfo shows is then the package's version.
	sed -i "s/^zsm-version := .*/zsm-version := $version/" "$dir"/{src,user}/Kbuild
	cp -r "$top/scripts/debian" "$dir/debian"
	install -m 644 -t "$dir" "$top"/Documentation/{zram.4,zcachectl.8,zsmctl.8,knobs.rst,debugfs.rst,migration.rst,zcache.rst}
	cp -r "$top/Documentation/ABI" "$dir/ABI"
	install -D -t "$dir/tools" "$top/tools/zcachectl"
	install -D "$top/tools/initramfs/hook" "$dir/initramfs/hooks/zcache"
	install -D "$top/tools/initramfs/local-premount" "$dir/initramfs/scripts/local-premount/zcache"
	for file in zcache zcache-mounted; do
		install -m 644 "$top/tools/units/$file.service" "$dir/debian/zsm-dkms.$file.service"
	done
	sed "s/@MAINTAINER@/$maintainer/" "$dir/debian/control.in" >"$dir/debian/control"
	rm "$dir/debian/control.in"
	printf 'zsm (%s) unstable; urgency=medium\n\n  * Built from its own source tree.\n\n -- %s  %s\n' \
		"$version" "$maintainer" "$(date -u -R -d "@$epoch")" >"$dir/debian/changelog"
}

build()
{
	local dir=$1 work=$1/zsm-$version

	rm -rf "$dir"
	mkdir -p "$dir"
	assemble "$work"
	(
		cd "$work"
		umask 022
		export SOURCE_DATE_EPOCH=$epoch
		zsm_quietly dpkg-buildpackage -b -us -uc
	) || die "the package does not build"
	if command -v lintian >/dev/null; then
		(cd "$dir" && lintian --allow-root --fail-on error,warning --tag-display-limit 0 \
			"${dir}"/zsm_*.changes >&2) || die "lintian has complaints"
	fi
	ls "$dir/zsm-dkms_${version}_all.deb" "$dir/zsm-tools_${version}"_*.deb
}

main()
{
	local version maintainer epoch print=''

	version=''
	zsm_parse "$@"
	zsm_no_args
	print=$version
	identify
	if [[ -n $print ]]; then
		echo "$version"
		return
	fi
	zsm_need deb dpkg-buildpackage dh dh_dkms gcc g++
	build "$top/build/deb"
}

main "$@"
