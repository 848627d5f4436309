# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of lib.sh
#
# source.sh - what the scripts share that build a kernel from Debian's source.
# Sourced, after lib.sh. The caller sets
#
#	kernel_home	the directory in the cache that keeps the kernel's trees
#	kernel_inputs	the files that decide what comes out, with the script itself
#
# and has a function `make_kernel DEST DEB', which builds in DEST, a directory that
# is moved when it is finished, from the package file DEB. Then it calls
#
#	kernel_tree	prints the tree, built if it has to be
#
# A tree is built again when there is a newer source, or when an input changes.
# Without a network, the last one is used.

kernel_source=linux-source-6.12
kernel_home=
kernel_inputs=()

# What none of these builds looks at, most of the source; Kconfig files are all needed.
kernel_left_out()
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

# kernel_unpack DEB DIR - the source, into DIR.
kernel_unpack()
{
	local deb=$1 dir=$2

	zsm_progress "unpacking the source"
	mkdir "$dir"
	dpkg-deb --fsys-tarfile "$deb" |
		tar -xO --wildcards "./usr/src/$kernel_source.tar.xz" |
		xz -dc -T0 |
		tar -x -C "$dir" --strip-components=1 --wildcards --wildcards-match-slash \
			-X <(kernel_left_out | sed "s,^,$kernel_source/,")
}

# kernel_check_config CONFIG FRAGMENT - every option that is asked for has to be
# there, and none that is declined: some depend on others, some select them.
kernel_check_config()
{
	local config=$1 line

	while IFS= read -r line; do
		grep -qxF -- "$line" "$config" || die "the kernel did not take $line"
	done < <(grep '^CONFIG_' "$2")
	while IFS= read -r line; do
		! grep -q "^$line=" "$config" || die "the kernel has $line all the same"
	done < <(sed -nE 's/^# (CONFIG_[A-Z0-9_]+) is not set$/\1/p' "$2")
}

# Fetches and builds what the lists name now. Sets tree and, if it is to be built,
# published.
kernel_obtain()
{
	local version debs key deb

	version=$(zsm_apt_field "$kernel_source" Version)
	[[ -n $version ]] || {
		log "no package source serves $kernel_source"
		return 1
	}
	key=$(cat "${kernel_inputs[@]}" "${BASH_SOURCE[0]}" | sha256sum)
	tree=$kernel_home/$version.${key:0:12}
	[[ ! -e $tree ]] || return 0
	zsm_fetch_dir debs "$kernel_home"
	zsm_progress "fetching $kernel_source $version"
	zsm_apt_download "$debs" "$kernel_source" || return 1
	deb=("$debs"/*.deb)
	published=("$tree" make_kernel "${deb[0]}")
}

kernel_tree()
{
	local tree='' lock published=()

	zsm_need kernel apt-get dpkg-deb make gcc flex bison bc xz flock
	mkdir -p "$kernel_home"
	exec {lock}>"$kernel_home/lock"
	zsm_lock "$lock" "this kernel"
	if zsm_apt_lists; then
		kernel_obtain || {
			# What the lists name may have been superseded: look again.
			if ! zsm_apt_lists --refresh "$zsm_apt_gen" || ! kernel_obtain; then
				[[ -z $zsm_apt_log ]] || cat "$zsm_apt_log" >&2
				die "cannot fetch $kernel_source"
			fi
		}
		if ((${#published[@]})); then
			zsm_publish "${published[@]}"
		fi
		ln -sfn "${tree##*/}" "$kernel_home/current.new"
		mv -T -- "$kernel_home/current.new" "$kernel_home/current"
	else
		[[ -e $kernel_home/current/release ]] || die "no package lists, and no kernel in the cache"
		log "no fresh package lists; using the kernel built last"
	fi
	exec {lock}>&-
	readlink -f "$kernel_home/current"
}
