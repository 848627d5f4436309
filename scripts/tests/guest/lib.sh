# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of case.sh
#
# lib.sh - what test cases share. Sourced by case.sh, which sets `modules' to `ours',
# `intree' or `installed' (ours, as modprobe finds it), and `here' to the directory of
# the tests.
#
# A case is a function that returns if all is well. It loads the modules itself;
# what it mounted, swapped on, started or loaded is undone when it ends.

# The cases use these.
# shellcheck disable=SC2034,SC2154
corpus=$here/pages
scratch=$(mktemp -d /tmp/case.XXXXXX)

# --- saying what is wrong ----------------------------------------------------

fail()
{
	echo "FAIL: $*"
	exit 1
}

skip()
{
	echo "$*"
	exit 77
}

# equal WHAT GOT WANT
equal()
{
	[[ $2 == "$3" ]] || fail "$1 is '$2', should be '$3'"
}

# matches WHAT GOT REGEX
matches()
{
	[[ $2 =~ ^($3)$ ]] || fail "$1 is '$2', should match '$3'"
}

# between WHAT GOT LOW HIGH
between()
{
	(($2 >= $3 && $2 <= $4)) || fail "$1 is $2, should be $3 to $4"
}

# fails COMMAND... - the command must not succeed.
fails()
{
	! "$@" || fail "this should have failed: $*"
}

# eventually SECONDS COMMAND... - until it succeeds.
eventually()
{
	local end=$((SECONDS + $1))

	shift
	until "$@"; do
		((SECONDS < end)) || fail "still not so: $*"
		sleep 0.1
	done
}

show_state()
{
	local f

	echo "--- state at the failure (after clean-up)"
	lsmod | grep -E 'zsm|zram' || true
	for f in /sys/block/zram*/{disksize,comp_algorithm,mm_stat,io_stat}; do
		[[ ! -e $f ]] || echo "$f: $(cat "$f")"
	done
	dmesg | tail -n 8
}

# --- modules -----------------------------------------------------------------

# shellcheck source=scripts/vm/guest/codecs.sh
. /payload/.vm/codecs.sh

# They stay loaded when the case ends.
load_libraries()
{
	[[ ! -e /tmp/libraries_loaded ]] || return 0
	load_codec_libraries
	: >/tmp/libraries_loaded
}

# load [PARAMETER=VALUE]...
load()
{
	if [[ $modules != ours ]]; then
		modprobe zram "$@"
	else
		load_libraries
		insmod "$here/zsm.ko"
		insmod "$here/zram.ko" "$@"
	fi
}

unload()
{
	if [[ $modules != ours ]]; then
		# With what it brought along, and the libraries that others have loaded.
		modprobe -r zram
		rm -f /tmp/libraries_loaded
	else
		rmmod zram
		rmmod zsm
	fi
}

is_loaded()
{
	[[ -e /sys/module/zram ]]
}

# --- devices -----------------------------------------------------------------

# stat_of N FIELD - a number from mm_stat of /dev/zramN.
stat_of()
{
	local fields=(orig compressed used limit max same compacted huge huge_since) i values

	read -ra values <"/sys/block/zram$1/mm_stat"
	for i in "${!fields[@]}"; do
		[[ ${fields[i]} != "$2" ]] || printf '%s\n' "${values[i]}"
	done
}

# set_up N ALGORITHM SIZE
set_up()
{
	[[ -z $2 ]] || echo "$2" >"/sys/block/zram$1/comp_algorithm"
	echo "$3" >"/sys/block/zram$1/disksize"
}

# add_device - prints the number of a new device.
add_device()
{
	cat /sys/class/zram-control/hot_add
}

remove_device()
{
	echo "$1" >/sys/class/zram-control/hot_remove
}

reset_device()
{
	echo 1 >"/sys/block/zram$1/reset"
}

# shellcheck disable=SC2034 # the cases use it
page_size=$(awk '$1 == "KernelPageSize:" { print $2 * 1024; exit }' /proc/self/smaps)

# --- knobs -------------------------------------------------------------------

