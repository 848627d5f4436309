# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# report.sh - run cases in processes at once, and report on each when it is done.
# Sourced, after lib.sh, by scripts that are what a person runs.
#
# The script has `kernels' and `filter', a regular expression, functions `host_cases' and
# `kernel_cases KERNEL', which print what is wanted of these, and, if it uses run_vm, `boot'.
# `may_skip' has the cases, as `WHERE CASE', that are known not to be possible there; any
# other that is skipped makes the run fail.

# Functions are called through attached, traps and zsm_exit_hook; variables of lib.sh.
# shellcheck disable=SC2034,SC2154,SC2317

# --- what there is to run ----------------------------------------------------

# wanted WHERE CASE
wanted()
{
	[[ $* =~ $filter ]]
}

# Prints all cases that are wanted, as `WHERE CASE'.
list_all()
{
	local kernel

	host_cases | sed 's/^/host /'
	for kernel in "${kernels[@]}"; do
		kernel_cases "$kernel" | sed "s/^/$kernel /"
	done
}

# --- pipelines and jobs -------------------------------------------------------
#
# Cases that follow each other run in a process of their own, which begins with
# `trap end_pipeline TERM'. What happens is told to the main process, a line each:
#
#   start WHERE CASE
#   pass|fail|skip WHERE CASE SECONDS FILE
#
# with WHERE `host' or a kernel; FILE, if it is there, holds lines to show.

child=''
logs=''
runner=''	# the process that the pipelines are children of

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

# run_vm KERNEL VM CASE... - boots it, with the script's own
# `boot KERNEL VM DIR CASE...', and translates what run.sh prints there. What the
# kernel has to say for itself is one more case.
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

# run_pipelines COMMAND... - each is one word, or several divided by blanks.
run_pipelines()
{
	local pipeline pipelines=()

	trap 'trap "" TERM; kill "${pipelines[@]}" 2>/dev/null; wait; exit 143' TERM
	for pipeline; do
		# shellcheck disable=SC2086 # a command and its arguments
		$pipeline </dev/null &
		pipelines+=($!)
	done
	wait
}

# run_jobs LIMIT JOB... - runs LIMIT of them at once. Each is one word: `NAME AFTER
# COMMAND...', divided by blanks. Those that come first begin first, but none before the
# job AFTER has succeeded (`-': at once); what waits for one that failed is left out.
run_jobs()
{
	local limit=$1 i name after command jobs=("${@:2}")
	local -A at=() ended=([-]=0)

	trap 'trap "" TERM; kill $(jobs -p) 2>/dev/null; wait; exit 143' TERM
	while :; do
		for i in "${!jobs[@]}"; do
			((${#at[@]} < limit)) || break
			read -r name after command <<<"${jobs[i]}"
			[[ -n ${ended[$after]-} ]] || continue
			unset "jobs[$i]"
			if ((ended[$after])); then
				ended[$name]=1
				continue
			fi
			run_job "$command" </dev/null &
			at[$!]=$name
		done
		((${#at[@]})) || break
		wait_for_jobs
	done
}

run_job()
{
	trap end_pipeline TERM
	# shellcheck disable=SC2086 # a command and its arguments
	$1
}

# Moves those that have ended from `at' to `ended'; waits for one if need be.
wait_for_jobs()
{
	local pid status running=${#at[@]}

	while :; do
		for pid in "${!at[@]}"; do
			! kill -0 "$pid" 2>/dev/null || continue
			status=0
			wait "$pid" || status=$?
			ended[${at[$pid]}]=$status
			unset "at[$pid]"
		done
		((${#at[@]} == running)) || break
		# It may pass over one that has ended already: see to those first.
		wait -n "${!at[@]}" || true
	done
}

# --- the report --------------------------------------------------------------

passed=0
failed=0
skipped=0
missed=0	# skipped, and should have run
may_skip=()
declare -A running=()	# cases that have begun
declare -A reported=()	# cases that are done

show_running()
{
	local name text=''

	for name in "${!running[@]}"; do
		text+=" $name;"
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
	skip)
		skipped=$((skipped + 1))
		[[ " ${may_skip[*]/%/;}" == *" $2 $3;"* ]] || missed=$((missed + 1))
		;;
	esac
	echo "$line"
	[[ $5 == - || ! -s $5 ]] || sed 's/^/     | /' "$5"
	reported[$2 $3]=1
	unset "running[$2 $3]"
}

report()
{
	local word where name seconds file

	while read -r word where name seconds file; do
		case $word in
		start) running[$where $name]=1 ;;
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

# Makes a directory for the logs of this run, and sets logs. Those of the last few are
# kept.
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
	[[ -z $runner ]] || kill "$runner" 2>/dev/null
}

# report_on PIPELINE... - runs them, and shows all. Fails unless every case passed, but for
# those that may be skipped.
report_on()
{
	local total events

	make_logs
	log "logs go to $logs"
	zsm_exit_hook=stop_all
	exec {events}< <(run_pipelines "$@")
	runner=$!
	report <&"$events"
	runner=''
	report_missing
	total="$passed passed, $failed failed"
	((!skipped)) || total="$skipped skipped, $total"
	echo "$total"
	((!failed && !missed))
}
