# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# lib.sh - what every script here shares. Sourced, never run:
#
#	. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
#
# Messages go to stderr, so that stdout carries results only. Progress is shown
# on a terminal and nowhere else. Everything that is fetched or built for tests
# lives under one cache directory, and gets there whole or not at all.

set -euo pipefail
shopt -s inherit_errexit

# mke2fs, depmod and friends are not on an ordinary user's PATH.
PATH=$PATH:/usr/sbin:/sbin

zsm_prog=${0##*/}
zsm_cache=${ZSM_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/zsm}
case $zsm_cache in
/*) ;;
*) zsm_cache=$PWD/$zsm_cache ;;
esac

# --- messages ----------------------------------------------------------------

zsm_progress_shown=

# Replaces the progress line; silent unless stderr is a terminal.
zsm_progress()
{
	[[ -t 2 ]] || return 0
	printf '\r\033[K%s: %s' "$zsm_prog" "$*" >&2
	zsm_progress_shown=1
}

zsm_progress_end()
{
	[[ -n $zsm_progress_shown ]] || return 0
	printf '\r\033[K' >&2
	zsm_progress_shown=
}

# zsm_follow PREFIX [FILE] - shows lines of stdin that begin with `@' as progress, without that
# and behind PREFIX, and adds them to FILE; the others go to stderr.
zsm_follow()
{
	local line

	while IFS= read -r line; do
		if [[ $line == @* ]]; then
			[[ -z ${2-} ]] || printf '%s\n' "${line:1}" >>"$2"
			zsm_progress "$1${line:1}"
		else
			printf '%s\n' "$line" >&2
		fi
	done
	zsm_progress_end
}

log()
{
	zsm_progress_end
	printf '%s: %s\n' "$zsm_prog" "$*" >&2
}

# die [-STATUS] MESSAGE...
die()
{
	local status=1

	if [[ ${1-} =~ ^-[0-9]+$ ]]; then
		status=${1#-}
		shift
	fi
	log "$*"
	exit "$status"
}

# Prints the comment block at the top of the script: its manual page.
zsm_usage()
{
	awk 'NR <= 2 { next } !/^#/ { exit } { sub(/^# ?/, ""); print }' "$0"
}

# What a script ends with if its command line is wrong.
zsm_usage_status=2

usage_error()
{
	die "-$zsm_usage_status" "$*; see --help"
}

# zsm_need GROUP COMMAND... - dies with the name of the set-up group that provides them.
zsm_need()
{
	local group=$1 cmd

	shift
	for cmd; do
		command -v "$cmd" >/dev/null ||
			die "$cmd is missing; run scripts/setup.sh $group"
	done
}

# Runs a command quietly; its output is shown only if it fails.
zsm_quietly()
{
	local out status=0

	out=$("$@" 2>&1) || status=$?
	if ((status)); then
		log "failed with status $status: $*"
		printf '%s\n' "$out" >&2
	fi
	return "$status"
}

# --- clean-up ----------------------------------------------------------------

zsm_doomed=()		# files and directories to remove at exit
zsm_exit_hook=:		# a script may name a function to run first

zsm_cleanup()
{
	local status=$?

	trap '' INT TERM HUP
	zsm_progress_end
	"$zsm_exit_hook" || true
	if ((${#zsm_doomed[@]})); then
		rm -rf -- "${zsm_doomed[@]}"
	fi
	exit "$status"
}

trap zsm_cleanup EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# zsm_tmpdir VAR - a fresh directory, removed when the script ends.
zsm_tmpdir()
{
	local dir

	dir=$(mktemp -d "${TMPDIR:-/tmp}/zsm.XXXXXXXX")
	zsm_doomed+=("$dir")
	printf -v "$1" %s "$dir"
}

# zsm_fetch_dir VAR PARENT - the same in PARENT, for what may be large. The caller
# holds a lock, so what a killed run left there can go.
zsm_fetch_dir()
{
	local dir

	rm -rf -- "$2"/fetch.*
	dir=$(mktemp -d "$2/fetch.XXXXXX")
	zsm_doomed+=("$dir")
	printf -v "$1" %s "$dir"
}

# --- the cache ---------------------------------------------------------------

# zsm_publish DEST FUNCTION [ARG...]
#
# Unless DEST is there, runs FUNCTION TEMP ARG... with TEMP an empty directory
# beside DEST, and renames TEMP to DEST when it succeeds. Of several callers at
# once one builds and the others wait for it. An interrupted build leaves
# nothing that could be mistaken for a finished one, and the next one clears it.
#
# Call it as a plain command: inside a condition bash would ignore errors in
# FUNCTION.
zsm_publish()
{
	local dest=$1 fn=$2 tmp lock

	shift 2
	[[ ! -e $dest ]] || return 0
	mkdir -p "${dest%/*}"
	exec {lock}>"$dest.lock"
	zsm_lock "$lock" "${dest##*/}"
	if [[ ! -e $dest ]]; then
		rm -rf -- "$dest".tmp.*
		tmp=$(mktemp -d "$dest.tmp.XXXXXX")
		zsm_doomed+=("$tmp")
		chmod 755 "$tmp"
		"$fn" "$tmp" "$@"
		mv -T -- "$tmp" "$dest"
	fi
	exec {lock}>&-
}

# zsm_lock FD NAME - takes the lock, saying so on a terminal if it must wait.
zsm_lock()
{
	flock -n "$1" && return 0
	zsm_progress "waiting for another run that is making $2"
	flock "$1"
}

# --- the modules' source ------------------------------------------------------

# zsm_module_sources TOP - prints what the modules are built from, relative to TOP.
zsm_module_sources()
{
	(cd "$1" && find . \( -name .git -o -path ./build -o -path ./scripts -o -path ./kunit -o -path ./tools \
		-o -path ./Documentation -o -path ./core/tests -o -path ./core/bench \) -prune -o \
		-type f \( -name '*.[ch]' -o -name '*.def' -o -name '*.hh' -o -name '*.cc' -o -name Kbuild \) \
		! -name '*.mod.c' -print | sed 's,^\./,,' && echo scripts/check-core-object.sh)
}

# --- file system images ------------------------------------------------------

# zsm_mkext4 DIR IMAGE FREE_MB - an image with what is in DIR and room for more.
zsm_mkext4()
{
	local dir=$1 image=$2 free=$3 kb files

	kb=$(du -sk "$dir" | cut -f1)
	files=$(find "$dir" | wc -l)
	# A block for each file's tail, an inode of 256 bytes, the bitmaps.
	kb=$((kb + kb / 50 + files + free * 1024 + 1024))
	rm -f "$image"
	zsm_quietly mke2fs -q -F -t ext4 -b 4096 -I 256 -m 0 -N $((files + 64 + free * 8)) \
		-O ^has_journal,^resize_inode -E root_owner=0:0,lazy_itable_init=1,nodiscard \
		-d "$dir" "$image" "${kb}k"
}

# shellcheck source=scripts/lib/options.sh
. "${BASH_SOURCE[0]%/*}/lib/options.sh"
# shellcheck source=scripts/lib/apt.sh
. "${BASH_SOURCE[0]%/*}/lib/apt.sh"
# shellcheck source=scripts/lib/tools.sh
. "${BASH_SOURCE[0]%/*}/lib/tools.sh"
# shellcheck source=scripts/lib/kernels.sh
. "${BASH_SOURCE[0]%/*}/lib/kernels.sh"
