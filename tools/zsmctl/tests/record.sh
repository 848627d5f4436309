#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# record.sh - print what zsmctl reads of this machine, as one text.
#
# usage: record.sh [TITLE] >trees/NAME.tree
#
# The text has a line for each file, its path from the root, and below that the file's
# own lines, each behind a tab. tests/play.py makes a folder of it, to be given to
# zsmctl as --root. Run it as root, or debugfs is not in it.

# These print nothing that zsmctl does not ask for.
meminfo='^(MemTotal|MemFree|MemAvailable|SwapTotal|SwapFree|Zswap|Zswapped):'
vmstat='^(pswpin|pswpout|pgmajfault|allocstall|zswpin|zswpout|zswpwb)'

record()
{
	local text

	text=$(cat "$1" 2>/dev/null) || return 0
	printf '%s\n' "$1"
	[[ -z $text ]] || printf '%s\n' "$text" | sed 's/^/\t/'
}

filtered()
{
	printf '%s\n' "$2"
	grep -E "$1" "$2" | sed 's/^/\t/'
}

echo "# ${1-A machine}"
filtered "$meminfo" /proc/meminfo
filtered "$vmstat" /proc/vmstat
filtered '^/dev/zram' /proc/self/mounts
for file in /proc/swaps /proc/pressure/memory /proc/sys/kernel/osrelease \
	/sys/module/zram/{version,initstate} /sys/module/dm_zcache/initstate /sys/module/zswap/parameters/* \
	/sys/kernel/debug/zswap/* /sys/kernel/debug/zsm/*/* /sys/block/zram*/*; do
	case $file in
	*/uevent | */inflight | */capability | */compact | */reset | */hot_*) ;;
	*) [[ ! -f $file || ! -r $file ]] || record "$file" ;;
	esac
done
for command in status table; do
	[[ ! -d /sys/module/dm_zcache ]] || {
		echo "/dmsetup/$command"
		dmsetup "$command" --target zcache | sed 's/^/\t/'
	}
done
for file in /sys/dev/block/*/{uevent,dm/name}; do
	[[ ! -d /sys/module/dm_zcache || ! -f $file ]] || record "$file"
done
