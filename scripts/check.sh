#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# check.sh - run all the tests.
#
# usage: scripts/check.sh [OPTION]...
#
#   --kernel K      only with this kernel of scripts/kernel/table, and all cases (may be
#                   given again)
#   --core          only the core set: swap under pressure, a file system, recompression,
#                   write-back, reset and unloading
#   --filter REGEX  only cases whose name matches; a name is `host CASE',
#                   `K build', or `K TOPIC.CASE', as --list shows them; the debug
#                   kernel has cases of its own
#   --slow N        allow everything in VMs N times as long, on a machine that is busy
#   --list          list the cases and stop
#   --intree        run the cases in VMs with the kernel's own zram, as a test of
#                   the tests; what it is known to fail is in
#                   scripts/tests/README.md
#
# Installs what is missing if run as root, or prints the command that would.
# Fetches both kernels, builds the debug kernel (once, which takes a while) and the
# modules, runs the tests of core/ on the host and the others in VMs, some at a time.
# Each case is shown when it is done. Logs are kept in the cache. The last line is
# `N passed, N failed', with the number of those skipped before it if there are any; the
# exit status is 0 only if nothing failed and only what is known not to be possible was
# skipped.

# Functions are called through attached, traps and zsm_exit_hook.
# shellcheck disable=SC2317
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/tests/report.sh
. "$(dirname "${BASH_SOURCE[0]}")/tests/report.sh"

scripts_dir=$(realpath "${BASH_SOURCE[0]%/*}")
guest_dir=$scripts_dir/tests/guest

# The VMs of each kernel: what runs in them, how much memory they have, and how long
# they may take. One case must not be able to hide others for long.
vms=(main tiers tiering cold offline broken swap zswap zpool zpool_pairs zpool_triples zcache tools)
core_vms=(core swap)
declare -A vm_topics=(
	[main]='knobs roundtrip bio discard limit busy hotplug unload fs compact kinds'
	[tiers]='params recompress idle writeback tier'
	[tiering]='tiering packed'
	[cold]='cold'
	[offline]='offline'
	[broken]='broken'
	[swap]='swap'
	[zswap]='zswap'
	[zpool]='zpool'
	[zpool_pairs]='zpool_pairs'
	[zpool_triples]='zpool_triples'
	[zcache]='zcache zcache_stack'
	[tools]='zsmctl'
)
# The core set, beside swap.
core_cases=(roundtrip.w64 fs.ext4 bio.mixed_sizes bio.logical_blocks recompress.knob
	writeback.knob writeback.swap busy.reset unload.fifty_times)
# Unless it says so here, 512 MB and 800 seconds.
declare -A vm_memory=([swap]=272 [cold]=272 [zswap]=192 [zpool]=192 [zpool_pairs]=192
	[zpool_triples]=192 [zcache]=256)
declare -A vm_limit=([swap]=1100 [zswap]=400 [zcache]=1500 [tools]=1400)
# Cloud kernels have no zswap: which row of the table, beside the kernel's own. For
# w64.ko one is enough; zpools differ.
declare -A vm_flavour=([zswap]=-amd64 [zpool]=-amd64 [zpool_pairs]=-amd64 [zpool_triples]=-amd64)
# 6.1's cannot declare pages broken.
declare -A vm_only=([zswap]='ours 6.12' [broken]='ours 6.12' [zpool]='ours 6.*'
	[zpool_pairs]='ours 6.*' [zpool_triples]='ours 6.*')
declare -A vm_disk=([zswap]=400M [cold]=400M [zpool]=400M [zpool_pairs]=400M
	[zpool_triples]=400M [zcache]=400M)
# Blocks of memory that can go offline.
declare -A vm_dimm=([offline]=256 [broken]=256)
# 6.1 does not read an image back from swap that is in use.
may_skip=('6.1 cold.hibernate')
# Messages that its cases provoke.
declare -A vm_allow=([tiering]='does not have what was written|is not what was written'
	[cold]='oom-kill|Out of memory|invoked oom-killer')

kernels=()
only_core=()	# those of which make check runs the core set alone
filter=''
slow=1
list=''
core=''
intree=''
modules=ours

