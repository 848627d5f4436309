#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# run.sh - boot a kernel under QEMU, run a script in it, and judge both.
#
# usage: scripts/vm/run.sh [OPTION]... SCRIPT [ARG]...
#        scripts/vm/run.sh [OPTION]... --shell
#
#   --kernel KERNEL     a stock Debian kernel, 6.1 or 6.12 (the default); or debug or
#                       kcsan, which scripts/kernel/debug.sh builds
#   --flavour FLAVOUR   of a stock one: cloud-amd64 (the default), amd64, rt-amd64
#   --vmlinuz FILE      another kernel, which needs virtio_pci, virtio_blk,
#                       virtio_console and ext4 (built in or as modules), devtmpfs,
#                       tmpfs, initrd support and a serial console
#   --modules DIR       and its modules: DIR/lib/modules/RELEASE
#   --memory MB         512 by default
#   --cpus N            2 by default
#   --cpu MODEL         of QEMU's, max,la57=off,erms=off by default
#   --timeout SECONDS   for the whole run, 600 by default
#   --patience SECONDS  how long the script may go on after the kernel's first report (121
#                       below); to the end by default
#   --add PATH[=NAME]   put a file or directory into /payload (as NAME)
#   --disk FILE         attach a raw disk image, read and written in place
#   --system FILE       an ext4 image to boot by its own systemd, in place of the root
#                       file system of the tests; it has the kernel's modules itself.
#                       SCRIPT runs when multi-user.target has been reached
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

kernel=6.12
flavour=cloud-amd64
vmlinuz=''
modules=''
memory=512
cpus=2
# Emulated, `rep movsb' goes byte by byte: without ERMS the kernel copies words.
cpu=max,la57=off,erms=off
limit=600
patience=''
added=()
disks=()
system=''
append=''
results=''
allow=''
taint_allowed=$((1 << 12 | 1 << 13))
quiet=''
shell=''
job=()

work=''
qemu_pid=''
relay_pid=''
waiter=''

# --- the command line --------------------------------------------------------

zsm_usage_status=120

want_number()
{
	[[ $2 =~ ^[0-9]+$ ]] || usage_error "$1 wants a number, not '$2'"
}

parse()
{
	while (($#)); do
		case $1 in
		-h | --help)
			zsm_usage
			exit 0
			;;
		--quiet)
			quiet=1
			shift
			;;
		--shell)
			shell=1
			shift
			;;
		--)
			shift
			break
			;;
		--*)
			(($# > 1)) || usage_error "$1 is unknown, or wants a value"
			parse_value "$1" "$2"
			shift 2
			;;
		*) break ;;
		esac
	done
	job=("$@")
	[[ -n $shell ]] || ((${#job[@]})) || usage_error "no SCRIPT"
	if ((${#job[@]})) && [[ ! -f ${job[0]} ]]; then
		usage_error "no such script: ${job[0]}"
	fi
}

parse_value()
{
	case $1 in
	--kernel) kernel=$2 ;;
	--flavour) flavour=$2 ;;
	--vmlinuz) vmlinuz=$2 ;;
	--modules) modules=$2 ;;
	--memory) want_number "$@"; memory=$2 ;;
	--cpus) want_number "$@"; cpus=$2 ;;
	--cpu) cpu=$2 ;;
	--timeout) want_number "$@"; limit=$2 ;;
	--patience) want_number "$@"; patience=$2 ;;
	--add) added+=("$2") ;;
	--disk) disks+=("$2") ;;
	--system)
		[[ -f $2 ]] || usage_error "no such image: $2"
		system=$2
		;;
	--append) append=$2 ;;
	--results) results=$2 ;;
	--allow) allow+=$2$'\n' ;;
	--allow-taint) want_number "$@"; taint_allowed=$((taint_allowed | 1 << $2)) ;;
	*) usage_error "unknown option $1" ;;
	esac
}

# --- what the VM is made of --------------------------------------------------

