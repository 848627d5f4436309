# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of lib.sh
#
# lib_zsmctl.sh - to call zsmctl, and see what it says and does.

zsmctl=$here/zsmctl

# ends STATUS ARGUMENT... - what it prints is in $scratch/out and $scratch/err.
ends()
{
	local want=$1 status=0

	shift
	"$zsmctl" "$@" >"$scratch/out" 2>"$scratch/err" || status=$?
	cat "$scratch/out" "$scratch/err"
	equal "how zsmctl $* ended" "$status" "$want"
}

# says FILE TEXT... - broken into lines or not.
says()
{
	local said text

	said=$(tr -s ' \n' '  ' <"$scratch/$1")
	shift
	for text; do
		[[ $said == *"$text"* ]] || fail "it does not say '$text'"
	done
}

# swap_of_zram - the lines of /proc/swaps, with single blanks.
swap_of_zram()
{
	grep '^/dev/zram' /proc/swaps | tr -s ' \t' ' ' || true
}

# stand_in PROGRAM COMMANDS - in $scratch/bin, which can be put before PATH.
stand_in()
{
	mkdir -p "$scratch/bin"
	printf '#!/bin/sh\n%s\n' "$2" >"$scratch/bin/$1"
	chmod +x "$scratch/bin/$1"
}

# metric NAME - of zram0, as --prometheus has it.
metric()
{
	"$zsmctl" status --prometheus | sed -n "s/^zsm_device_$1{device=\"zram0\".*} //p"
}
