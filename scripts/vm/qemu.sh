# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154,SC2317 # variables of run.sh and lib.sh
#
# qemu.sh - the emulator: its command line, its life and its end. Sourced by run.sh.
#
# build_qemu_command sets qemu, the command; run_vm runs it until it ends or must end, and
# sets timed_out or impatient if it had to.

work=''
qemu_pid=''
relay_pid=''
waiter=''

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

# machine - begins qemu, the command, with the machine and its processors, and args with
# what its kernel has to be told.
machine()
{
	if [[ $arch == arm64 ]]; then
		# Pointer authentication is slow to emulate by the architecture's own algorithm.
		# shellcheck disable=SC2054 # the commas are QEMU's
		qemu=(qemu-system-aarch64 -machine virt,gic-version=3 -cpu "${cpu:-max,pauth-impdef=on,sve=off}")
		args=(console=ttyAMA0)
		return
	fi
	# The kernel times the TSC against the PIT, which goes wrong by any factor when
	# the host is busy; the HPET always tells the time. no_timer_check, as that check
	# goes by the TSC.
	args=(console=ttyS0 tsc=unstable no_timer_check)
	# Emulated, `rep movsb' goes byte by byte: without ERMS the kernel copies words.
	# shellcheck disable=SC2054 # the commas are QEMU's
	qemu=(qemu-system-x86_64 -machine q35,usb=off,vmport=off,hpet=on -cpu "${cpu:-max,la57=off,erms=off}")
}

# Sets qemu, the command.
build_qemu_command()
{
	local i args

	machine
	# norandmaps, as translated code is found again by its address: with each process
	# elsewhere, all of its code would be translated anew.
	args+=("${kernel_args[@]}" mitigations=off norandmaps random.trust_cpu=on
		rcupdate.rcu_cpu_stall_timeout=60)
	[[ -z $system ]] || args+=(vm.system)
	[[ -z $dimm ]] || args+=(memhp_default_state=online_movable)
	# shellcheck disable=SC2054 # the commas are QEMU's
	qemu+=(-name zsm -accel tcg,thread=multi,tb-size=256 -smp "$cpus" -nodefaults -no-user-config
		-display none
		-kernel "$vmlinuz" -initrd "$boot/initramfs.img"
		-append "${args[*]} $append"
		-chardev "file,id=console,path=$work/console" -serial chardev:console
		-device virtio-serial-pci)
	[[ -n $reboots ]] || qemu+=(-no-reboot)
	if [[ -n $dimm ]]; then
		# shellcheck disable=SC2054
		qemu+=(-m "$memory,slots=1,maxmem=$((memory + dimm))M"
			-object "memory-backend-ram,id=dimm,size=${dimm}M" -device pc-dimm,memdev=dimm)
	else
		qemu+=(-m "$memory")
	fi
	port output "$work/output"
	port report "$work/report.tar"
	port results "$work/results.tar"
	drive root "${system:-$rootfs}" snapshot=on
	drive modules "$boot/modules.img" snapshot=on
	drive payload "$work/payload.img" readonly=on
	for i in "${!disk[@]}"; do
		drive "disk$((i + 1))" "${disk[i]}" discard=unmap
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
	local left=$timeout step=$timeout first=0 reported=''

	[[ -z $patience ]] || step=2
	while :; do
		if ((left <= 0)); then
			timed_out=1
		elif [[ -z $patience ]] || ! verdict_of_console "$allowed"; then
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
