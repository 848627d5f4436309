#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# selftest.sh - prove that run.sh reports what it should.
#
# usage: scripts/vm/selftest.sh [--kernel KERNEL]... [CASE]...
#
#   --kernel KERNEL  one of scripts/kernel/table
#
# Each case boots a VM whose script does one thing, and compares run.sh's exit
# status and output with what they ought to be. Without --kernel, on 6.1 and on
# 6.12; without CASE, all of them. Ends with a line `N passed, N failed'; fails if one
# did.

# Cases are called by name.
# shellcheck disable=SC2317
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

run=$(realpath "$(dirname "${BASH_SOURCE[0]}")")/run.sh
work=''
vm_pid=''
passed=0
failed=0

# --- helpers -----------------------------------------------------------------

# vm WANTED OPTION... - boots the script that stands on stdin. Sets out, and the
# case's verdict if the exit status is not WANTED.
vm()
{
	local wanted=$1 status=0

	shift
	cat >"$work/job.sh"
	rm -rf "$work/results"
	"$run" --kernel "$kernel" --results "$work/results" --timeout 120 "$@" "$work/job.sh" \
		>"$work/out" 2>&1 &
	vm_pid=$!
	wait "$vm_pid" || status=$?
	vm_pid=''
	out=$(<"$work/out")
	((status == wanted)) || complain "exit status $status instead of $wanted"
}

complain()
{
	verdict+="  $1"$'\n'
}

# has PATTERN - the output must.
has()
{
	grep -qE -- "$1" <<<"$out" || complain "no '$1' in the output"
}

has_not()
{
	! grep -qE -- "$1" <<<"$out" || complain "'$1' in the output"
}

try()
{
	local start=$SECONDS

	verdict=''
	zsm_progress "$kernel: $1"
	"case_$1"
	zsm_progress_end
	if [[ -z $verdict ]]; then
		passed=$((passed + 1))
		printf 'ok      %-5s %s (%d s)\n' "$kernel" "$1" $((SECONDS - start))
	else
		failed=$((failed + 1))
		printf 'FAILED  %-5s %s\n%s' "$kernel" "$1" "$verdict"
		printf '%s\n' "$out" | tail -n 30 | sed 's/^/    | /'
	fi
}

end_vm()
{
	[[ -z $vm_pid ]] || kill "$vm_pid" 2>/dev/null || true
}

# --- cases -------------------------------------------------------------------

case_success()
{
	printf 'a file\n' >"$work/plain"
	mkdir -p "$work/tree/sub"
	printf 'deep\n' >"$work/tree/sub/file"
	truncate -s 8M "$work/disk"
	vm 0 --add "$work/plain=renamed" --add "$work/tree" --disk "$work/disk" --memory 256 <<-'EOS'
		echo "to stdout"
		echo "to stderr" >/dev/stderr
		cat renamed tree/sub/file
		echo "in $PWD on $KERNEL_RELEASE with $(nproc) CPUs"
		read -r line && echo "there is input"
		echo from-guest | dd of="$DISK_1" conv=notrunc status=none && sync
		blockdev --getsize64 "$DISK_1"
		mkdir "$RESULTS/dir" && echo returned >"$RESULTS/dir/file"
		touch /tmp/file /lib/modules/file /root/file && echo writable
		touch /payload/file 2>/dev/null || echo "payload read-only"
	EOS
	for line in 'to stdout' 'to stderr' 'a file' deep "in /payload on ${kernel//./\\.}\\." 'with 2 CPUs' \
		8388608 '^writable' 'payload read-only'; do
		has "$line"
	done
	has_not 'there is input'
	has_not 'Linux version'
	[[ $(cat "$work/results/dir/file") == returned ]] || complain "/results did not come back"
	grep -q from-guest <(head -c 10 "$work/disk") || complain "the disk was not written"
	grep -q 'Linux version' "$work/results/console.log" || complain "no kernel log"
	grep -q 'to stdout' "$work/results/output.log" || complain "no output log"
}

case_exit_status()
{
	vm 3 <<<'exit 3'
}

case_arguments()
{
	cat >"$work/args.sh" <<<'printf "<%s>" "$@"'
	# shellcheck disable=SC2016 # not to be expanded is the point
	out=$("$run" --kernel "$kernel" --timeout 120 "$work/args.sh" 'a b' '' "it's" '$HOME' 2>&1) ||
		complain "exit status $?"
	[[ $out == "<a b><><it's><\$HOME>" ]] || complain "arguments were changed"
}

case_our_message()
{
	vm 122 <<<'echo "<4>zram: test" >/dev/kmsg'
	has '^> .*zram: test'
}

