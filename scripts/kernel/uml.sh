#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# uml.sh - build a User Mode Linux.
#
# usage: scripts/kernel/uml.sh [KIND]
#
#   uml        to measure with (the default)
#   uml-debug  with KASAN and lockdep, for runs that are too long for an emulator
#
# Prints a directory that holds the newest 6.12 kernel the package sources serve,
# built from Debian's source with the options of scripts/kernel/uml.config, and those of
# uml-debug.config beside it:
#
#   release              what uname -r says
#   linux, vmlinuz       the kernel, a program
#   root/lib/modules/    its modules, with modules.dep and the like
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
# shellcheck source=scripts/kernel/source.sh
. "$(dirname "${BASH_SOURCE[0]}")/source.sh"

here=$(realpath "${BASH_SOURCE[0]%/*}")
modules=(zram.ko zsmalloc.ko)

# What lzo asks for and UML does not declare, though the processor has it: without
# it lzo moves single bytes, and takes three times as long as it does elsewhere.
lzo_flags=(CFLAGS_lzo1x_{compress,compress_safe,decompress_safe}.o=-DCONFIG_HAVE_EFFICIENT_UNALIGNED_ACCESS)

# In the tree itself, so that it works where it is moved to.
make_um()
{
	make -s -C "$tree_dir" ARCH=um "${lzo_flags[@]}" "$@"
}

# make_kernel DEST DEB
make_kernel()
{
	local dest=$1 tree_dir=$1/build module release

	kernel_unpack "$2" "$tree_dir"
	zsm_progress "configuring"
	{
		cat "${fragments[@]}"
		echo "CONFIG_LOCALVERSION=\"-${kind/uml/um}\""
	} >"$dest/fragments"
	zsm_quietly make_um KCONFIG_ALLCONFIG="$dest/fragments" allnoconfig
	kernel_check_config "$tree_dir/.config" "$dest/fragments"
	zsm_progress "building User Mode Linux (some minutes)"
	zsm_quietly make_um -j"$(nproc)" all
	for module in "${modules[@]}"; do
		ln -s "$(cd "$dest" && find build -name "$module")" "$dest/$module"
	done
	ln -s build/linux "$dest/linux"
	ln -s build/linux "$dest/vmlinuz"
	release=$(make_um kernelrelease)
	zsm_quietly make_um INSTALL_MOD_PATH="$dest/root" modules_install
	depmod -b "$dest/root" "$release"
	rm -f "$dest/root/lib/modules/$release"/{build,source}
	printf '%s\n' "$release" >"$dest/release"
	[[ -x $dest/linux && -e $dest/zram.ko && -e $dest/zsmalloc.ko &&
	   -s $dest/build/Module.symvers ]] || die "the build lacks what was expected of it"
}

zsm_parse "$@"
kind=${zsm_args[0]-uml}
fragments=("$here/uml.config")
case $kind in
uml) ;;
uml-debug) fragments+=("$here/uml-debug.config") ;;
*) usage_error "uml.sh wants uml or uml-debug" ;;
esac
kernel_home=$zsm_cache/kernels/$kind-6.12
kernel_inputs=("${fragments[@]}" "$here/uml.sh")
kernel_tree
