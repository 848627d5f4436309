#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# image.sh - make the Debian system that clients of zram are tested in, and test the
# package on the way.
#
# usage: scripts/ecosystem/image.sh [--release R] DEB TOOLS
#        scripts/ecosystem/image.sh [--release R] --intree
#        scripts/ecosystem/image.sh --list
#
#   --release R  of Debian, bookworm or trixie (the machine's own)
#   --intree     without the package, to see what the kernels' own zram does
#   --list       list the cases and stop
#
# A Debian with systemd, and with the kernels that release.sh names. DEB, zsm-dkms, and
# TOOLS, zsm-tools, are installed in it as a person would: beside the older kernel, and the
# newer one follows as an update. Prints
#
#   @case package.NAME start
#   @case package.NAME pass|fail SECONDS	(after a failure `| ' before lines of the log)
#   @image FILE
#
# An image is kept in the cache, and used again if
# nothing has changed that goes into it; its cases passed when it was made, and are not
# run again. Only root can make one: packages run programs when they are installed.

# Functions are called through zsm_publish and as cases.
# shellcheck disable=SC2317
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
# shellcheck source=scripts/ecosystem/release.sh
. "$(dirname "${BASH_SOURCE[0]}")/release.sh"

home=$zsm_cache/ecosystem
keep_days=7

# The system, the clients, what DKMS and zsm-tools need, and what the kernel's self-tests call.
packages=(systemd systemd-sysv udev dbus kmod util-linux procps e2fsprogs xfsprogs btrfs-progs
	fio stress-ng systemd-zram-generator zram-tools dkms g++ make bc
	libncursesw6 liblz4-1 libzstd1 liblzo2-2 zlib1g)

# What is of no use there.
stripped=('/usr/share/man/man[1235678]/*' '/usr/share/man/??*/man*' '/usr/share/doc/*'
	'/usr/share/locale/*' '/usr/share/info/*')

free_mb=1024	# room for what tests write; the image is sparse

# --- the base: all but the package and the newer kernel ------------------------

# version_of KERNEL - what uname -r says there.
version_of()
{
	cat "$(zsm_kernel "$1")/release"
}

# kernel_packages VERSION - its image and headers. Since 7.x the image is not named unsigned.
kernel_packages()
{
	local image=linux-image-$1

	! zsm_apt_serves "$image-unsigned" || image+=-unsigned
	printf '%s\n' "$image" "linux-headers-$1"
}

# Debian's package sources: as this machine has them, if the release is its own.
sources()
{
	if [[ $zsm_apt_release != host ]]; then
		zsm_apt_write_sources /dev/stdout
		return
	fi
	# shellcheck disable=SC2016 # apt expands it
	apt-get indextargets 'Created-By: Packages' 'Origin: Debian' \
		--format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' | sort -u
}

# download_later DIR PACKAGE... - a hook that fetches packages, with what they depend on,
# to be installed by a later step.
download_later()
{
	local dir=$1

	shift
	# shellcheck disable=SC2016 # mmdebstrap's shell expands $1
	printf 'chroot "$1" sh -c "mkdir -p %s/partial && apt-get -y --download-only -o Dir::Cache::archives=%s install %s"' \
		"$dir" "$dir" "$*"
}

make_base()
{
	local dest=$1 exclude=() path update include

	for path in "${stripped[@]}"; do
		exclude+=(--dpkgopt="path-exclude=$path")
	done
	mapfile -t update < <(kernel_packages "$new")
	update+=("${with_newer[@]}")
	include=$(printf '%s,' "${packages[@]}" && kernel_packages "$old" | paste -sd,)
	zsm_progress "installing a Debian system"
	sources | zsm_quietly mmdebstrap --mode=root --variant=minbase --components=main \
		--include="$include" --aptopt='Acquire::Languages "none"' "${exclude[@]}" \
		--customize-hook="$(download_later /srv/update "${update[@]}")" \
		--customize-hook="$(download_later /srv/flavours "linux-headers-$old_full" "linux-headers-$new_full")" \
		"$release" "$dest/base.tar.zst" -
}