case_our_message_allowed()
{
	vm 0 --allow 'zram: te.t' <<-'EOS'
		echo "<4>zram: test" >/dev/kmsg
		echo "<6>zsm: said at level info" >/dev/kmsg
		echo "<3>other: an error of another part" >/dev/kmsg
	EOS
}

case_warning()
{
	vm 121 <<<'echo "<4>WARNING: CPU: 0 PID: 1 at fake" >/dev/kmsg; dmesg -C'
	has '^> .*WARNING: CPU'
}

# What each checker of the debug kernels prints, which stock kernels do not have.
case_checkers()
{
	local line

	verdict_of() { awk -f "${run%/*}/klog.awk" <<<"[    1.000000] $1" | head -n 1; }
	out=''
	while IFS= read -r line; do
		[[ $(verdict_of "$line") == problem* ]] || complain "no problem: $line"
	done <<-'EOS'
		BUG: KASAN: slab-out-of-bounds in zsm_read+0x1c/0x100 [zsm]
		WARNING: possible circular locking dependency detected
		WARNING: bad unlock balance detected!
		BUG: sleeping function called from invalid context at mm/slab.c:12
		BUG: scheduling while atomic: insmod/80/0x00000002
		UBSAN: shift-out-of-bounds in zram/slots.c:100:2
		kmemleak: 2 new suspected memory leaks (see /sys/kernel/debug/kmemleak)
		kmemleak: Cannot allocate a kmemleak_object structure
		WARNING: CPU: 0 PID: 9 at zsmalloc.c:99 module zsm func:zsm_init has 4096 allocated at module unload
		ODEBUG: free active (active state 0) object: 0000 object type: timer_list hint: BUG:
		BUG: KCSAN: data-race in zram_slot_get [zram] / zram_slot_set [zram]
		BUG: KCSAN: data-race in __filemap_add_folio / zsm_alloc [zsm]
		BUG: KCSAN: data-race in zram_bio_pieces+0x401/0x570 [zram]
		BUG: KCSAN: data-race in mover_thread [zsmalloc_kunit] / smp_thread [zsmalloc_kunit]
	EOS
	while IFS= read -r line; do
		[[ -z $(verdict_of "$line") ]] || complain "a problem: $line"
	done <<-'EOS'
		BUG: KCSAN: data-race in tick_nohz_stop_tick / tick_sched_do_timer
		kmemleak: Kernel memory leak detector initialized (mem pool available: 15000)
		zsm: loading out-of-tree module taints kernel.
	EOS
}

case_real_trace()
{
	vm 121 <<<'echo l >/proc/sysrq-trigger; sleep 1; exit 5'
	has 'Call Trace:'
}

case_panic()
{
	local start=$SECONDS

	vm 125 <<<'echo "last words"; echo c >/proc/sysrq-trigger; sleep 60'
	has 'last words'
	has 'Kernel panic'
	((SECONDS - start < 45)) || complain "took $((SECONDS - start)) seconds"
}

case_early_end()
{
	vm 125 <<<'reboot -f'
}

# What was written before a reboot is there after it.
case_reboots()
{
	vm 3 --reboots <<-'EOS'
		[[ ! -e /root/again ]] || { echo "the second boot"; exit 3; }
		echo "the first boot" | tee /root/again
		reboot -f
		sleep 60
	EOS
	has 'the first boot'
	has 'the second boot'
}

case_time_limit()
{
	vm 124 --timeout 20 <<<'echo begun; sleep 1000'
	has begun
	has 'not finished after 20 seconds'
}

case_patience()
{
	vm 121 --patience 5 <<-'EOS'
		echo begun
		echo "<4>WARNING: CPU: 0 PID: 1 at fake" >/dev/kmsg
		sleep 1000
	EOS
	has begun
	has '^> .*WARNING: CPU'
	has 'kernel: .*WARNING: CPU.*; ended after 5 more seconds'
	grep -q 'WARNING: CPU' "$work/results/console.log" || complain "no kernel log"
}

# QEMU does not outlive a look at the log: that is noticed all the same.
case_killed()
{
	mkdir -p "$work/bin"
	cat >"$work/bin/awk" <<-'EOS'
		#!/bin/bash
		if grep -q 'vm: the script begins' "${!#}"; then
			pkill -KILL -P "$PPID" qemu && sleep 1
		fi
		exec /usr/bin/awk "$@"
	EOS
	chmod +x "$work/bin/awk"
	PATH=$work/bin:$PATH vm 125 --patience 60 <<-'EOS'
		sleep 1000
	EOS
	has 'ended without an exit status'
}

