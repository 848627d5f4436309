#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# uml.sh - build a User Mode Linux to measure with.
#
# usage: scripts/kernel/uml.sh
#
# Prints a directory that holds the newest 6.12 kernel the package sources serve,
# built from Debian's source with the options of scripts/kernel/uml.config:
#
#   release              what uname -r says
#   linux                the kernel, a program
#   build                for make -C DIR/build M=... ARCH=um
#   zram.ko, zsmalloc.ko its own modules
#
# User Mode Linux runs at the machine's own speed, without a virtual machine. No
# root is needed. Download, source and objects take 2 GB while it is built, and
# the result 500 MB in the cache ($ZSM_CACHE, or ~/.cache/zsm); it is built again
# when there is a newer source, or other options. Without a network, the last one
# is used.

# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

here=$(realpath "${BASH_SOURCE[0]%/*}")
source_package=linux-source-6.12
home=$zsm_cache/kernels/uml-6.12
modules=(zram.ko zsmalloc.ko)

# What lzo asks for and UML does not declare, though the processor has it: without
# it lzo moves single bytes, and takes three times as long as it does elsewhere.
lzo_flags=(CFLAGS_lzo1x_{compress,compress_safe,decompress_safe}.o=-DCONFIG_HAVE_EFFICIENT_UNALIGNED_ACCESS)

# What no build for UML looks at, most of the source; Kconfig files are all needed.
left_out()
{
	local dir

	printf '%s\n' 'Documentation/*/*' 'tools/testing/*' 'tools/perf/*' 'samples/*/*.c' 'LICENSES'
	for dir in alpha arc arm arm64 csky hexagon loongarch m68k microblaze mips nios2 openrisc \
		parisc powerpc riscv s390 sh sparc xtensa; do
		printf '%s\n' "arch/$dir/*.[chS]" "arch/$dir/boot/*"
	done
	for dir in drivers/{accel,gpu,infiniband,media,net,scsi,staging,usb,iio,hwmon,pinctrl,clk} sound; do
		printf '%s\n' "$dir/*.[chS]"
	done
}

# unpack DEB DIR - the source, into DIR.
unpack()
{
	local deb=$1 dir=$2

	mkdir "$dir"
	dpkg-deb --fsys-tarfile "$deb" |
		tar -xO --wildcards "./usr/src/$source_package.tar.xz" |
		xz -dc -T0 |
		tar -x -C "$dir" --strip-components=1 --wildcards --wildcards-match-slash \
			-X <(left_out | sed "s,^,$source_package/,")
}

# In the tree itself, so that it works where it is moved to.
make_um()
{
	make -s -C "$tree_dir" ARCH=um "${lzo_flags[@]}" "$@"
}

# Every option that is asked for has to be there: some depend on others.
check_config()
{
	local line

	while IFS= read -r line; do
		grep -qxF -- "$line" "$tree_dir/.config" || die "the kernel did not take $line"
	done < <(grep '^CONFIG_' "$here/uml.config")
}

# make_kernel DEST DEB
make_kernel()
{
	local dest=$1 tree_dir=$1/build module

	zsm_progress "unpacking the source"
	unpack "$2" "$tree_dir"
	zsm_progress "configuring"
	zsm_quietly make_um KCONFIG_ALLCONFIG="$here/uml.config" allnoconfig
	check_config
	zsm_progress "building User Mode Linux (some minutes)"
	zsm_quietly make_um -j"$(nproc)" all
	for module in "${modules[@]}"; do
		ln -s "$(cd "$dest" && find build -name "$module")" "$dest/$module"
	done
	ln -s build/linux "$dest/linux"
	make_um kernelrelease >"$dest/release"
	[[ -x $dest/linux && -e $dest/zram.ko && -e $dest/zsmalloc.ko &&
	   -s $dest/build/Module.symvers ]] || die "the build lacks what was expected of it"
}

# obtain - fetches and builds what the lists name now. Sets tree.
obtain()
{
	local version debs key deb

	version=$(zsm_apt_field "$source_package" Version)
	[[ -n $version ]] || {
		log "no package source serves $source_package"
		return 1
	}
	key=$(cat "$here/uml.config" "${BASH_SOURCE[0]}" | sha256sum)
	tree=$home/$version.${key:0:12}
	[[ ! -e $tree ]] || return 0
	zsm_fetch_dir debs "$home"
	zsm_progress "fetching $source_package $version"
	zsm_apt_download "$debs" "$source_package" || return 1
	deb=("$debs"/*.deb)
	published=("$tree" make_kernel "${deb[0]}")
}

main()
{
	local tree='' lock published=()

	case ${1-} in
	'') ;;
	-h | --help)
		zsm_usage
		exit 0
		;;
	*) die -2 "usage: uml.sh; see --help" ;;
	esac
	zsm_need kernel apt-get dpkg-deb make gcc flex bison bc xz flock
	mkdir -p "$home"
	exec {lock}>"$home/lock"
	zsm_lock "$lock" "this kernel"
	if zsm_apt_lists; then
		obtain || {
			# What the lists name may have been superseded: look again.
			if ! zsm_apt_lists --refresh "$zsm_apt_gen" || ! obtain; then
				[[ -z $zsm_apt_log ]] || cat "$zsm_apt_log" >&2
				die "cannot fetch $source_package"
			fi
		}
		if ((${#published[@]})); then
			zsm_publish "${published[@]}"
		fi
		ln -sfn "${tree##*/}" "$home/current.new"
		mv -T -- "$home/current.new" "$home/current"
	else
		[[ -e $home/current/release ]] || die "no package lists, and no kernel in the cache"
		log "no fresh package lists; using the kernel built last"
	fi
	exec {lock}>&-
	readlink -f "$home/current"
}

main "$@"