# raw [OPTION]... write|check DEVICE FIRST COUNT - see rawio.c
raw()
{
	echo "rawio $*"
	"$here/rawio" "$@"
}

# write_knob FILE TEXT - prints ok or the name of the error.
write_knob()
{
	"$here/knob" "$1" "$2"
}

# accepts FILE TEXT
accepts()
{
	equal "writing '$2' to $1" "$(write_knob "$1" "$2")" ok
}

# rejects ERROR FILE TEXT
rejects()
{
	equal "writing '${3:0:40}' to $2" "$(write_knob "$2" "$3")" "$1"
}

# rejects_all WATCHED ERRORS FILE TEXT... - ERRORS is a regular expression; the file
# WATCHED must read the same afterwards.
rejects_all()
{
	local watched=$1 errors=$2 file=$3 before text

	shift 3
	before=$(<"$watched")
	for text; do
		matches "writing '${text:0:40}' to $file" "$(write_knob "$file" "$text")" "$errors"
	done
	equal "$watched" "$(<"$watched")" "$before"
}

# repeated TEXT N
repeated()
{
	local s

	printf -v s '%*s' "$2" ''
	printf '%s' "${s// /$1}"
}

# --- memory ------------------------------------------------------------------

# meminfo FIELD - in kB
meminfo()
{
	awk -v f="$1:" '$1 == f { print $2 }' /proc/meminfo
}

drop_caches()
{
	sync
	echo 3 >/proc/sys/vm/drop_caches
}

# --- swap --------------------------------------------------------------------

swap_on()
{
	mkswap "$1" >/dev/null
	swapon "$1"
}

# swapper_held MB OPTION... - runs swapper in the background until it has filled its
# memory, and keeps it there. Sets swapper to its process.
swapper_held()
{
	mkfifo "$scratch/hold"
	exec 9<>"$scratch/hold"
	"$here/swapper" --mb "$1" --hold-filled "$scratch/hold" "${@:2}" "$corpus" >"$scratch/swapper" 9>&- &
	swapper=$!
	background+=("$swapper")
	until grep -q '^@hold' "$scratch/swapper"; do
		kill -0 "$swapper" || fail "swapper ended: $(<"$scratch/swapper")"
		sleep 0.1
	done
}

# Lets it go on and verify its pages.
swapper_finish()
{
	exec 9>&-
	wait "$swapper" || fail "swapper: $(<"$scratch/swapper")"
}

# --- clean-up ----------------------------------------------------------------

background=()	# processes that end with the case

mounts_of_zram()
{
	awk '$1 ~ "^/dev/(zram|mapper/)" { print $2 }' /proc/mounts
}

# Undoes all that a case may have left. Fails if the modules cannot be removed.
clean_up()
{
	local m pid status=0

	exec 9>&-
	for pid in "${background[@]}"; do
		kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null
	done
	[[ ! -e /sys/devices/system/cpu/cpu1/online ]] || echo 1 >/sys/devices/system/cpu/cpu1/online
	while read -r m; do
		umount "$m" || status=1
	done < <(mounts_of_zram)
	while read -r m; do
		swapoff "$m" || status=1
	done < <(awk '$1 ~ "^/dev/" { print $1 }' /proc/swaps)
	if [[ -e /sys/module/zsm_zpool ]]; then
		echo N >/sys/module/zswap/parameters/enabled
		echo zbud >/sys/module/zswap/parameters/zpool
		rmmod zsm_zpool zsm 2>/dev/null || true
	fi
	if [[ -e /sys/module/dm_zcache ]]; then
		dmsetup remove_all --noudevsync || status=1
		rmmod dm_zcache zsm || status=1
	fi
	if is_loaded; then
		unload || status=1
	fi
	losetup -D 2>/dev/null
	if [[ -d /sys/kernel/config/nullb/backing ]]; then
		rmdir /sys/kernel/config/nullb/backing
		modprobe -r null_blk
	fi
	rm -rf "$scratch"
	((!status)) || echo "FAIL: could not clean up"
	return "$status"
}
