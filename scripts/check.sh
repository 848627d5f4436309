#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# check.sh - run all the tests.
#
# usage: scripts/check.sh [OPTION]...
#
#   --kernel K      only with this kernel, 6.1 or 6.12 (may be given twice)
#   --filter REGEX  only cases whose name matches; a name is `host CASE',
#                   `K build', or `K TOPIC.CASE', as --list shows them
#   --list          list the cases and stop
#   --intree        run the cases in VMs with the kernel's own zram, as a test of
#                   the tests; what it is known to fail is in
#                   scripts/tests/README.md
#
# Installs what is missing if run as root, or prints the command that would.
# Fetches both kernels, builds the modules, runs the tests of core/ on the host and
# the others in VMs, those of both kernels at the same time. Each case is shown when
# it is done. Logs are kept in the cache. The last line is `N passed, N failed'; the
# exit status is 0 only if nothing failed.

# Functions are called through attached, traps and zsm_exit_hook.
# shellcheck disable=SC2317
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts_dir=$(realpath "${BASH_SOURCE[0]%/*}")
guest_dir=$scripts_dir/tests/guest

all_kernels=(6.12 6.1)

# The VMs of each kernel: what runs in them, how much memory they have, and how long
# they may take. One case must not be able to hide others for long.
vms=(main swap)
declare -A vm_topics=(
	[main]='knobs roundtrip bio discard limit busy hotplug unload fs'
	[swap]='swap'
)
declare -A vm_memory=([main]=512 [swap]=448)
declare -A vm_limit=([main]=800 [swap]=800)

kernels=()
filter=''
list=''
modules=ours

