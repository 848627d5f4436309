#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# debug.sh - build a kernel that looks for bugs.
#
# usage: scripts/kernel/debug.sh KIND
#
#   debug   KASAN, lockdep, kmemleak, UBSAN, fault injection and the like
#   kcsan   KCSAN, which finds data races
#
# Prints a directory that holds the newest 6.12 kernel the package sources serve,
# built from Debian's source. It has the options of vm.config and kunit.config, and
# those of KIND.config, all in scripts/kernel/:
#
#   release                 what uname -r says
#   vmlinuz, config         the kernel image and its configuration
#   root/lib/modules/       its modules, with modules.dep and the like
#   build                   for make -C DIR/build M=...
#
# No root is needed. Building takes some ten minutes on two cores, and 2 GB
# meanwhile; what stays in the cache ($ZSM_CACHE, or ~/.cache/zsm) is what modules
# are built against. It is built again when there is a newer source, or other
# options. Without a network, the last one is used.

# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
# shellcheck source=scripts/kernel/source.sh
. "$(dirname "${BASH_SOURCE[0]}")/source.sh"

here=$(realpath "${BASH_SOURCE[0]%/*}")

# In the tree itself, so that it works where it is moved to.
make_x86()
{
	make -s -C "$tree_dir" ARCH=x86_64 "$@"
}

# The objects, 1 GB, and sources are not needed to build modules; headers and tools are.
drop_what_is_built()
{
	find "$tree_dir" \( -name '*.o' -o -name '*.a' -o -name '*.o.cmd' -o -name '*.[cS]' \) \
		-not -path '*/scripts/*' -not -path '*/tools/*' -type f -delete
	rm -f "$tree_dir"/vmlinux "$tree_dir"/.tmp_vmlinux*
	find "$tree_dir" -type d -empty -delete
}

# make_kernel DEST DEB
make_kernel()
{
	local dest=$1 tree_dir=$1/build release

	kernel_unpack "$2" "$tree_dir"
	zsm_progress "configuring"
	cat "${fragments[@]}" >"$dest/fragments"
	zsm_quietly make_x86 KCONFIG_ALLCONFIG="$dest/fragments" allnoconfig
	kernel_check_config "$tree_dir/.config" "$dest/fragments"
	zsm_progress "building the $kind kernel (some ten minutes)"
	zsm_quietly make_x86 -j"$(nproc)" "${make_args[@]}" bzImage modules
	release=$(make_x86 kernelrelease)
	zsm_quietly make_x86 INSTALL_MOD_PATH="$dest/root" modules_install
	depmod -b "$dest/root" "$release"
	rm -f "$dest/root/lib/modules/$release"/{build,source}
	cp "$tree_dir/arch/x86/boot/bzImage" "$dest/vmlinuz"
	cp "$tree_dir/.config" "$dest/config"
	drop_what_is_built
	printf '%s\n' "$release" >"$dest/release"
	[[ -s $dest/vmlinuz && -s $tree_dir/Module.symvers &&
	   -s $dest/root/lib/modules/$release/modules.dep ]] ||
		die "the build lacks what was expected of it"
}

make_args=()
case ${1-} in
debug) kind=$1 ;;
kcsan)
	kind=$1
	# It watches few accesses at a time: they are to be those of our modules alone.
	make_args=(KCSAN_SANITIZE=n)
	;;
-h | --help)
	zsm_usage
	exit
	;;
*) usage_error "debug.sh wants debug or kcsan" ;;
esac
fragments=("$here/vm.config" "$here/kunit.config" "$here/$kind.config")
kernel_home=$zsm_cache/kernels/$kind-6.12
kernel_inputs=("${fragments[@]}" "$here/debug.sh")
kernel_tree
