#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# rootfs.sh - make the root file system that test VMs boot into.
#
# usage: scripts/vm/rootfs.sh [--print] [--arch ARCH]
#
#   --print      print the path of the image
#   --arch ARCH  amd64, or arm64
#
# The image is ext4, built from Debian packages that apt's solver picks for an
# empty system. They are unpacked and not configured, so no root is needed. It is
# made again when one of the packages or this script changes; superseded images
# stay in the cache, as a VM may be running from one. Beside the image stands
# busybox, for the initramfs.

# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

packages=(busybox-static bash coreutils util-linux util-linux-extra mount e2fsprogs fio kmod
	procps grep sed mawk diffutils findutils tar dmsetup xfsprogs btrfs-progs fdisk
	nbd-server nbd-client)

# Dependencies of scripts that come along and of maintainer scripts: nothing in
# the guest runs them.
unneeded='^(lib)?(python3|perl)|^(usrmerge|dpkg|debconf|adduser|passwd|media-types|base-files)$'
unneeded+='|^(init-system-helpers|debianutils|readline-common|gcc-12-base)$'
unneeded+='|^lib(file-find-rule-perl|gdbm|semanage|sepol|audit-common|sqlite|db5|pam-modules|ffi-dev)'

arch=amd64
stripped=(./usr/share/{doc,man,info,locale,lintian,bug,bash-completion,doc-base,initramfs-tools}
	./usr/lib/{x86_64,aarch64}-linux-gnu/{gconv,audit,perl-base} ./usr/share/fio ./usr/lib/systemd
	./lib/systemd ./lib/udev ./etc/init.d ./var/cache)

# What must run in the guest, at the least.
tools=(bash cat dd fio zramctl mkswap swapon swapoff losetup wipefs blkdiscard mke2fs e2fsck
	modprobe depmod dmsetup mkfs.xfs mkfs.btrfs ps free grep sed awk diff cmp find mount dmesg taskset tar sysctl setpriv
	sfdisk rtcwake nbd-server nbd-client)

free_mb=512	# room for what tests write; the image is sparse

resolve()
{
	apt-get "${zsm_apt_opts[@]}" --print-uris install "${packages[@]}" |
		sed -nE 's/^.* ([^ _]+)_([^ _]+)_[^ _]+\.deb .*$/\1=\2/p' | sed 's/%3a/:/g' |
		grep -vE "${unneeded//\$/=}" | sort
}

# Unpacks into a merged /usr; the packages still ship some files in /bin or /lib.
unpack()
{
	local deb=$1 root=$2 opts=() path

	for path in "${stripped[@]}"; do
		opts+=("--exclude=$path/*")
	done
	dpkg-deb --fsys-tarfile "$deb" |
		tar -x -C "$root" --keep-directory-symlink --no-same-owner "${opts[@]}"
}

make_skeleton()
{
	local root=$1 dir

	mkdir -p "$root"/usr/{bin,sbin,lib,lib64} \
		"$root"/{dev,etc,mnt,payload,proc,results,root,run,sys,tmp,var/tmp}
	for dir in bin sbin lib lib64; do
		ln -s "usr/$dir" "$root/$dir"
	done
}

# foreign PROGRAM ARGUMENT... - runs one of the root file system's.
foreign()
{
	case $arch in
	amd64) "$@" ;;
	arm64) qemu-aarch64-static "$@" ;;
	esac
}

finish_tree()
{
	local root=$1 applet

	ln -sf bash "$root/usr/bin/sh"
	ln -sf mawk "$root/usr/bin/awk"
	ln -sfn ../proc/self/mounts "$root/etc/mtab"
	printf 'root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534::/:/bin/false\n' >"$root/etc/passwd"
	printf 'root:x:0:\ndisk:x:6:\nnogroup:x:65534:\n' >"$root/etc/group"
	printf 'zsm\n' >"$root/etc/hostname"
	mkdir -p "$root/lib/modules" "$root/usr/lib/busybox"
	# Applets stand in for what has no package here; they are last on PATH.
	while IFS= read -r applet; do
		ln -s ../../bin/busybox "$root/usr/lib/busybox/$applet"
	done < <(foreign "$root/usr/bin/busybox" --list)
}

