#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# run.sh - boot a kernel in a VM, run a script in it, and judge both.
#
# usage: scripts/vm/run.sh [OPTION]... SCRIPT [ARG]...
#        scripts/vm/run.sh [OPTION]... --shell
#
#   --kernel KERNEL     one of scripts/kernel/table, 6.12 by default; under QEMU but for
#                       User Mode Linux, which has one processor and no --dimm
#   --vmlinuz FILE      another kernel, of amd64, which needs virtio_pci, virtio_blk,
#                       virtio_console and ext4 (built in or as modules), devtmpfs,
#                       tmpfs, initrd support and a serial console
#   --modules DIR       and its modules: DIR/lib/modules/RELEASE
#   --memory MB         512 by default
#   --dimm MB           as much more in a module that can be taken offline, all of it
#                       movable; a multiple of 128; not on arm64
#   --cpus N            2 by default
#   --cpu MODEL         of QEMU's; by default one that has what the architecture has
#   --timeout SECONDS   for the whole run, 600 by default
#   --patience SECONDS  how long the script may go on after the kernel's first report (121
#                       below); to the end by default
#   --add PATH[=NAME]   put a file or directory into /payload (as NAME)
#   --disk FILE         attach a raw disk image, read and written in place
#   --system FILE       an ext4 image to boot by its own systemd, in place of the root
#                       file system of the tests; it has the kernel's modules itself.
#                       SCRIPT runs when multi-user.target has been reached
#   --reboots           boot again when the machine reboots, with what it has written; SCRIPT
#                       then runs anew, and the run is over when it ends. Of earlier boots
#                       the console alone is judged, which can tell of 121 and not of the rest
#   --append ARGS       more arguments for the kernel
#   --results DIR       keep the kernel log, what the script printed and its results in DIR
#   --allow REGEX       a kernel message that is no failure (awk's extended syntax)
#   --allow-taint BIT   a taint bit that is no failure, besides 12 (O) and 13 (E)
#   --quiet             show what the script prints only if the run fails
#   --shell             an interactive shell in place of the script
#
# In the guest, bash runs SCRIPT as /payload/NAME, in /payload, as root, with no
# input. /payload is read-only; /, /tmp and /lib/modules can be written, go to a
# scratch file on the host (so they take no guest memory) and are forgotten. What is
# written to /results comes back. All the kernel's modules are there for modprobe.
# /payload/.vm/codecs.sh loads the libraries of the codecs.
# The environment has KERNEL_RELEASE, PAYLOAD, RESULTS, VM_MEMORY_MB, VM_CPUS, and
# for each --disk in turn DISK_1, DISK_2, ... with the name of its device.
#
# DIR gets console.log (the kernel log), output.log and all of /results. Without
# --results a temporary directory is used, which is kept, and named, if the run fails.
#
# Several runs at once are fine. Exit status: that of SCRIPT, or
#
#   120  wrong usage, or the VM could not be set up
#   121  a kernel warning, bug, oops, stack trace, hung task, lockup, stall, report of a
#        checker (lockdep, KASAN, UBSAN, KCSAN, kmemleak), or an out-of-memory kill
#   122  a message of level warning or worse from zsm or zram
#   123  the kernel is tainted, other than by unsigned out-of-tree modules
#   124  the time limit
#   125  the guest ended without an exit status, for instance in a panic
#
# which all outrank the script's own. To allow an out-of-memory kill takes
# --allow 'oom-kill|Out of memory'; the trace that comes with it is then allowed too.

# Functions are called through zsm_publish and zsm_exit_hook.
# shellcheck disable=SC2317
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

vm_dir=$(realpath "$(dirname "${BASH_SOURCE[0]}")")

# shellcheck source=scripts/vm/boot-files.sh
. "$vm_dir/boot-files.sh"
# shellcheck source=scripts/vm/payload.sh
. "$vm_dir/payload.sh"
# shellcheck source=scripts/vm/qemu.sh
. "$vm_dir/qemu.sh"
# shellcheck source=scripts/vm/uml.sh
. "$vm_dir/uml.sh"
# shellcheck source=scripts/vm/judge.sh
. "$vm_dir/judge.sh"

# The options.
kernel=6.12
vmlinuz=''
modules=''
memory=512
dimm=''
cpus=2
cpu=''
timeout=600
patience=''
add=()
disk=()
system=''
reboots=''
append=''
results=''
allow=()
allow_taint=()
quiet=''
shell=''

# What the kernel is told, whatever the machine.
kernel_args=(loglevel=5 panic=-1 oops=panic printk.devkmsg=on log_buf_len=2M)

# What they come to.
allowed=''
taint_allowed=$((1 << 12 | 1 << 13))
job=()
arch=amd64
machine=qemu

zsm_usage_status=120

parse()
{
	local bit file

	zsm_parse "$@"
	job=("${zsm_args[@]}")
	[[ -n $shell ]] || ((${#job[@]})) || usage_error "no SCRIPT"
	if ((${#job[@]})) && [[ ! -f ${job[0]} ]]; then
		usage_error "no such script: ${job[0]}"
	fi
	zsm_want_number memory cpus timeout
	[[ -z $patience ]] || zsm_want_number patience
	[[ -z $dimm ]] || zsm_want_number dimm
	arch=amd64 machine=qemu
	if [[ -z $vmlinuz ]]; then
		zsm_kernel_describe "$kernel"
		arch=${zsm_k[arch]}
		[[ ${zsm_k[flavour]} != um ]] || machine=uml cpus=1
	fi
	[[ -z $dimm || $arch-$machine == amd64-qemu ]] || usage_error "no --dimm on $kernel"
	[[ -z $system$shell$reboots || $machine == qemu ]] ||
		usage_error "no --system, --shell or --reboots on $kernel"
	for file in "${disk[@]}"; do
		[[ -f $file || -b $file ]] || usage_error "no such disk: $file"
	done
	[[ -z $system || -f $system ]] || usage_error "no such image: $system"
	allowed=$(printf '%s\n' "${allow[@]}")
	for bit in "${allow_taint[@]}"; do
		[[ $bit =~ ^[0-9]+$ ]] || usage_error "--allow-taint wants a number, not '$bit'"
		taint_allowed=$((taint_allowed | 1 << bit))
	done
}

prepare_results()
{
	keep_results=''
	if [[ -z $results ]]; then
		results=$(mktemp -d "${TMPDIR:-/tmp}/zsm-vm.XXXXXXXX")
		own_results=1
	else
		own_results=''
		mkdir -p "$results"
		results=$(realpath "$results")
	fi
}

finish()
{
	end_children
	if [[ -n ${own_results-} && -z ${keep_results-} ]]; then
		rm -rf -- "$results"
	fi
}

main()
{
	parse "$@"
	case $machine-$arch in
	qemu-amd64) zsm_need vm qemu-system-x86_64 ;;
	qemu-arm64) zsm_need arm64 qemu-system-aarch64 ;;
	esac
	zsm_need vm mke2fs cpio modprobe xz flock setpriv
	zsm_tmpdir work
	zsm_exit_hook=finish
	prepare_results
	obtain_parts
	obtain_boot_files
	make_payload
	"build_${machine}_command"
	zsm_progress_end
	run_vm
	collect
	if died_of_emulation; then
		log "the emulator lost a breakpoint while booting; booting again"
		run_vm
		collect
	fi
	judge
}

main "$@"
