#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# debian.sh - fetch a stock Debian kernel to build against and to boot.
#
# usage: scripts/kernel/debian.sh KERNEL
#
# KERNEL is a name of scripts/kernel/table. Prints a directory that holds the newest such
# kernel the package sources serve:
#
#   release                 what uname -r says
#   vmlinuz, config         the kernel image and its configuration
#   lib/modules/<release>/  its modules, with modules.dep and the like
#   build                   for make -C DIR/build M=...
#
# Nothing is installed and no root is needed: packages are unpacked in the
# cache ($ZSM_CACHE, or ~/.cache/zsm), one directory a package version. What has
# been superseded stays there, since a build or a VM may be using it; remove the
# directory by hand. While the package lists are young (six hours, or
# $ZSM_APT_MAX_AGE seconds) a second call uses no network and no apt. Without a
# network, the last kernel fetched is used.

# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

# releases WORD - those of the series and flavour that have a package linux-WORD-RELEASE;
# WORD is a regular expression.
releases()
{
	apt-cache "${zsm_apt_opts[@]}" pkgnames linux- |
		sed -nE "s/^linux-($1)-([0-9][0-9a-z.+~]*(-[0-9]+)?-$flavour)(-unsigned)?(:[a-z0-9]+)?\$/\2/p" |
		grep -E "^$series_pattern" | sort -u
}

# newest_release - the newest release with image and headers.
newest_release()
{
	comm -12 <(releases headers) <(releases 'image|binary') | sort -V | tail -n 1
}

# packages_of RELEASE - those to unpack: image, headers, and those of the headers'
# dependencies that belong to the kernel. Programs that run while modules are built are
# the building machine's. Since 7.x what was one package of the image is several.
packages_of()
{
	local image=()

	if zsm_apt_serves "linux-binary-$1:$arch"; then
		image=("linux-binary-$1" "linux-modules-$1" "linux-base-$1")
	elif zsm_apt_serves "linux-image-$1-unsigned:$arch"; then
		image=("linux-image-$1-unsigned")
	else
		image=("linux-image-$1")
	fi
	printf "%s:$arch\n" "${image[@]}" "linux-headers-$1"
	zsm_apt_field "linux-headers-$1:$arch" Depends | tr ',' '\n' |
		sed -nE 's/^ *(linux-(headers|kbuild|compiler)-[^ :]+).*/\1/p'
}

unpack_all()
{
	local debs=$1 root=$2 deb pids=()

	mkdir -p "$root"
	for deb in "$debs"/*.deb; do
		dpkg-deb -x "$deb" "$root" &
		pids+=($!)
	done
	for deb in "${pids[@]}"; do
		wait "$deb"
	done
}

# The packages expect to be installed: their links and includes name /usr/src
# and /usr/lib. Makes them relative, so that the tree works where it is.
relocate()
{
	local root=$1 link target up file

	while IFS= read -r link; do
		target=$(readlink "$link")
		[[ -e $root$target ]] || continue
		up=$(realpath -m --relative-to="${link%/*}" "$root$target")
		ln -sfn "$up" "$link"
	done < <(find "$root/usr" "$root/lib" -type l -lname '/*' 2>/dev/null)
	for file in "$root"/usr/src/linux-headers-*/{Makefile,.kernelvariables}; do
		[[ -f $file ]] || continue
		# shellcheck disable=SC2016 # make expands it
		sed -i -E 's,(^|[ \t=])/usr/src/(linux-headers-),\1$(dir $(realpath $(lastword $(MAKEFILE_LIST))))../\2,g' "$file"
	done
	if grep -rIl --include=Makefile --include=.kernelvariables -E '^[^#]*[ =]/usr/(src|lib)/linux' "$root/usr/src" >&2; then
		die "these files still name /usr"
	fi
}