# Fetches the kernel and the root file system, at the same time if need be. Sets
# vmlinuz, modules and rootfs.
obtain_parts()
{
	local dir pid

	if [[ -n $vmlinuz ]]; then
		[[ -f $vmlinuz ]] || usage_error "no such kernel: $vmlinuz"
		rootfs=$("$vm_dir/rootfs.sh" --print) || exit 120
		return
	fi
	[[ -z $modules ]] || usage_error "--modules goes with --vmlinuz"
	"$vm_dir/rootfs.sh" --print >"$work/rootfs" &
	pid=$!
	dir=$(zsm_kernel "$kernel" "$flavour") || exit 120
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
		cat "$vm_dir/run.sh" "$vm_dir/guest/init" "$vm_dir/guest/runner"
	} | sha256sum | cut -c1-16)
	boot=$zsm_cache/vm/boot/$key
	[[ -e $boot ]] || find "$zsm_cache/vm/boot" -mindepth 1 -maxdepth 1 -mtime +7 \
		-exec rm -rf {} + 2>/dev/null || true
	zsm_publish "$boot" make_boot_files
	touch "$boot"
}

# Copies one --add into the payload.
add_to_payload()
{
	local path=$1 name=''

	if [[ ! -e $path && $path == *=* ]]; then
		name=${path##*=}
		path=${path%=*}
	fi
	[[ -e $path ]] || usage_error "no such file or directory: $path"
	[[ -n $name ]] || name=$(basename "$(realpath -s "$path")")
	[[ ! -e $payload/$name ]] || usage_error "two things would be /payload/$name"
	mkdir -p "$(dirname "$payload/$name")"
	cp -rL --preserve=mode,timestamps --reflink=auto "$path" "$payload/$name"
}

# The payload: what was added, the script, and in .vm/job what to run.
make_payload()
{
	local entry name argv=()

	payload=$work/payload
	mkdir -p "$payload/.vm"
	for entry in "${added[@]}"; do
		add_to_payload "$entry"
	done
	if ((${#job[@]})); then
		name=${job[0]##*/}
		[[ -e $payload/$name ]] || cp -L "${job[0]}" "$payload/$name"
		cmp -s "${job[0]}" "$payload/$name" || usage_error "two things would be /payload/$name"
		argv=("/payload/$name" "${job[@]:1}")
	fi
	{
		declare -p argv | sed 's/^declare -a argv/job/'
		printf 'job_limit=%q job_shell=%q\n' "$limit" "$shell"
		printf 'export VM_MEMORY_MB=%q VM_CPUS=%q\n' "$memory" "$cpus"
	} >"$payload/.vm/job"
	zsm_mkext4 "$payload" "$work/payload.img" 1
}

# --- running it --------------------------------------------------------------

# drive SERIAL FILE OPTIONS - a disk the guest knows by its serial. A comma in a
# file's name is doubled, as QEMU wants it.
drive()
{
	qemu+=(-drive "id=$1,if=none,format=raw,file=${2//,/,,},$3"
		-device "virtio-blk-pci,drive=$1,serial=$1")
}

# port NAME FILE
port()
{
	qemu+=(-chardev "file,id=$1,path=${2//,/,,}" -device "virtserialport,chardev=$1,name=zsm.$1")
}

# Sets qemu, the command.
build_command()
{
	local i args

	# The kernel times the TSC against the PIT, which goes wrong by any factor when
	# the host is busy; the HPET always tells the time. no_timer_check, as that check
	# goes by the TSC. norandmaps, as translated code is found again by its address:
	# with each process elsewhere, all of its code would be translated anew.
	args=(console=ttyS0 loglevel=5 panic=-1 oops=panic mitigations=off tsc=unstable
		no_timer_check norandmaps random.trust_cpu=on printk.devkmsg=on log_buf_len=2M
		rcupdate.rcu_cpu_stall_timeout=60)
	[[ -z $system ]] || args+=(vm.system)
	# shellcheck disable=SC2054 # the commas are QEMU's
	qemu=(qemu-system-x86_64 -name zsm -machine q35,usb=off,vmport=off,hpet=on
		-accel tcg,thread=multi,tb-size=256
		-cpu "$cpu" -smp "$cpus" -m "$memory" -nodefaults -no-user-config
		-display none -no-reboot
		-kernel "$vmlinuz" -initrd "$boot/initramfs.img"
		-append "${args[*]} $append"
		-chardev "file,id=console,path=$work/console" -serial chardev:console
		-device virtio-serial-pci)
	port output "$work/output"
	port report "$work/report.tar"
	port results "$work/results.tar"
	drive root "${system:-$rootfs}" snapshot=on
	drive modules "$boot/modules.img" snapshot=on
	drive payload "$work/payload.img" readonly=on
	for i in "${!disks[@]}"; do
		[[ -f ${disks[i]} || -b ${disks[i]} ]] || usage_error "no such disk: ${disks[i]}"
		drive "disk$((i + 1))" "${disks[i]}" discard=unmap
	done
	if [[ -n $shell ]]; then
		# shellcheck disable=SC2054
		qemu+=(-chardev stdio,id=tty,signal=off -device virtconsole,chardev=tty)
	fi
}

# Copies the script's output to the log and, unless --quiet, to stdout.
relay_output()
{
	rm -f "$work/output"
	mkfifo "$work/output"
	if [[ -n $quiet ]]; then
		cat "$work/output" >"$results/output.log" &
	else
		tee "$results/output.log" <"$work/output" &
	fi
	relay_pid=$!
}

# An emulated CPU can run code that another CPU has just patched in its old form,
# and so take a breakpoint that is no longer anybody's. Nothing that is tested can
# cause that before the script begins.
died_of_emulation()
{
	[[ -z $have_report && -z $timed_out$impatient ]] &&
		grep -q 'Oops: int3' "$work/console" && ! grep -q 'vm: the script begins' "$work/console"
}

# verdict_of_console ALLOWED - what the console has to complain about, to $work/verdict;
# fails if there is nothing.
verdict_of_console()
{
	ALLOW=$1 awk -f "$vm_dir/klog.awk" "$work/console" >"$work/verdict" 2>/dev/null || true
	[[ -s $work/verdict ]]
}

# Waits until QEMU ends, or ends it when the time is up. Sets timed_out, or impatient.
# The end of the log may be half a line: only what is still there when the patience
# ends is a report.
wait_for_vm()
{
	local left=$limit step=$limit first=0 reported=''

	[[ -z $patience ]] || step=2
	while :; do
		if ((left <= 0)); then
			timed_out=1
		elif [[ -z $patience ]] || ! verdict_of_console "$allow"; then
			reported=''
		elif ((${reported:=$left} - left >= patience)); then
			impatient=1
		fi
		if [[ -n $timed_out$impatient ]]; then
			stop_qemu
			return
		fi
		# If it was killed just now, wait would not know it.
		kill -0 "$qemu_pid" 2>/dev/null || return 0
		sleep "$step" &
		waiter=$!
		wait -n -p first "$qemu_pid" "$waiter" || true
		[[ $first == "$waiter" ]] || break
		left=$((left - step))
	done
	kill "$waiter" 2>/dev/null || true
}

# Boots, and waits for the end. Sets timed_out and impatient.
run_vm()
{
	relay_output
	timed_out='' impatient=''
	if [[ -n $shell ]]; then
		# It needs the terminal, so it must not be a job in the background.
		TMPDIR=$work "${qemu[@]}" 2>"$work/qemu.err" || true
	else
		TMPDIR=$work setpriv --pdeathsig KILL "${qemu[@]}" </dev/null >/dev/null 2>"$work/qemu.err" &
		qemu_pid=$!
		wait_for_vm
		waiter='' qemu_pid=''
	fi
	end_relay
}

stop_qemu()
{
	local tries

	[[ -n $qemu_pid ]] || return 0
	kill "$qemu_pid" 2>/dev/null || return 0
	for ((tries = 0; tries < 30; tries++)); do
		kill -0 "$qemu_pid" 2>/dev/null || return 0
		sleep 0.1
	done
	kill -KILL "$qemu_pid" 2>/dev/null || true
}

# The relay ends with QEMU, unless QEMU never opened the pipe.
end_relay()
{
	[[ -n $relay_pid ]] || return 0
	: <>"$work/output"
	wait "$relay_pid" 2>/dev/null || true
	relay_pid=''
}

# What ends with the script, however it ends.
end_children()
{
	stop_qemu
	[[ -z $waiter ]] || kill "$waiter" 2>/dev/null || true
	[[ -z $relay_pid ]] || kill "$relay_pid" 2>/dev/null || true
}

# --- judging it --------------------------------------------------------------

# Unpacks what the guest sent. Sets have_report.
collect()
{
	have_report=''
	mkdir -p "$work/report"
	tar -xf "$work/report.tar" -C "$work/report" --no-same-owner 2>/dev/null &&
		[[ -s $work/report/status ]] && have_report=1
	if [[ -s $work/results.tar ]]; then
		tar -xf "$work/results.tar" -C "$results" --no-same-owner --no-overwrite-dir ||
			log "the results are incomplete"
	fi
	if [[ -n $have_report ]]; then
		sed -nE 's/^[0-9]+,[0-9]+,([0-9]+),[^;]*;(.*)$/\1 \2/p' "$work/report/kmsg" |
			awk '{ t = $1; sub(/^[^ ]* /, ""); printf "[%5d.%06d] %s\n", int(t / 1000000), t % 1000000, $0 }'
	else
		cat "$work/console" 2>/dev/null || true
	fi >"$results/console.log"
}

# fail STATUS REASON [FILE] - ends the run; FILE has the lines to show.
fail()
{
	local status=$1 reason=$2

	[[ -z $quiet ]] || cat "$results/output.log"
	[[ ! -s ${3-} ]] || cat "$3" >&2
	log "FAILED ($status): $reason"
	log "logs: $results"
	keep_results=1
	exit "$status"
}

# check_log FILE RAW - fails the run for what the kernel said.
check_log()
{
	local kind reason

	[[ -s $1 ]] || return 0
	ALLOW=$allow awk -v raw="$2" -f "$vm_dir/klog.awk" "$1" >"$work/verdict"
	[[ -s $work/verdict ]] || return 0
	read -r kind reason <"$work/verdict"
	sed -i 1d "$work/verdict"
	case $kind in
	problem) fail 121 "kernel: $reason" "$work/verdict" ;;
	*) fail 122 "message: $reason" "$work/verdict" ;;
	esac
}

# A guest that gave no status: says what its console has, or what QEMU said.
judge_the_dead()
{
	local reason

	if [[ -n $impatient ]]; then
		read -r _ reason <"$work/verdict"
		sed -i 1d "$work/verdict"
		fail 121 "kernel: $reason; ended after $patience more seconds" "$work/verdict"
	fi
	if verdict_of_console ''; then
		sed -i 1d "$work/verdict"
	else
		tail -n 20 "$work/console" >"$work/verdict" 2>/dev/null || true
	fi
	if [[ -n $timed_out ]]; then
		fail 124 "not finished after $limit seconds" "$work/verdict"
	fi
	if [[ ! -s $work/console && -s $work/qemu.err ]]; then
		fail 120 "QEMU: $(tail -n 1 "$work/qemu.err")" "$work/qemu.err"
	fi
	reason=$(grep -m1 -oE 'Kernel panic.*|vm: .*' "$work/console" | tr -d '\r') || true
	fail 125 "the guest ended without an exit status${reason:+: $reason}" "$work/verdict"
}

judge()
{
	local tainted status first

	[[ -n $have_report && -z $timed_out$impatient ]] || judge_the_dead
	check_log "$work/report/kmsg" 1
	# The record buffer has overflowed if its first record is gone.
	IFS=, read -r _ first _ <"$work/report/kmsg" || true
	[[ $first == 0 ]] || check_log "$work/console" 0
	if [[ -s $work/report/kmemleak ]]; then
		fail 121 "kmemleak: $(grep -c '^unreferenced' "$work/report/kmemleak") objects" "$work/report/kmemleak"
	fi
	tainted=$(<"$work/report/tainted")
	((!(tainted & ~taint_allowed))) || fail 123 "the kernel is tainted: $tainted"
	status=$(<"$work/report/status")
	if ((status)); then
		[[ -z $quiet ]] || cat "$results/output.log"
		keep_results=1
		log "the script exited with status $status; logs: $results"
	fi
	exit "$status"
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
	zsm_need vm qemu-system-x86_64 mke2fs cpio modprobe xz flock setpriv
	zsm_tmpdir work
	zsm_exit_hook=finish
	prepare_results
	obtain_parts
	obtain_boot_files
	make_payload
	build_command
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