parse()
{
	local name

	zsm_parse "$@"
	zsm_no_args
	zsm_want_number slow
	for name in "${kernels[@]}"; do
		zsm_kernel_describe "$name"
	done
	[[ -z $intree ]] || modules=intree
	((!${#kernels[@]})) || return 0
	mapfile -t kernels < <(zsm_kernel_names full; zsm_kernel_names debug; zsm_kernel_names core)
	mapfile -t only_core < <(zsm_kernel_names core)
}

# --- what there is to run ----------------------------------------------------

# host_cases - each is a function host_CASE.
host_cases()
{
	local name

	[[ $modules == ours ]] || return 0
	for name in core lint fuzz tools pagegen ktap build_rules documents htmldocs; do
		! wanted host "$name" || echo "$name"
	done
}

# vms_of KERNEL
vms_of()
{
	if [[ -n $core || " ${only_core[*]} " == *" $1 "* ]]; then
		printf '%s\n' "${core_vms[@]}"
	else
		printf '%s\n' "${vms[@]}"
	fi
}

# vm_cases KERNEL VM - nothing if it is not one of the kernel's.
vm_cases()
{
	local name topics

	# shellcheck disable=SC2053 # a pattern
	[[ "$modules $1" == ${vm_only[$2]-*} ]] || return 0
	vms_of "$1" | grep -qx "$2" || return 0
	if [[ $2 == core ]]; then
		printf '%s\n' "${core_cases[@]}"
	else
		read -ra topics <<<"${vm_topics[$2]}"
		bash "$guest_dir/run.sh" --list "${topics[@]}"
	fi | while read -r name; do
		! wanted "$1" "$name" || echo "$name"
	done
}

# debug_cases - each is a function debug_CASE, and boots its own VM.
debug_cases()
{
	local name

	[[ $modules == ours ]] || return 0
	for name in kernel kunit faults stress_kinds; do
		! wanted debug "$name" || echo "$name"
	done
}

# kernel_cases KERNEL - all of them, but for what each VM's kernel log adds.
kernel_cases()
{
	local vm

	if [[ $1 == debug ]]; then
		debug_cases
	else
		if [[ $modules == ours ]] && wanted "$1" build; then
			echo build
		fi
		while read -r vm; do
			vm_cases "$1" "$vm"
		done < <(vms_of "$1")
	fi
	if [[ $modules == ours ]] && vms_of "$1" | grep -qx main && wanted "$1" stress; then
		echo stress
	fi
}

# foreign_groups - what setup.sh has to install besides for the kernels of this run.
foreign_groups()
{
	local name

	for name in "${kernels[@]}"; do
		zsm_kernel_describe "$name"
		[[ ${zsm_k[arch]} == amd64 ]] || echo "${zsm_k[arch]}"
	done | sort -u
}

# --- the host's and each kernel's ---------------------------------------------

host_core()
{
	"$scripts_dir/host-test.sh"
}

host_lint()
{
	"$scripts_dir/lint.sh"
}

host_fuzz()
{
	"$scripts_dir/fuzz.sh"
}

host_tools()
{
	make -s -C "$scripts_dir/../tools/zsmctl" check
}

host_pagegen()
{
	"$("$scripts_dir/tests/guest-programs.sh")"/pagegen_test
}

host_ktap()
{
	"$scripts_dir/tests/ktap.sh"
}

host_build_rules()
{
	"$scripts_dir/tests/build-rules.sh"
}

host_documents()
{
	"$scripts_dir/tests/documents.sh"
}

host_htmldocs()
{
	"$scripts_dir/htmldocs.sh"
}

# Builds the modules, and puts them into $logs/KERNEL.modules. It is a case of its own.
build_modules()
{
	local kernel=$1 log=$logs/$1.build.log

	if wanted "$kernel" build; then
		one_case "$kernel" build "$scripts_dir/build-modules.sh" "$kernel" || return 1
	else
		attached "$scripts_dir/build-modules.sh" "$kernel" >"$log" 2>&1 || return 1
	fi
	strip_modules "$kernel" "$(tail -n 1 "$log")" "$logs/$kernel.modules"
}

# strip_modules KERNEL BUILT DIR - copies what was built for it into a new directory.
strip_modules()
{
	local module

	mkdir "$3"
	for module in "$2"/*.ko; do
		zsm_kernel_strip "$1" "$module" "$3/${module##*/}"
	done
}

# run_cases KERNEL VM
run_cases()
{
	local kernel=$1 vm=$2 cases

	mapfile -t cases < <(vm_cases "$kernel" "$vm")
	run_vm "$kernel" "$vm" "${cases[@]}"
	rm -f "$logs/$kernel.$vm/disk"
}

kernel_stress()
{
	"$scripts_dir/stress.sh" --kernel "$1"
}

# The kernel is built where it has to be.
debug_kernel()
{
	zsm_kernel debug
}

debug_kunit()
{
	"$scripts_dir/kunit.sh" --results "$logs/debug.kunit"
}

debug_faults()
{
	"$scripts_dir/faults.sh" --results "$logs/debug.faults"
}

# Devices on pools of pairs and of triples; stress of classes is each kernel's.
debug_stress_kinds()
{
	"$scripts_dir/stress.sh" --kernel debug --seconds 40 --pool pairs,triples \
		--results "$logs/debug.stress_kinds"
}

boot()
{
	local kernel=$1 vm=$2 dir=$3 file programs pages built add=()
	local booted=$1 module_dir=$logs/$1.modules

	# Another kernel in place of one that is small; the others have what it takes.
	zsm_kernel_describe "$1"
	[[ ${zsm_k[flavour]} != cloud-* ]] || booted+=${vm_flavour[$2]-}
	zsm_kernel_describe "$booted"
	programs=$("$scripts_dir/tests/guest-programs.sh" --arch "${zsm_k[arch]}")
	pages=$("$scripts_dir/tests/collect-pages.sh" --print)
	for file in "$guest_dir"/*.sh "$programs"/*; do
		add+=(--add "$file")
	done
	if [[ $booted != "$kernel" ]]; then
		built=$("$scripts_dir/build-modules.sh" "$booted") || exit 2
		module_dir=$dir/modules
		strip_modules "$booted" "$built" "$module_dir"
	fi
	if [[ $modules == ours ]]; then
		for file in "$module_dir"/*.ko "$scripts_dir"/../tools/{zcachectl,initramfs/local-premount}; do
			add+=(--add "$file")
		done
	fi
	if [[ -n ${vm_disk[$vm]-} ]]; then
		truncate -s "${vm_disk[$vm]}" "$dir/disk"
		add+=(--disk "$dir/disk")
	fi
	[[ -z ${vm_allow[$vm]-} ]] || add+=(--allow "${vm_allow[$vm]}")
	if [[ $vm == tools ]]; then
		add+=(--add "$("$scripts_dir/tests/guest-tools.sh")")
	fi
	[[ -z ${vm_dimm[$vm]-} ]] || add+=(--dimm "${vm_dimm[$vm]}")
	exec "$scripts_dir/vm/run.sh" --kernel "$booted" --memory "${vm_memory[$vm]-512}" \
		--timeout $((${vm_limit[$vm]-800} * slow)) --results "$dir" "${add[@]}" --add "$pages=pages" \
		"$guest_dir/run.sh" --modules "$modules" --set CASE_LIMIT=$((400 * slow)) "${@:4}"
}

# --- in which order ------------------------------------------------------------

# What others wait for comes first, then what takes longest, and last what is soon over:
# so no processor is idle for long at the end. `stock' is each kernel of Debian's.
order=(debug/kernel stock/build stock/main debug/kunit host/fuzz stock/swap debug/stress
	host/core stock/stress stock/tiers stock/tiering stock/cold stock/offline stock/broken stock/core
	debug/faults debug/stress_kinds stock/zcache stock/tools stock/zswap stock/zpool stock/zpool_pairs
	stock/zpool_triples
	host/lint host/tools host/build_rules host/pagegen host/ktap host/documents host/htmldocs)

# job_cases WHERE JOB - what is wanted of it. Modules are built if anything is.
job_cases()
{
	case $1/$2 in
	host/*) host_cases | grep -x "$2" ;;
	debug/* | */stress) kernel_cases "$1" | grep -x "$2" ;;
	*/build) [[ $modules != ours ]] || kernel_cases "$1" ;;
	*) vm_cases "$1" "$2" ;;
	esac || true
}

