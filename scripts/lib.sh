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

# --- apt, without root and without touching the system's state ----------------
#
# Packages for tests are fetched with the system's sources and keyrings but with
# lists, status and caches of our own. A set of lists is a directory that never
# changes once it is there, so that readers need no lock; `current' names the
# newest.

zsm_apt_dir=$zsm_cache/apt
zsm_apt_gen=
zsm_apt_log=
zsm_apt_opts=()
zsm_apt_max_age=${ZSM_APT_MAX_AGE:-21600}	# seconds until lists are stale

# zsm_apt_set_opts GENERATION - sets zsm_apt_opts, the options of every apt call.
zsm_apt_set_opts()
{
	local gen=$1

	zsm_apt_opts=(
		-qq
		-o "Dir::State=$gen"
		-o "Dir::State::lists=$gen/lists"
		-o "Dir::State::status=$gen/status"
		-o "Dir::State::extended_states=$gen/extended_states"
		-o "Dir::Cache=$gen/cache"
		-o "Dir::Cache::archives=$gen/cache/archives"
		-o Dir::Cache::pkgcache=pkgcache.bin
		-o Dir::Cache::srcpkgcache=srcpkgcache.bin
		-o Acquire::Languages=none
		-o Acquire::Retries=2
		-o APT::Sandbox::User=root
		-o APT::Install-Recommends=false
		-o APT::Get::Assume-Yes=true
	)
}

# The generation in use, if there is one that is young enough.
zsm_apt_fresh()
{
	local now made

	[[ -e $zsm_apt_dir/current/made ]] || return 1
	made=$(<"$zsm_apt_dir/current/made")
	printf -v now '%(%s)T' -1
	((now - made < zsm_apt_max_age))
}

# Builds a generation in $1. The system's lists, where readable, spare a
# download of what has not changed.
zsm_apt_make_lists()
{
	local dir=$1

	mkdir -p "$dir/lists/partial" "$dir/cache/archives/partial"
	: >"$dir/status"
	if [[ -e $zsm_apt_dir/current/lists ]]; then
		cp -p "$zsm_apt_dir"/current/lists/*Packages* "$zsm_apt_dir"/current/lists/*Release \
			"$dir/lists/" 2>/dev/null || true
	else
		cp -p /var/lib/apt/lists/*Packages* /var/lib/apt/lists/*Release \
			"$dir/lists/" 2>/dev/null || true
	fi
	zsm_apt_set_opts "$dir"
	zsm_progress "fetching package lists"
	# A source that does not answer is no matter as long as others do;
	# whoever looks for a package will say what is missing.
	apt-get "${zsm_apt_opts[@]}" update >"$dir/update.log" 2>&1 ||
		log "some package lists could not be fetched: $(grep -m1 '^E:' "$dir/update.log" || true)"
	[[ -n $(find "$dir/lists" -name '*Packages*' -print -quit) ]] || {
		cat "$dir/update.log" >&2
		log "no package lists could be fetched"
		return 1
	}
	printf '%(%s)T\n' -1 >"$dir/made"
}

# zsm_apt_lists [--refresh GEN] - makes sure of lists, and sets zsm_apt_gen and
# zsm_apt_opts. With --refresh, lists newer than generation GEN. Returns 1 if
# there are none to be had.
zsm_apt_lists()
{
	local lock old=

	[[ ${1-} != --refresh ]] || old=$2
	mkdir -p "$zsm_apt_dir"
	if ! zsm_apt_fresh || [[ $(readlink "$zsm_apt_dir/current") == "$old" ]]; then
		exec {lock}>"$zsm_apt_dir/lock"
		zsm_lock "$lock" "package lists"
		if ! zsm_apt_fresh || [[ $(readlink "$zsm_apt_dir/current") == "$old" ]]; then
			zsm_apt_new_generation || return 1
		fi
		exec {lock}>&-
	fi
	zsm_apt_gen=$(readlink "$zsm_apt_dir/current")
	zsm_apt_set_opts "$zsm_apt_dir/$zsm_apt_gen"
}

# With the lock held: makes a generation and moves `current' to it. The one
# before stays, as another run may be reading it.
zsm_apt_new_generation()
{
	local tmp gen old

	rm -rf -- "$zsm_apt_dir"/tmp.*
	tmp=$(mktemp -d "$zsm_apt_dir/tmp.XXXXXX")
	zsm_doomed+=("$tmp")
	zsm_apt_make_lists "$tmp" || return 1
	gen=lists-$(<"$tmp/made")-$$
	mv -T -- "$tmp" "$zsm_apt_dir/$gen"
	old=$(readlink "$zsm_apt_dir/current" || true)
	ln -sfn "$gen" "$zsm_apt_dir/current.new"
	mv -T -- "$zsm_apt_dir/current.new" "$zsm_apt_dir/current"
	for tmp in "$zsm_apt_dir"/lists-*; do
		case ${tmp##*/} in
		"$gen" | "$old") ;;
		*) rm -rf -- "$tmp" ;;
		esac
	done
}

# zsm_apt_field PACKAGE FIELD - of the candidate version.
zsm_apt_field()
{
	apt-cache "${zsm_apt_opts[@]}" show --no-all-versions "$1" |
		sed -n "s/^$2: //p" | head -n 1
}

# zsm_apt_download DIR PACKAGE... - fetches packages into DIR, without installing
# them; apt checks signatures and sums. On failure zsm_apt_log says why.
zsm_apt_download()
{
	local dir=$1

	shift
	# shellcheck disable=SC2034 # callers print it
	zsm_apt_log=$dir/apt.log
	(cd "$dir" && apt-get "${zsm_apt_opts[@]}" download "$@" >apt.log 2>&1)
}

# --- the modules' source ------------------------------------------------------

# zsm_module_sources TOP - prints what the modules are built from, relative to TOP.
zsm_module_sources()
{
	(cd "$1" && find . \( -name .git -o -path ./build -o -path ./scripts -o -path ./kunit \
		-o -path ./Documentation -o -path ./core/tests -o -path ./core/bench \) -prune -o \
		-type f \( -name '*.[ch]' -o -name '*.hh' -o -name '*.cc' -o -name Kbuild \) \
		! -name '*.mod.c' -print | sed 's,^\./,,' && echo scripts/check-core-object.sh)
}

# --- kernels -------------------------------------------------------------------

# zsm_kernel NAME [FLAVOUR] - prints the directory of a kernel, fetched or built if
# need be: 6.1 and 6.12 are Debian's own, debug and kcsan look for bugs.
zsm_kernel()
{
	local dir=${BASH_SOURCE[0]%/*}/kernel

	case $1 in
	debug | kcsan) "$dir/debug.sh" "$1" ;;
	*) "$dir/debian.sh" "$@" ;;
	esac
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