parse()
{
	while (($#)); do
		case $1 in
		-h | --help)
			zsm_usage
			exit 0
			;;
		--kernel)
			[[ ${2-} == 6.1 || ${2-} == 6.12 ]] || usage_error "--kernel wants 6.1 or 6.12"
			kernels+=("$2")
			shift
			;;
		--filter)
			(($# > 1)) || usage_error "--filter wants a regular expression"
			filter=$2
			shift
			;;
		--list) list=1 ;;
		--intree) modules=intree ;;
		*) usage_error "unknown argument $1" ;;
		esac
		shift
	done
	((${#kernels[@]})) || kernels=("${all_kernels[@]}")
}

# --- what there is to run ----------------------------------------------------

wanted()
{
	[[ $* =~ $filter ]]
}

# host_cases - each is a function host_CASE.
host_cases()
{
	local name

	[[ $modules == ours ]] || return 0
	for name in core pagegen build_rules; do
		! wanted host "$name" || echo "$name"
	done
}

# vm_cases KERNEL VM
vm_cases()
{
	local name topics

	read -ra topics <<<"${vm_topics[$2]}"
	bash "$guest_dir/run.sh" --list "${topics[@]}" | while read -r name; do
		! wanted "$1" "$name" || echo "$name"
	done
}

# kernel_cases KERNEL - all of them, but for what each VM's kernel log adds.
kernel_cases()
{
	local vm

	if [[ $modules == ours ]] && wanted "$1" build; then
		echo build
	fi
	for vm in "${vms[@]}"; do
		vm_cases "$1" "$vm"
	done
}

list_all()
{
	local kernel

	host_cases | sed 's/^/host /'
	for kernel in "${kernels[@]}"; do
		kernel_cases "$kernel" | sed "s/^/$kernel /"
	done
}

# --- pipelines ---------------------------------------------------------------
#
# The host's tests, and each kernel's, run in a process of their own. What happens is
# told to the main process, a line each:
#
#   start WHERE CASE
#   pass|fail|skip WHERE CASE SECONDS FILE
#
# with WHERE `host' or a kernel; FILE, if it is there, holds lines to show.

child=''

# Runs a command so that it ends if the pipeline is told to.
attached()
{
	local status=0

	"$@" &
	child=$!
	wait "$child" || status=$?
	child=''
	return "$status"
}

end_pipeline()
{
	trap '' TERM
	[[ -z $child ]] || kill "$child" 2>/dev/null
	wait
	exit 143
}

seconds_since()
{
	awk -v a="$1" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.0f", b - a }'
}

# excerpt_of FILE - makes an excerpt, and prints its name.
excerpt_of()
{
	tail -n 30 "$1" | cut -c1-300 >"$1.excerpt"
	printf '\n(all of it: %s)\n' "$1" >>"$1.excerpt"
	echo "$1.excerpt"
}

# one_case WHERE CASE COMMAND... - a case that is a command.
one_case()
{
	local where=$1 name=$2 log=$logs/$1.$2.log start=$EPOCHREALTIME

	echo "start $where $name"
	if attached "${@:3}" >"$log" 2>&1; then
		# A suite says how many tests it has.
		grep -E '^[0-9]+ passed' "$log" >"$log.excerpt" || true
		echo "pass $where $name $(seconds_since "$start") $log.excerpt"
	else
		echo "fail $where $name $(seconds_since "$start") $(excerpt_of "$log")"
		return 1
	fi
}

host_core()
{
	"$scripts_dir/host-test.sh"
}

host_pagegen()
{
	"$("$scripts_dir/tests/guest-programs.sh")"/pagegen_test
}

host_build_rules()
{
	"$scripts_dir/tests/build-rules.sh"
}

host_pipeline()
{
	local name

	trap end_pipeline TERM
	for name in $(host_cases); do
		one_case host "$name" "host_$name" || true
	done
}

# Builds the modules; sets module_dir. It is a case of its own.
build_modules()
{
	local kernel=$1 log=$logs/$1.build.log

	if wanted "$kernel" build; then
		one_case "$kernel" build "$scripts_dir/build-modules.sh" "$kernel" || return 1
	else
		attached "$scripts_dir/build-modules.sh" "$kernel" >"$log" 2>&1 || return 1
	fi
	module_dir=$logs/$kernel.modules
	strip_modules "$(tail -n 1 "$log")" "$module_dir"
}

# Copies the modules without their debug information, which is most of them: they
# are loaded often, and an emulated machine takes its time.
strip_modules()
{
	local module

	mkdir "$2"
	for module in zsm zram; do
		strip --strip-debug -o "$2/$module.ko" "$1/$module.ko"
	done
}

kernel_pipeline()
{
	local kernel=$1 vm module_dir='' cases

	trap end_pipeline TERM
	if [[ $modules == ours ]]; then
		build_modules "$kernel" || return 0
	fi
	for vm in "${vms[@]}"; do
		mapfile -t cases < <(vm_cases "$kernel" "$vm")
		((!${#cases[@]})) || run_vm "$kernel" "$vm" "${cases[@]}"
	done
}

# run_vm KERNEL VM CASE... - boots it, and translates what run.sh prints there. What
# the kernel has to say for itself is one more case.
run_vm()
{
	local kernel=$1 vm=$2 dir=$logs/$1.$2 status=0 start=$EPOCHREALTIME pipe

	shift 2
	mkdir -p "$dir"
	pipe=$dir/pipe
	mkfifo "$pipe"
	boot "$kernel" "$vm" "$dir" "$@" >"$pipe" 2>"$dir/run.log" &
	child=$!
	translate "$kernel" "$dir" <"$pipe"
	wait "$child" || status=$?
	child=''
	rm "$pipe"
	# 1 is for failed cases, which were told of.
	if ((status > 1)); then
		echo "fail $kernel $vm.kernel_log $(seconds_since "$start") $(excerpt_of "$dir/run.log")"
	else
		echo "pass $kernel $vm.kernel_log $(seconds_since "$start") -"
	fi
}

boot()
{
	local kernel=$1 vm=$2 dir=$3 file programs pages add=()

	programs=$("$scripts_dir/tests/guest-programs.sh")
	pages=$("$scripts_dir/tests/collect-pages.sh" --print)
	for file in "$guest_dir"/*.sh "$programs"/*; do
		add+=(--add "$file")
	done
	if [[ $modules == ours ]]; then
		add+=(--add "$module_dir/zsm.ko" --add "$module_dir/zram.ko")
	fi
	exec "$scripts_dir/vm/run.sh" --kernel "$kernel" --memory "${vm_memory[$vm]}" \
		--timeout "${vm_limit[$vm]}" --results "$dir" "${add[@]}" --add "$pages=pages" \
		"$guest_dir/run.sh" --modules "$modules" "${@:4}"
}

# translate KERNEL DIR - a verdict comes before the log's excerpt that belongs to it,
# and is told of after that.
translate()
{
	local kernel=$1 dir=$2 line word name verdict seconds pending=''

	while IFS= read -r line; do
		if [[ $line == '| '* ]]; then
			printf '%s\n' "${line:2}" >>"$dir/$name.excerpt"
			continue
		fi
		[[ -z $pending ]] || echo "$pending"
		pending=''
		[[ $line == '@case '* ]] || continue
		read -r word name verdict seconds <<<"$line"
		case $verdict in
		start) echo "start $kernel $name" ;;
		pass) echo "pass $kernel $name $seconds -" ;;
		fail | skip) pending="$verdict $kernel $name $seconds $dir/$name.excerpt" ;;
		esac
	done
	[[ -z $pending ]] || echo "$pending"
}

# All pipelines at once.
run_all()
{
	local kernel

	trap 'trap "" TERM; kill "${pipelines[@]}" 2>/dev/null; wait; exit 143' TERM
	pipelines=()
	for kernel in "${kernels[@]}"; do
		kernel_pipeline "$kernel" </dev/null &
		pipelines+=($!)
	done
	host_pipeline </dev/null &
	pipelines+=($!)
	wait
}

# --- the report --------------------------------------------------------------

passed=0
failed=0
skipped=0
declare -A running=()	# what each pipeline is at
declare -A reported=()	# cases that are done

show_running()
{
	local where text=''

	for where in "${!running[@]}"; do
		text+=" $where ${running[$where]};"
	done
	zsm_progress "$passed passed, $failed failed; at${text:- nothing}"
}

# verdict WORD WHERE CASE SECONDS FILE
verdict()
{
	local line

	printf -v line '%-4s %-4s %s' "$1" "$2" "$3"
	[[ $4 == - ]] || line+=" ($4 s)"
	zsm_progress_end
	case $1 in
	'ok') passed=$((passed + 1)) ;;
	FAIL) failed=$((failed + 1)) ;;
	skip) skipped=$((skipped + 1)) ;;
	esac
	echo "$line"
	[[ $5 == - || ! -s $5 ]] || sed 's/^/     | /' "$5"
	reported[$2 $3]=1
	running[$2]=''
}

report()
{
	local word where name seconds file

	while read -r word where name seconds file; do
		case $word in
		start) running[$where]=$name ;;
		pass) verdict ok "$where" "$name" "$seconds" "$file" ;;
		fail) verdict FAIL "$where" "$name" "$seconds" "$file" ;;
		skip) verdict skip "$where" "$name" "$seconds" "$file" ;;
		esac
		show_running
	done
	zsm_progress_end
}

# A case that nothing was heard of has failed: its VM died, or was never booted.
report_missing()
{
	local where name

	while read -r where name; do
		[[ -z ${reported[$where $name]-} ]] || continue
		verdict FAIL "$where" "$name" - -
		echo "     | did not run, or did not finish; see $logs"
	done < <(list_all)
}

# Logs of this run; those of the last few are kept.
make_logs()
{
	local old

	mkdir -p "$zsm_cache/check"
	while read -r old; do
		rm -rf -- "$old"
	done < <(find "$zsm_cache/check" -mindepth 1 -maxdepth 1 -type d -mtime +7)
	printf -v logs '%s/check/%(%Y%m%d-%H%M%S)T.%s' "$zsm_cache" -1 $$
	mkdir "$logs"
}

stop_all()
{
	[[ -z ${runner-} ]] || kill "$runner" 2>/dev/null
}

main()
{
	local logs runner='' total

	parse "$@"
	if [[ -n $list ]]; then
		list_all
		return
	fi
	[[ -n $(list_all) ]] || die "no case matches '$filter'"
	"$scripts_dir/setup.sh" build vm host-test
	make_logs
	log "logs go to $logs"
	zsm_exit_hook=stop_all
	exec {events}< <(run_all)
	runner=$!
	report <&"$events"
	runner=''
	report_missing
	total="$passed passed, $failed failed"
	((!skipped)) || total+=", $skipped skipped"
	echo "$total"
	((!failed && !skipped))
}

main "$@"
