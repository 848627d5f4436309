# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154,SC2317 # variables of run.sh and lib.sh
#
# judge.sh - what came of a run. Sourced by run.sh.
#
# collect unpacks what the guest sent, to $work/report and $results, and sets have_report;
# judge ends the script with the status that run.sh promises.

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
	ALLOW=$allowed awk -v raw="$2" -f "$vm_dir/klog.awk" "$1" >"$work/verdict"
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
		fail 124 "not finished after $timeout seconds" "$work/verdict"
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
	# The record buffer has overflowed if its first record is gone, and it is that of the
	# last boot alone.
	IFS=, read -r _ first _ <"$work/report/kmsg" || true
	[[ $first == 0 && -z $reboots ]] || check_log "$work/console" 0
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
