# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2317 # variables of lib.sh; zsm_publish's function
#
# tools.sh - compilers of another release of Debian. Sourced by lib.sh.
#
# The headers of a kernel bring programs that want the C library of the kernel's own
# release, and modules want its compiler. So what is built for a kernel of another
# release sees that release's /usr in place of the machine's, in a mount namespace of its
# own. Packages are unpacked for that, and not configured: no root is needed where
# the machine lets users have namespaces.

# zsm_tool_packages FOR - what it takes to build modules for an architecture; `clang': to
# lint and to fuzz.
zsm_tool_packages()
{
	if [[ $1 == clang ]]; then
		printf '%s\n' dash clang-14 clang-format-14 clang-tidy-14 libclang-rt-14-dev libstdc++-12-dev \
			libgtest-dev libc6-dev binutils coreutils
		return
	fi
	printf '%s\n' bash coreutils dash findutils diffutils grep sed gawk mawk make gcc g++ binutils \
		bc perl kmod xz-utils libc6-dev libelf1 libssl3 zlib1g pahole util-linux mount
	[[ $1 != arm64 ]] || printf '%s\n' gcc-aarch64-linux-gnu g++-aarch64-linux-gnu
}

# zsm_make_tools DEST PACKAGE... - a root directory with these.
zsm_make_tools()
{
	local root=$1 debs deb dir

	shift
	zsm_tmpdir debs
	zsm_progress "fetching the compilers of $zsm_apt_release"
	zsm_apt_download "$debs" "$@" || {
		cat "$zsm_apt_log" >&2
		die "cannot fetch the compilers of $zsm_apt_release"
	}
	mkdir -p "$root"/usr/{bin,sbin,lib,lib64}
	for dir in bin sbin lib lib64; do
		ln -s "usr/$dir" "$root/$dir"
	done
	zsm_progress "unpacking the compilers of $zsm_apt_release"
	for deb in "$debs"/*.deb; do
		dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$root" --keep-directory-symlink \
			--no-same-owner --exclude='./usr/share/doc/*' --exclude='./usr/share/man/*' \
			--exclude='./usr/share/locale/*'
	done
	[[ ! -e $root/usr/bin/mawk ]] || ln -sf mawk "$root/usr/bin/awk"
	ln -sf dash "$root/usr/bin/sh"
}

# zsm_tools RELEASE FOR - prints the directory of its tools, made if need be; nothing for
# those of this machine, which setup.sh installs.
zsm_tools()
{
	local release=$1 arch=$2 home set key

	[[ $release != host && ($release != "$(zsm_codename)" || $arch == arm64) ]] || return 0
	home=$zsm_cache/tools/$release-$arch
	zsm_apt_use "$release"
	if zsm_apt_fresh && [[ -e $home/current && $(cat "$home/lists" 2>/dev/null) == \
		"$(readlink "$zsm_apt_dir/current") $(zsm_tool_packages "$arch" | cksum)" ]]; then
		readlink -f "$home/current"
		return
	fi
	zsm_apt_lists || {
		[[ -e $home/current ]] || die "no package lists, and no compilers in the cache"
		readlink -f "$home/current"
		return
	}
	# shellcheck disable=SC2046 # one word a package
	set=$(apt-get "${zsm_apt_opts[@]}" --print-uris install $(zsm_tool_packages "$arch") |
		sed -nE 's/^.* ([^ _]+)_([^ _]+)_[^ _]+\.deb .*$/\1=\2/p' | sed 's/%3a/:/g' | sort)
	[[ -n $set ]] || die "no package source serves the compilers of $release"
	key=$(sha256sum <<<"$set" | cut -c1-16)
	# shellcheck disable=SC2086 # one word a package
	zsm_publish "$home/$key" zsm_make_tools $set
	ln -sfn "$key" "$home/current.$$"
	mv -T -- "$home/current.$$" "$home/current"
	printf '%s %s\n' "$zsm_apt_gen" "$(zsm_tool_packages "$arch" | cksum)" >"$home/lists"
	readlink -f "$home/current"
}

# zsm_with_tools TOOLS COMMAND... - runs it with these tools, or with the machine's.
zsm_with_tools()
{
	local tools=$1 as_root=()

	shift
	if [[ -z $tools ]]; then
		"$@"
		return
	fi
	[[ $PWD/ != /usr/* && $zsm_cache/ != /usr/* ]] ||
		die "modules for a kernel of another release cannot be built below /usr"
	((EUID == 0)) || as_root=(--user --map-root-user)
	# The machine's locale may be none of theirs; Linux's makefile takes LC_ALL away.
	# shellcheck disable=SC2016 # the inner shell expands it
	LC_ALL=C LANG=C unshare "${as_root[@]}" --mount sh -ec 'mount --bind "$1/usr" /usr; shift; exec "$@"' \
		sh "$tools" "$@"
}