# make_tree DEST RELEASE DEBS
make_tree()
{
	local dest=$1 release=$2 debs=$3 modules=$1/root/lib/modules/$2

	zsm_progress "unpacking $release"
	unpack_all "$debs" "$dest/root"
	if [[ -d $dest/root/usr/lib/modules ]]; then
		mkdir -p "$dest/root/lib"
		cp -al "$dest/root/usr/lib/modules" "$dest/root/lib/"
		rm -rf "$dest/root/usr/lib/modules"
	fi
	relocate "$dest/root"
	printf '%s\n' "$release" >"$dest/release"
	if [[ -e $modules/vmlinuz ]]; then
		mkdir -p "$dest/root/boot"
		mv "$modules/vmlinuz" "$dest/root/boot/vmlinuz-$release"
		mv "$modules/config" "$dest/root/boot/config-$release"
	fi
	ln -s "root/boot/vmlinuz-$release" "$dest/vmlinuz"
	ln -s "root/boot/config-$release" "$dest/config"
	ln -s root/lib "$dest/lib"
	ln -s "root/usr/src/linux-headers-$release" "$dest/build"
	rm -f "$modules"/{build,source}
	depmod -b "$dest/root" "$release"
	[[ -s $dest/vmlinuz && -s $dest/config && -e $dest/build/Makefile &&
	   -s $dest/build/Module.symvers && -s $modules/modules.dep ]] ||
		die "the packages of $release lack what was expected of them"
}

# Fetches what the lists name now, and publishes it. Sets tree.
obtain()
{
	local release version debs packages

	release=$(newest_release)
	[[ -n $release ]] || {
		log "no package source serves a $series $flavour kernel"
		return 1
	}
	version=$(zsm_apt_field "linux-headers-$release:$arch" Version)
	tree=$home/$version
	[[ ! -e $tree ]] || return 0
	zsm_fetch_dir debs "$home"
	mapfile -t packages < <(packages_of "$release")
	zsm_progress "fetching Linux $release"
	zsm_apt_download "$debs" "${packages[@]}" || return 1
	published=("$tree" make_tree "$release" "$debs")
}

# Brings $home/current up to date with the lists, under a lock.
update_tree()
{
	local lock

	zsm_need build apt-get dpkg-deb depmod flock
	mkdir -p "$home"
	exec {lock}>"$home/lock"
	zsm_lock "$lock" "this kernel"
	zsm_apt_lists || {
		[[ -e $home/current/release ]] || die "no package lists, and no $series $flavour kernel in the cache"
		log "no fresh package lists; using the kernel fetched last"
		return 0
	}
	obtain || {
		# What the lists name may have been superseded: look again.
		if ! zsm_apt_lists --refresh "$zsm_apt_gen" || ! obtain; then
			[[ -z $zsm_apt_log ]] || cat "$zsm_apt_log" >&2
			die "cannot fetch a $series $flavour kernel"
		fi
	}
	if ((${#published[@]})); then
		zsm_publish "${published[@]}"
	fi
	ln -sfn "${tree##*/}" "$home/current.new"
	mv -T -- "$home/current.new" "$home/current"
	printf '%s\n' "$zsm_apt_gen" >"$home/lists"
	exec {lock}>&-
}

main()
{
	local series flavour arch series_pattern='[0-9]' home tree='' published=()

	zsm_parse "$@"
	((${#zsm_args[@]} == 1)) || usage_error "which kernel?"
	zsm_kernel_describe "${zsm_args[0]}"
	series=${zsm_k[series]} flavour=${zsm_k[flavour]} arch=${zsm_k[arch]}
	[[ $flavour != source ]] || usage_error "${zsm_k[name]} is none of Debian's"
	[[ $series == newest ]] || series_pattern="${series//./\\.}[.-]"
	# The machine's own sources have no backports, and may have no packages of another
	# architecture.
	[[ $series != newest && $arch == amd64 && ${zsm_k[release]} == "$(zsm_codename)" ]] ||
		zsm_apt_use "${zsm_k[release]}"
	home=$zsm_cache/kernels/debian-$series-$flavour
	# Two releases have kernels of one series.
	[[ ${zsm_k[release]} == host ]] || home+=-${zsm_k[release]}
	if ! zsm_apt_fresh || [[ ! -e $home/current/release ||
		$(cat "$home/lists" 2>/dev/null) != "$(readlink "$zsm_apt_dir/current")" ]]; then
		update_tree
	fi
	readlink -f "$home/current"
}

main "$@"
