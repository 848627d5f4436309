#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# guest-programs.sh - build the programs that tests run in a VM.
#
# usage: scripts/tests/guest-programs.sh [--arch ARCH]
#
#   --arch ARCH  of the VM: amd64, or arm64, whose compiler is fetched
#
# They are static, so that they run in any root file system. Prints the directory
# in the cache that holds them.

# Functions are called through zsm_publish.
# shellcheck disable=SC2317
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

here=$(realpath "${BASH_SOURCE[0]%/*}")/guest

arch=amd64
flags=(-std=gnu11 -O2 -Wall -Wextra -Werror -static -pthread)

# Each program, and what it consists of besides its own source.
declare -A parts=(
	[swapper]='swapper_work.c pagegen.c corpus.c'
	[rawio]=pagegen.c
	[edges]=pagegen.c
	[density]=pagegen.c
	[pagegen_test]=pagegen.c
	[hothog]='ticker.c pagegen.c corpus.c'
	[knob]=''
	[zcache_stress]=''
	[stress]='stress_blocks.c stress_devices.c stress_memory.c stress_tiers.c pagegen.c'
	[faults]='faults_nth.c faults_rate.c pagegen.c'
)

# compiler ARGUMENT... - that of the VM's architecture.
compiler()
{
	case $arch in
	amd64) cc "$@" ;;
	arm64) zsm_with_tools "$tools" aarch64-linux-gnu-gcc "$@" ;;
	esac
}

build_programs()
{
	local dir=$1 program extra

	for program in "${!parts[@]}"; do
		read -ra extra <<<"${parts[$program]}"
		(cd "$here" && compiler "${flags[@]}" -o "$dir/$program" "$program.c" "${extra[@]}")
	done
}

main()
{
	local key dir tools=''

	zsm_parse "$@"
	zsm_no_args
	zsm_need build cc
	[[ $arch == amd64 ]] || tools=$(zsm_tools "$(zsm_codename)" "$arch")
	key=$({
		cat "$here"/*.[ch]
		declare -p flags parts
		compiler --version
	} | sha256sum | cut -c1-16)
	dir=$zsm_cache/guest-programs/$key
	zsm_publish "$dir" build_programs
	printf '%s\n' "$dir"
}

main "$@"