# inside ROOT PATH - what a path below ROOT leads to, where links are ROOT's own.
inside()
{
	local root=$1 path=$2 target

	while [[ -L $path ]]; do
		target=$(readlink "$path")
		case $target in
		/*) path=$root$target ;;
		*) path=${path%/*}/$target ;;
		esac
	done
	printf '%s\n' "$path"
}

# Every tool must be there with all the libraries that it is linked with.
check_tree()
{
	local root=$1 libs loader tool path

	case $arch in
	amd64) libs=$root/usr/lib/x86_64-linux-gnu loader=lib64/ld-linux-x86-64.so.2 ;;
	arm64) libs=$root/usr/lib/aarch64-linux-gnu loader=lib/ld-linux-aarch64.so.1 ;;
	esac

	for tool in "${tools[@]}"; do
		path=$(find "$root/usr/bin" "$root/usr/sbin" -name "$tool" -print -quit)
		[[ -n $path ]] || die "the packages lack $tool"
		path=$(inside "$root" "$path")
		foreign "$root/$loader" --inhibit-cache \
			--library-path "$libs:$libs/ceph" --list "$path" >/dev/null ||
			die "$tool lacks a library"
	done
}

make_image()
{
	local dest=$1 debs=$2 root=$2/root deb pids=()

	zsm_progress "unpacking the root file system"
	make_skeleton "$root"
	for deb in "$debs"/*.deb; do
		unpack "$deb" "$root" &
		pids+=($!)
		if ((${#pids[@]} >= 4)); then
			wait "${pids[0]}"
			pids=("${pids[@]:1}")
		fi
	done
	for deb in "${pids[@]}"; do
		wait "$deb"
	done
	finish_tree "$root"
	check_tree "$root"
	cp -L "$root/usr/bin/busybox" "$dest/busybox"
	zsm_progress "making the root file system"
	zsm_mkext4 "$root" "$dest/root.img" "$free_mb"
}

obtain()
{
	local home=$1 set key debs

	set=$(resolve) || return 1
	[[ -n $set ]] || return 1
	key=$(sha256sum <<<"$set $script_hash" | cut -c1-16)
	image=$home/$key
	[[ ! -e $image ]] || return 0
	zsm_fetch_dir debs "$home"
	zsm_progress "fetching the packages of the root file system"
	# shellcheck disable=SC2086 # one word a package
	zsm_apt_download "$debs" $set || return 1
	published=("$image" make_image "$debs")
}

update_image()
{
	local home=$1 lock

	zsm_need vm apt-get dpkg-deb mke2fs
	[[ $arch != arm64 ]] || zsm_need arm64 qemu-aarch64-static
	mkdir -p "$home"
	exec {lock}>"$home/lock"
	zsm_lock "$lock" "the root file system"
	zsm_apt_lists || {
		[[ -e $home/current/root.img ]] || die "no package lists, and no root file system in the cache"
		log "no fresh package lists; using the root file system made last"
		return 0
	}
	obtain "$home" || {
		# What the lists name may have been superseded: look again.
		if ! zsm_apt_lists --refresh "$zsm_apt_gen" || ! obtain "$home"; then
			[[ -z $zsm_apt_log ]] || cat "$zsm_apt_log" >&2
			die "cannot fetch the packages of the root file system"
		fi
	}
	if ((${#published[@]})); then
		zsm_publish "${published[@]}"
	fi
	ln -sfn "${image##*/}" "$home/current.new"
	mv -T -- "$home/current.new" "$home/current"
	printf '%s %s\n' "$zsm_apt_gen" "$script_hash" >"$home/lists"
	exec {lock}>&-
}

main()
{
	local home=$zsm_cache/vm/rootfs image='' published=() script_hash print=''

	zsm_parse "$@"
	zsm_no_args
	[[ $arch == @(amd64|arm64) ]] || usage_error "unknown architecture '$arch'"
	if [[ $arch != amd64 ]]; then
		home+=.$arch
		zsm_apt_use "$(zsm_codename)" "$arch"
	fi
	script_hash=$(sha256sum <"$0" | cut -c1-16)
	if ! zsm_apt_fresh || [[ ! -e $home/current/root.img ||
		$(cat "$home/lists" 2>/dev/null) != "$(readlink "$zsm_apt_dir/current") $script_hash" ]]; then
		update_image "$home"
	fi
	zsm_progress_end
	[[ -z $print ]] || printf '%s\n' "$(readlink -f "$home/current")/root.img"
}

main "$@"
