# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154,SC2317 # variables of run.sh and lib.sh
#
# boot-files.sh - what a VM boots from: the kernel, its modules, the root file system, and
# an initramfs that reaches them. Sourced by run.sh.
#
# obtain_parts sets vmlinuz, modules and rootfs; obtain_boot_files needs them, and
# sets boot, a directory of the cache with initramfs.img and modules.img.

# Fetches the kernel and the root file system, at the same time if need be. Sets
# vmlinuz, modules and rootfs.
obtain_parts()
{
	local dir pid

	if [[ -n $vmlinuz ]]; then
		[[ -f $vmlinuz ]] || usage_error "no such kernel: $vmlinuz"
		rootfs=$("$vm_dir/rootfs.sh" --print --arch "$arch") || exit 120
		return
	fi
	[[ -z $modules ]] || usage_error "--modules goes with --vmlinuz"
	"$vm_dir/rootfs.sh" --print --arch "$arch" >"$work/rootfs" &
	pid=$!
	dir=$(zsm_kernel "$kernel") || exit 120
	wait "$pid" || exit 120
	rootfs=$(<"$work/rootfs")
	vmlinuz=$dir/vmlinuz
	modules=$dir/root
}

# Sets modules_root, with lib/modules/RELEASE in it, and release; both empty for a
# kernel without modules.
find_modules()
{
	local found=()

	modules_root='' release=''
	[[ -n $modules ]] || return 0
	[[ -d $modules ]] || usage_error "no such directory: $modules"
	mapfile -t found < <(find -H "$modules/lib/modules" -mindepth 2 -maxdepth 2 -name modules.dep 2>/dev/null)
	((${#found[@]} == 1)) ||
		usage_error "$modules should have one lib/modules/RELEASE with modules.dep, not ${#found[@]}"
	modules_root=$modules
	release=${found[0]%/modules.dep}
	release=${release##*/}
}

# boot_modules - what it takes to reach the disks, in the order to load it.
# What the kernel has built in, or does not have at all, is left out.
boot_modules()
{
	local module

	for module in virtio_pci virtio_blk virtio_console ext4; do
		modprobe -d "$modules_root" -S "$release" --show-depends "$module" 2>/dev/null || true
	done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }'
}

# plain_copy FILE DEST - copies a module, decompressed.
plain_copy()
{
	case $1 in
	*.xz) xz -dc "$1" ;;
	*.zst) zstd -qdc "$1" ;;
	*.gz) gzip -dc "$1" ;;
	*) cat "$1" ;;
	esac >"$2"
}

# make_initramfs DIR IMAGE
make_initramfs()
{
	local dir=$1 file name applet

	mkdir -p "$dir"/{bin,dev,modules,proc,root,sys}
	cp "${rootfs%/*}/busybox" "$dir/bin/busybox"
	for applet in cat cp echo insmod ln mkdir mount sh sleep switch_root; do
		ln -s busybox "$dir/bin/$applet"
	done
	cp "$vm_dir/guest/init" "$dir/init"
	cp "$vm_dir/guest/runner" "$dir/runner"
	chmod 755 "$dir/init"
	: >"$dir/modules/order"
	if [[ -n $release ]]; then
		while IFS= read -r file; do
			name=${file##*/}
			name=${name%%.ko*}.ko
			plain_copy "$file" "$dir/modules/$name"
			printf '%s\n' "$name" >>"$dir/modules/order"
		done < <(boot_modules)
	fi
	(cd "$dir" && find . | sort | cpio -o -H newc -R 0:0 --quiet) >"$2"
}

# make_boot_files DEST - the initramfs, and an image for /lib/modules.
make_boot_files()
{
	local dest=$1 tree=$1/tree

	zsm_progress "making the boot files of ${release:-the kernel}"
	make_initramfs "$dest/initramfs" "$dest/initramfs.img"
	mkdir "$tree"
	if [[ -n $release ]]; then
		cp -al "$(realpath "$modules_root/lib/modules/$release")" "$tree/" 2>/dev/null ||
			cp -a "$(realpath "$modules_root/lib/modules/$release")" "$tree/"
		rm -f "$tree/$release"/{build,source}
	fi
	zsm_mkext4 "$tree" "$dest/modules.img" 64
	rm -rf "$tree" "$dest/initramfs"
}

# Sets boot to the directory with the boot files of this kernel. They are made again
# when the kernel, its modules or the guest's programs change; those that nobody
# used for a week go.
obtain_boot_files()
{
	local key

	find_modules
	key=$({
		stat -L -c '%n %s %Y' "$vmlinuz"
		[[ -z $release ]] || stat -L -c '%n %s %Y' "$modules_root/lib/modules/$release/modules.dep"
		printf '%s\n' "$rootfs"
		cat "$vm_dir/boot-files.sh" "$vm_dir/guest/init" "$vm_dir/guest/runner"
	} | sha256sum | cut -c1-16)
	boot=$zsm_cache/vm/boot/$key
	[[ -e $boot ]] || find "$zsm_cache/vm/boot" -mindepth 1 -maxdepth 1 -mtime +7 \
		-exec rm -rf {} + 2>/dev/null || true
	zsm_publish "$boot" make_boot_files
	touch "$boot"
}
