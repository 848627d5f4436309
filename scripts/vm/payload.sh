# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154,SC2317 # variables of run.sh and lib.sh
#
# payload.sh - what a VM is given to run. Sourced by run.sh.
#
# make_payload makes $work/payload.img of what `add' names and of the script with its
# arguments, `job'.

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
	for entry in "${add[@]}"; do
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
		printf 'job_limit=%q job_shell=%q job_reboots=%q\n' "$timeout" "$shell" "$reboots"
		printf 'export VM_MEMORY_MB=%q VM_CPUS=%q\n' "$memory" "$cpus"
	} >"$payload/.vm/job"
	cp "$vm_dir/guest/codecs.sh" "$payload/.vm/"
	zsm_mkext4 "$payload" "$work/payload.img" 1
}