# What is allowed does not end it, and after a report it may end by itself.
case_patience_kept()
{
	vm 0 --patience 2 --allow 'PID: 1 at fake' <<-'EOS'
		echo "<4>WARNING: CPU: 0 PID: 1 at fake" >/dev/kmsg
		sleep 8
	EOS
	vm 121 --patience 60 <<-'EOS'
		echo "<4>WARNING: CPU: 0 PID: 1 at fake" >/dev/kmsg
		echo returned >"$RESULTS/file"
	EOS
	has_not 'more seconds'
	[[ $(cat "$work/results/file") == returned ]] || complain "/results did not come back"
}

case_oom()
{
	vm 121 --memory 256 <<<'tail /dev/zero; true'
	has 'oom'
}

case_oom_allowed()
{
	vm 0 --memory 256 --allow 'oom-kill|Out of memory' <<<'tail /dev/zero; echo survived'
	has survived
}

case_tools()
{
	vm 0 --memory 256 --disk "$work/disk" <<-'EOS'
		set -e
		. /payload/.vm/codecs.sh
		modprobe -a "${codec_libraries[@]}" lz4 lz4hc zstd lzo deflate
		modprobe -a zsmalloc loop brd null_blk ext4 xfs btrfs
		modprobe zram
		dev=$(zramctl --find --size 32M)
		mke2fs -q "$dev" && mount "$dev" /mnt
		fio --name=t --directory=/mnt --size=2M --rw=randwrite --verify=crc32c --ioengine=psync \
			--output-format=terse --minimal >/dev/null
		df /mnt | awk 'NR == 2 { print "mounted", $1 }'
		umount /mnt && wipefs -qa "$dev" && zramctl --reset "$dev"
		dev=$(zramctl --find --size 16M)
		mkswap "$dev" >/dev/null && swapon "$dev" && swapon --show --noheadings | grep -q zram
		swapoff "$dev" && zramctl --reset "$dev"
		blkdiscard "$DISK_1"
		truncate -s 4M /tmp/image && losetup --find --show /tmp/image
		sysctl -n vm.swappiness >/dev/null && ps ax >/dev/null && diff /etc/passwd /etc/passwd
		rmmod zram && depmod -a && echo "tools are fine"
	EOS
	has 'tools are fine'
}

case_interrupt()
{
	local pid status=0 children tries

	printf 'echo begun\nsleep 1000\n' >"$work/job.sh"
	"$run" --kernel "$kernel" --timeout 120 "$work/job.sh" >"$work/out" 2>&1 &
	pid=$!
	for ((tries = 0; tries < 300; tries++)); do
		! grep -q begun "$work/out" || break
		sleep 0.1
	done
	children=$(pgrep -P "$pid" | tr '\n' ' ')
	kill -TERM "$pid"
	wait "$pid" || status=$?
	out=$(<"$work/out")
	((status == 143)) || complain "exit status $status instead of 143"
	[[ -n $children ]] || complain "QEMU was not running"
	sleep 0.2
	# shellcheck disable=SC2086 # one word a process
	[[ -z $children ]] || ! kill -0 $children 2>/dev/null || complain "processes are left: $children"
}

case_parallel()
{
	local i pids=()

	for i in 1 2 3; do
		printf 'sleep 1; echo run %s; echo %s >/results/file; exit %s\n' $i $i $i >"$work/job$i.sh"
		"$run" --kernel "$kernel" --cpus 1 --memory 256 --results "$work/results$i" "$work/job$i.sh" \
			>"$work/out$i" 2>&1 &
		pids+=($!)
	done
	out=''
	for i in 1 2 3; do
		wait "${pids[i - 1]}" || (($? == i)) || complain "run $i has another exit status"
		out+=$(<"$work/out$i")
		[[ $(cat "$work/results$i/file") == "$i" ]] || complain "run $i has another's results"
	done
}

# --- all of them -------------------------------------------------------------

# all_cases - their names, in the order in which they stand here.
all_cases()
{
	sed -nE 's/^case_([a-z0-9_]+)\(\)$/\1/p' "${BASH_SOURCE[0]}"
}

main()
{
	local kernels=() cases name

	zsm_mixed=1
	zsm_parse "$@"
	cases=("${zsm_args[@]}")
	for name in "${cases[@]}"; do
		declare -F "case_$name" >/dev/null || usage_error "no case $name"
	done
	for name in "${kernels[@]}"; do
		zsm_kernel_describe "$name"
	done
	((${#kernels[@]})) || kernels=(6.1 6.12)
	((${#cases[@]})) || mapfile -t cases < <(all_cases)
	zsm_tmpdir work
	zsm_exit_hook=end_vm
	for kernel in "${kernels[@]}"; do
		for name in "${cases[@]}"; do
			try "$name"
		done
	done
	printf '%d passed, %d failed\n' "$passed" "$failed"
	((failed == 0))
}

main "$@"