# Sets base. What goes into it are the packages in the versions that the lists name.
obtain_base()
{
	local set key

	[[ $release == "$(zsm_codename)" ]] || zsm_apt_use "$release"
	# shellcheck disable=SC2119
	zsm_apt_lists || die "no package lists"
	# shellcheck disable=SC2046 # one word a package
	set=$(apt-get "${zsm_apt_opts[@]}" --print-uris install "${packages[@]}" $(kernel_packages "$old") \
		$(kernel_packages "$new") "${with_newer[@]}" "linux-headers-$old_full" "linux-headers-$new_full" |
		sed -nE "s/^'[^']*' ([^ ]+\.deb) .*\$/\1/p" | sort)
	[[ -n $set ]] || die "the packages of the system cannot be had"
	key=$({
		printf '%s\n' "$release" "$set"
		declare -p packages stripped
		declare -f make_base download_later
	} | sha256sum | cut -c1-16)
	base=$home/base-$key
	zsm_publish "$base" make_base
}

# --- the system, in which things are run -----------------------------------------

# in_root COMMAND... - in the system, with /proc and /dev, and with nothing left running.
# No initramfs is made for a new kernel: run.sh boots by its own.
in_root()
{
	# shellcheck disable=SC2016 # the inner shell expands it
	unshare --mount --pid --fork --kill-child sh -ec '
		mount -t proc proc "$0/proc"
		mount -t tmpfs tmpfs "$0/dev"
		for node in null zero full random urandom tty; do
			touch "$0/dev/$node"
			mount --bind "/dev/$node" "$0/dev/$node"
		done
		ln -s /proc/self/fd "$0/dev/fd"
		exec chroot "$0" env -i PATH=/usr/sbin:/usr/bin HOME=/root LC_ALL=C.UTF-8 INITRD=No \
			DEBIAN_FRONTEND=noninteractive "$@"' "$root" "$@" </dev/null
}

# driver KERNEL_RELEASE - the modules that `modprobe zram' would load, in order.
driver()
{
	in_root modprobe -S "$1" --show-depends zram | awk '$1 == "insmod" { print $2 }'
}

# is_built RELEASE - by DKMS, in the version of the package.
is_built()
{
	local status

	status=$(in_root dkms status -m zsm -v "$version" -k "$1")
	# DKMS 3.2 says besides that it keeps the kernel's own zram.
	[[ ${status% (Original modules exist)} == *': installed' ]] || die "for $1 DKMS says: ${status:-nothing}"
}

# prefers_ours RELEASE
prefers_ours()
{
	local modules module

	modules=$(driver "$1")
	for module in zsm zram; do
		grep -qx "/lib/modules/$1/updates/dkms/$module.ko.*" <<<"$modules" ||
			die "for $1 modprobe prefers: $modules"
	done
	# The algorithms' libraries come along.
	for module in lz4_compress lz4hc_compress zstd_compress; do
		grep -q "/$module.ko" <<<"$modules" || is_built_in "$1" "$module" ||
			die "zram does not bring $module with it on $1"
	done
	[[ $(in_root modinfo -k "$1" -F version zram) == "$version" ]] ||
		die "the version of $1's zram is not $version"
}

is_built_in()
{
	grep -q "/$2.ko" "$root/lib/modules/$1/modules.builtin"
}

prefers_intree()
{
	local modules

	modules=$(driver "$1")
	grep -qx "/lib/modules/$1/kernel/.*/zram.ko.*" <<<"$modules" || die "for $1 modprobe prefers: $modules"
}

# --- the cases ---------------------------------------------------------------------

# Brings all that DKMS needs with it, and is built for the kernel that is there.
case_install()
{
	cp "$deb" "$root/srv/package.deb"
	cp "$tools" "$root/srv/tools.deb"
	in_root apt-get -y install /srv/package.deb /srv/tools.deb
	is_built "$old"
	prefers_ours "$old"
	[[ -s $root/usr/share/man/man4/zram.4.gz ]] || die "there is no manual page"
	in_root zsmctl --version
}

# A kernel that is installed later has it built by its own hooks.
case_kernel_update()
{
	in_root sh -c 'apt-get -y install /srv/update/*.deb'
	is_built "$new"
	prefers_ours "$new"
	prefers_ours "$old"
}

# The headers of the other flavours.
case_flavours()
{
	in_root sh -c 'dpkg -i /srv/flavours/*.deb'
	is_built "$old_full"
	is_built "$new_full"
}

case_reinstall()
{
	in_root dpkg -i /srv/package.deb
	prefers_ours "$new"
}

