#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# setup.sh - install the Debian packages that a group of tasks needs.
#
# usage: scripts/setup.sh [GROUP...]
#
#   build      compile the modules, and fetch kernels to compile against
#   vm         boot kernels under QEMU
#   arm64      boot those of arm64, too
#   host-test  build and run the tests of core/ in user space
#   lint       look at the sources
#   kernel     build a kernel from source
#   bench      collect pages of programs, measure, and draw what was measured
#   fuzz       fuzz core/
#   ecosystem  make a Debian system to test the package and the clients of zram in
#   deb        build the Debian packages, and check their manual pages
#   tools      build zsmctl, and test it
#   docs       make a web site of the documents
#
# Without a GROUP, the first three. Says nothing and calls no apt when nothing is
# missing. As root it installs what is; as anyone else it prints the command
# that would, and fails.

# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# What releases call differently, or do not have: where there is no clang 14, that of
# bookworm is fetched when it is used (lib/tools.sh).
if [[ $(zsm_codename) == bookworm ]]; then
	libraries=(libelf1 libssl3)
	clang_tools=(clang-format-14 clang-tidy-14)
	clang=(clang-14 libclang-rt-14-dev libstdc++-12-dev)
	java=openjdk-17-jdk-headless
else
	libraries=(libelf1t64 libssl3t64)
	clang_tools=()
	clang=()
	java=default-jdk-headless
fi

# gcc-12 is what the headers of Debian 12's kernels ask for; the libraries are what their
# objtool, modpost and sign-file are linked with, and pahole writes the BTF of modules.
group_build=(make gcc-12 g++-12 gcc g++ binutils bc libc6-dev "${libraries[@]}" zlib1g pahole kmod
	     xz-utils cpio gawk ca-certificates util-linux)
group_vm=(qemu-system-x86 e2fsprogs cpio kmod xz-utils zstd binutils)
group_arm64=(qemu-system-arm qemu-user-static)
group_kernel=(make gcc g++ flex bison bc xz-utils libelf-dev libc6-dev perl kmod)
group_host_test=(make g++-12 g++ libgtest-dev mandoc python3 g++-aarch64-linux-gnu qemu-user-static)
group_lint=(sparse shellcheck perl "${clang_tools[@]}")
group_fuzz=("${clang[@]}")
group_ecosystem=(mmdebstrap e2fsprogs util-linux zstd xz-utils perl)
group_tools=(make g++ libcli11-dev libfmt-dev nlohmann-json3-dev libgtest-dev libncurses-dev
	     liblz4-dev libzstd-dev liblzo2-dev zlib1g-dev python3 python3-prometheus-client
	     tmux util-linux binutils)
group_docs=(python3-sphinx mandoc)
group_deb=(debhelper dh-dkms dpkg-dev gcc lintian mandoc "${group_tools[@]}")
# The programs whose memory is measured, lz4 to compare with, and what draws.
group_bench=(gcc g++ binutils liblz4-dev libzstd-dev python3 nodejs perl "$java" sqlite3
	     redis-server redis-tools)

# missing PACKAGE... - prints those that are not installed.
missing()
{
	local installed p

	installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null |
		sed -n 's/^installed //p') || true
	for p; do
		grep -qxF -- "$p" <<<"$installed" || printf '%s\n' "$p"
	done
}

# Lists first: those of a fresh machine are empty, those of an old one name
# packages that are no longer served.
install_packages()
{
	export DEBIAN_FRONTEND=noninteractive

	zsm_progress "updating package lists"
	apt-get -qq update >/dev/null 2>&1 || log "some package lists could not be updated"
	zsm_progress "installing $*"
	zsm_quietly apt-get -qq -y --no-install-recommends -o DPkg::Lock::Timeout=300 \
		-o Dpkg::Use-Pty=0 -o Acquire::Retries=2 install "$@" ||
		die "could not install: $*"
	zsm_progress_end
}

main()
{
	local groups wanted=() absent

	zsm_parse "$@"
	groups=("${zsm_args[@]}")
	((${#groups[@]})) || groups=(build vm host-test)
	for g in "${groups[@]}"; do
		case $g in
		build) wanted+=("${group_build[@]}") ;;
		vm) wanted+=("${group_vm[@]}") ;;
		arm64) wanted+=("${group_arm64[@]}") ;;
		kernel) wanted+=("${group_kernel[@]}") ;;
		bench) wanted+=("${group_bench[@]}") ;;
		host-test) wanted+=("${group_host_test[@]}") ;;
		lint) wanted+=("${group_lint[@]}") ;;
		ecosystem) wanted+=("${group_ecosystem[@]}") ;;
		tools) wanted+=("${group_tools[@]}") ;;
		docs) wanted+=("${group_docs[@]}") ;;
		deb) wanted+=("${group_deb[@]}") ;;
		fuzz) wanted+=("${group_fuzz[@]}") ;;
		*) die -2 "unknown group $g; see --help" ;;
		esac
	done
	mapfile -t absent < <(missing "${wanted[@]}" | sort -u)
	((${#absent[@]})) || return 0
	((EUID == 0)) || die "packages are missing; as root, run:
apt-get update && apt-get install -y --no-install-recommends ${absent[*]}"
	install_packages "${absent[@]}"
}

main "$@"