# add_job WHERE JOB - if it is needed.
add_job()
{
	local after=- command

	[[ -n $(job_cases "$1" "$2") ]] || return 0
	case $1/$2 in
	host/*) command="one_case host $2 host_$2" ;;
	*/build) command="build_modules $1" ;;
	*/stress) command="one_case $1 stress kernel_stress $1" ;;
	debug/*) command="one_case debug $2 debug_$2" ;;
	*) command="run_cases $1 $2" ;;
	esac
	case $1/$2 in
	*/build | debug/kernel | host/*) ;;
	debug/*) after=debug/kernel ;;
	*) after=$1/build ;;
	esac
	[[ " ${jobs[*]%% *} " == *" $after "* ]] || after=-
	jobs+=("$1/$2 $after $command")
}

everything()
{
	local job kernel jobs=()

	for job in "${order[@]}"; do
		if [[ $job != stock/* ]]; then
			[[ $job != debug/* || " ${kernels[*]} " != *' debug '* ]] || add_job debug "${job#*/}"
			[[ $job != host/* ]] || add_job host "${job#*/}"
			continue
		fi
		for kernel in "${kernels[@]}"; do
			[[ $kernel == debug ]] || add_job "$kernel" "${job#*/}"
		done
	done
	# Hardly any of them keeps a processor busy all the time.
	run_jobs $(($(nproc) + 1)) "${jobs[@]}"
}

main()
{
	local foreign=()

	parse "$@"
	if [[ -n $list ]]; then
		list_all
		return
	fi
	[[ -n $(list_all) ]] || die "no case matches '$filter'"
	mapfile -t foreign < <(foreign_groups)
	"$scripts_dir/setup.sh" build vm host-test lint fuzz tools docs kernel "${foreign[@]}"
	report_on everything
}

main "$@"
