# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154 # variables of run.sh
#
# uml.sh - User Mode Linux in place of the emulator: its command line. Sourced by run.sh.
#
# build_uml_command sets qemu, the command, as build_qemu_command does. The guest is told by its
# environment what virtio devices tell elsewhere: uml_disks, which disk is whose, and
# uml_host, the folder of the host where it leaves its reports. What the script prints goes
# through a serial line.

# ubd NAME FILES - a disk the guest knows by its name. Files are not locked (c): others run
# from the same ones, and write to copies as this does.
ubd()
{
	local letters=abcdefghijklmnop

	args+=("ubd${nr_ubd}c=$2")
	names+=("$1=ubd${letters:nr_ubd:1}")
	((nr_ubd += 1))
}

# Its memory is a file, which it puts into /dev/shm if no variable says otherwise.
# shellcheck disable=SC2016 # the inner shell's
uml_start='out=$1 console=$2; shift 2; exec env -u TMPDIR -u TMP -u TEMP "$@" 3>"$out" 2>"$console"'

build_uml_command()
{
	local i args=() names=() more=() nr_ubd=0

	ubd root "$work/root.cow,$rootfs"
	ubd modules "$work/modules.cow,$boot/modules.img"
	ubd payload "$work/payload.img"
	for i in "${!disk[@]}"; do
		ubd "disk$((i + 1))" "$(realpath "${disk[i]}")"
	done
	args+=("uml_disks=$(IFS=,; echo "${names[*]}")" "uml_host=$work")
	read -ra more <<<"$append"
	# shellcheck disable=SC2054 # the commas are the kernel's
	qemu=(bash -c "$uml_start" - "$work/output" "$work/console" "$vmlinuz" "mem=${memory}M"
		"uml_dir=$work" "initrd=$boot/initramfs.img" "${kernel_args[@]}" noreboot
		con=null con0=null,fd:2 ssl=null ssl0=null,fd:3 "${args[@]}" "${more[@]}")
}