case_remove()
{
	local left

	in_root dpkg --purge zsm-tools zsm-dkms
	prefers_intree "$old"
	prefers_intree "$new"
	left=$(find "$root"/usr/src/zsm-* "$root/var/lib/dkms/zsm" "$root"/lib/modules/*/updates/dkms/* \
		"$root"/usr/share/{man/man4/zram.4.gz,doc/zsm-dkms} -maxdepth 0 2>/dev/null) || true
	[[ -z $left ]] || die "this is left: $left"
}

# In this order. The image is made after the second.
cases=(install kernel_update flavours reinstall remove)

# try CASE - ends the script if it fails.
try()
{
	local name=$1 log=$work/$1.log start=$EPOCHREALTIME verdict=pass status

	echo "@case package.$name start"
	# Not in a condition: there bash would ignore errors.
	set +e
	(
		set -e
		"case_$name"
	) >"$log" 2>&1
	status=$?
	set -e
	((!status)) || verdict=fail
	echo "@case package.$name $verdict $(awk -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f", b - a }')"
	((status)) || return 0
	find "$root/var/lib/dkms" -name make.log -exec tail -n 15 {} + >>"$log" 2>/dev/null || true
	tail -n 40 "$log" | cut -c1-300 | sed 's/^/| /'
	exit 1
}

# --- the image ---------------------------------------------------------------------

configure()
{
	printf 'zsm\n' >"$root/etc/hostname"
	printf '%032x\n' 1 >"$root/etc/machine-id"
	: >"$root/etc/fstab"
	printf '[zram0]\nzram-size = ram\ncompression-algorithm = zstd\n' >"$root/etc/systemd/zram-generator.conf"
	# It is started by a case: there is one /dev/zram0, and it is the generator's.
	zsm_quietly in_root systemctl disable zramswap.service
}

write_image()
{
	local dest=$1

	zsm_progress "making the image"
	configure
	mkdir "$work/later"
	mv "$root/srv"/* "$work/later/"
	zsm_mkext4 "$root" "$dest/system.img" "$free_mb"
	mv "$work/later"/* "$root/srv/"
}

make_image()
{
	local dest=$1 root=$1/root work=$1/work name

	mkdir "$root" "$work"
	zsm_progress "unpacking the system"
	zstd -qdc "$base/base.tar.zst" | tar -x -C "$root" --numeric-owner --xattrs --xattrs-include='*'
	if [[ -n $deb ]]; then
		try install
		try kernel_update
	else
		zsm_quietly in_root sh -c 'apt-get -y install /srv/update/*.deb'
	fi
	write_image "$dest"
	if [[ -n $deb ]]; then
		for name in "${cases[@]:2}"; do
			try "$name"
		done
	fi
	rm -rf "$root" "$work"
}

# Images and bases that nobody used for a week go.
forget_old()
{
	find "$home" -mindepth 1 -maxdepth 1 -type d -mtime "+$keep_days" -exec rm -rf {} +
}

obtain_image()
{
	local image key name

	key=$({
		printf '%s\n' "$base" "$old" "$new"
		cat "${BASH_SOURCE[0]}" ${deb:+"$deb" "$tools"}
	} | sha256sum | cut -c1-16)
	image=$home/image-$key
	if [[ -e $image ]]; then
		for name in ${deb:+"${cases[@]}"}; do
			printf '@case package.%s start\n@case package.%s pass -\n' "$name" "$name"
		done
	else
		zsm_publish "$image" make_image
	fi
	touch "$base" "$image"
	echo "@image $image/system.img"
}

main()
{
	local deb tools version='' list='' intree='' release='' old new old_full new_full base
	local kernels_of_release flavours_of_release with_newer

	zsm_parse "$@"
	if [[ -n $list ]]; then
		printf 'package.%s\n' "${cases[@]}"
		return
	fi
	choose_release "$release"
	deb=${zsm_args[0]-}
	tools=${zsm_args[1]-}
	if [[ -z $intree ]]; then
		[[ -f $deb ]] || usage_error "no such package: $deb"
		[[ -f $tools ]] || usage_error "no such package: $tools"
		version=$(dpkg-deb -f "$deb" Version)
	fi
	((EUID == 0)) || die "only root can make a Debian system; run this as root"
	zsm_need ecosystem mmdebstrap unshare chroot zstd
	old=$(version_of "${kernels_of_release[0]}")
	new=$(version_of "${kernels_of_release[1]}")
	old_full=$(version_of "${flavours_of_release[0]}")
	new_full=$(version_of "${flavours_of_release[1]}")
	mkdir -p "$home"
	forget_old
	obtain_base
	obtain_image
	zsm_progress_end
}

main "$@"
