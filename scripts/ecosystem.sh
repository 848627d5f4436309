#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# ecosystem.sh - run the clients of zram, unmodified, on a real Debian with our package.
#
# usage: scripts/ecosystem.sh [OPTION]...
#
#   --release R     of Debian, bookworm or trixie (the machine's own)
#   --kernel K      only with this kernel, of those of the release: 6.1 and 6.12, or
#                   6.12-trixie and newest (may be given twice)
#   --filter REGEX  only cases whose name matches; a name is `host CASE' or
#                   `K TOPIC.CASE', as --list shows them
#   --list          list the cases and stop
#   --intree        without our package: what the kernel's own zram does. What it is
#                   known to fail is in scripts/tests/README.md
#
# Builds the package, installs it into a Debian with systemd (as the package's cases),
# boots that with each kernel, and runs what people use zram with: the
# services that set up swap, zramctl, file systems, the kernel's self-tests, fio,
# stress-ng. A second VM of each kernel has zsmctl set swap up for good, and is rebooted
# to see that. LTP is not among them, as Debian has no package of it.
#
# Takes some ten minutes, needs root and 3 GB in the cache. Each case is shown when it
# is done; the last line is `N passed, N failed', and the exit status 0 only if nothing
# failed.

# Functions are called through attached, traps and zsm_exit_hook.
# shellcheck disable=SC2317
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/tests/report.sh
. "$(dirname "${BASH_SOURCE[0]}")/tests/report.sh"

# shellcheck source=scripts/ecosystem/release.sh
. "$(dirname "${BASH_SOURCE[0]}")/ecosystem/release.sh"

scripts_dir=$(realpath "${BASH_SOURCE[0]%/*}")
own_dir=$scripts_dir/ecosystem
guest_dir=$scripts_dir/tests/guest

topics=(clients filesystems suites)
stages=setup	# a topic whose cases are told apart by reboots: all of them run, or none
memory=1024
limit=1500	# seconds

release=''
kernels=()
filter=''
list=''
intree=''
modules=installed

parse()
{
	local name

	zsm_parse "$@"
	zsm_no_args
	choose_release "$release"
	for name in "${kernels[@]}"; do
		[[ " ${kernels_of_release[*]} " == *" $name "* ]] ||
			usage_error "no kernel $name in $release; there are ${kernels_of_release[*]}"
	done
	[[ -z $intree ]] || modules=intree
	((${#kernels[@]})) || kernels=("${kernels_of_release[@]}")
}

# --- what there is to run ----------------------------------------------------

# Those of the host: the documents by the kernel's own script, and the package's.
host_cases()
{
	local name

	[[ $modules == installed ]] || return 0
	{
		printf 'documents\ndeb\n'
		"$own_dir/image.sh" --list
	} | while read -r name; do
		! wanted host "$name" || echo "$name"
	done
}

# cases_of TOPIC...
cases_of()
{
	local topic

	for topic; do
		sed -nE "s/^test_([a-z0-9_]+)\(\)\$/$topic.\1/p" "$own_dir/guest/$topic.sh"
	done
}

# kernel_cases KERNEL
kernel_cases()
{
	vm_cases "$1"
	stage_cases "$1"
}

vm_cases()
{
	local name

	cases_of "${topics[@]}" | while read -r name; do
		! wanted "$1" "$name" || echo "$name"
	done
}

stage_cases()
{
	local name names

	[[ $modules == installed ]] || return 0
	names=$(cases_of "$stages")
	for name in $names; do
		! wanted "$1" "$name" || {
			echo "$names"
			break
		}
	done
}

# --- the package, then both kernels -------------------------------------------

host_documents()
{
	"$scripts_dir/tests/documents.sh" "$("$own_dir/kernel-tests.sh")/get_abi.pl"
}

# Twice, with nothing different between the two.
host_deb()
{
	local debs sum

	debs=$("$scripts_dir/deb.sh") || return
	sum=$(xargs sha256sum <<<"$debs")
	(umask 077 && "$scripts_dir/deb.sh") || return
	[[ $(xargs sha256sum <<<"$debs") == "$sum" ]] || die "the second packages are not the same"
	mv "$(sed -n 1p <<<"$debs")" "$logs/package.deb"
	mv "$(sed -n 2p <<<"$debs")" "$logs/tools.deb"
}

# Makes the system, with our package in it or without. Sets image, unless a case of the
# package fails.
make_image()
{
	local dir=$logs/host what=("$logs"/{package,tools}.deb)

	[[ $modules == installed ]] || what=(--intree)
	image=''
	mkdir "$dir"
	mkfifo "$dir/pipe"
	"$own_dir/image.sh" --release "$release" "${what[@]}" >"$dir/pipe" 2>"$dir/image.log" &
	child=$!
	tee "$dir/image.out" <"$dir/pipe" | translate host "$dir" | only_wanted
	wait "$child" || true
	child=''
	image=$(sed -n 's/^@image //p' "$dir/image.out")
}

# Those that the filter leaves out are run all the same: the VMs need what they make.
only_wanted()
{
	local word where name rest

	while read -r word where name rest; do
		! wanted "$where" "$name" || echo "$word $where $name $rest"
	done
}

everything()
{
	local image kernel parts=()

	trap end_pipeline TERM
	if [[ $modules == installed ]]; then
		! wanted host documents || one_case host documents host_documents || true
		one_case host deb host_deb > >(only_wanted) || true
		[[ -e $logs/package.deb ]] || return 0
	fi
	make_image
	[[ -n $image ]] || return 0
	for kernel in "${kernels[@]}"; do
		parts+=("kernel_pipeline $kernel")
	done
	run_pipelines "${parts[@]}"
}

kernel_pipeline()
{
	local kernel=$1 cases

	trap end_pipeline TERM
	mapfile -t cases < <(vm_cases "$kernel")
	((!${#cases[@]})) || run_vm "$kernel" clients "${cases[@]}"
	mapfile -t cases < <(stage_cases "$kernel")
	((!${#cases[@]})) || run_vm "$kernel" "$stages" "${cases[@]}"
}

# boot KERNEL VM DIR CASE...
boot()
{
	local kernel=$1 dir=$3 file add=() script=$guest_dir/run.sh

	if [[ $2 == "$stages" ]]; then
		script=$own_dir/guest/stages.sh
		add=(--reboots)
	else
		add=(--add "$("$own_dir/kernel-tests.sh")/zram=selftests")
	fi
	for file in "$guest_dir"/{run,case,lib}.sh "$own_dir/guest"/*.sh; do
		add+=(--add "$file")
	done
	exec "$scripts_dir/vm/run.sh" --kernel "$kernel" --system "$image" --memory "$memory" \
		--timeout "$limit" --results "$dir" "${add[@]}" \
		"$script" --modules "$modules" "${@:4}"
}

main()
{
	parse "$@"
	if [[ -n $list ]]; then
		list_all
		return
	fi
	[[ -n $(list_all) ]] || die "no case matches '$filter'"
	"$scripts_dir/setup.sh" build vm host-test deb ecosystem
	report_on everything
}

main "$@"
