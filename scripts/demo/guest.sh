#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# guest.sh - what `make demo' does inside the VM.
#
# usage: guest.sh ALGORITHM
#
# Takes the modules, the memory of real programs (pages) and the program that
# fills and verifies memory (swapper) from its own directory. Shows each command
# that a person would type, as it runs it.

set -euo pipefail

here=$(realpath "${BASH_SOURCE[0]%/*}")
algorithm=$1
sys=/sys/block/zram0

# The slower codecs go through memory less often.
case $algorithm in
lz4 | lzo | lzo-rle) passes=reverse,random,strided ;;
*) passes=reverse,random ;;
esac

# shellcheck source=scripts/vm/guest/codecs.sh
. /payload/.vm/codecs.sh

# Shows a command line and runs it.
run()
{
	printf '  # %s\n' "$1"
	eval "$1"
}

meminfo_kb()
{
	awk -v f="$1:" '$1 == f { print $2 }' /proc/meminfo
}

mb()
{
	awk -v n="$1" 'BEGIN { printf "%.1f MB", n / 1048576 }'
}

set_up()
{
	cd "$here"
	load_codec_libraries
	run "insmod zsm.ko"
	run "insmod zram.ko"
	if ! grep -qwF -- "$algorithm" $sys/comp_algorithm; then
		echo "this kernel has no $algorithm, only: $(tr -d '[]' <$sys/comp_algorithm)"
		return 1
	fi
	run "echo $algorithm >$sys/comp_algorithm"
	run "echo $((VM_MEMORY_MB * 4))M >$sys/disksize"
	run "mkswap /dev/zram0 >/dev/null"
	run "swapon /dev/zram0"
}

# Runs swapper, and keeps it when it is through for as long as it takes to note
# what its memory has become. Sets summary and the statistics.
swap()
{
	local pid line status=0

	mkfifo /tmp/hold
	exec 9<>/tmp/hold
	exec 8< <(exec ./swapper --times-free 2 --orders $passes --threads "$VM_CPUS" --progress \
		--hold-verified /tmp/hold pages 9>&- 2>&1)
	pid=$!
	summary=''
	while IFS= read -r line <&8; do
		case $line in
		@progress*) printf '%s\n' "$line" ;;
		@hold*)
			take_statistics
			exec 9>&-
			;;
		@swapper*) summary=" ${line#@swapper }" ;;
		*) printf '%s\n' "$line" ;;
		esac
	done
	wait $pid || status=$?
	exec 9>&-
	return $status
}

take_statistics()
{
	read -r orig compressed used _ used_max same _ huge _ <$sys/mm_stat
	zramctl_table=$(zramctl)
	swap_table=$(swapon --show)
}

# field NAME - of swapper's summary.
field()
{
	local value=${summary#* "$1"=}

	printf '%s\n' "${value%% *}"
}

row()
{
	printf '  %-26s %12s   %s\n' "$@"
}

indent()
{
	printf '  %s\n' "${1//$'\n'/$'\n'  }"
}

show_results()
{
	local page pages

	pages=$(field pages)
	page=$((filled_bytes / pages))
	echo
	row "pages filled" "$pages" "$(mb "$filled_bytes")"
	row "pages verified" "$(field checked)" "each in these orders: ${passes//,/, }"
	row "pages rewritten meanwhile" "$(field rewritten)" ""
	row "wrong pages" "$(field bad)" "lost, stale, misplaced or corrupt"
	echo
	echo "  In /dev/zram0 in the end:"
	row "stored" "$(mb "$orig")" "$((orig / page)) pages"
	row "compressed to" "$(mb "$compressed")" ""
	row "memory taken" "$(mb "$used")" "all told; $(mb "$used_max") at the most"
	row "ratio" "$(ratio "$orig" "$used")" "stored / memory taken"
	row "of one word repeated" "$same" "pages, which take no memory"
	row "incompressible" "$huge" "pages, stored as they are"
	echo
	indent "$zramctl_table"
	echo
	indent "$swap_table"
	echo
}

ratio()
{
	awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", b ? a / b : 0 }'
}

tear_down()
{
	run "swapoff /dev/zram0"
	run "echo 1 >$sys/reset"
	run "rmmod zram"
	run "rmmod zsm"
}

main()
{
	local total available summary zramctl_table='' swap_table=''
	local orig=0 compressed=0 used=0 used_max=0 same=0 huge=0 filled_bytes

	total=$(meminfo_kb MemTotal)
	echo "Linux $(uname -r), $VM_CPUS CPUs, $((total / 1024)) MB of memory"
	set_up
	available=$(meminfo_kb MemAvailable)
	filled_bytes=$((available * 2048))
	echo "  filling $((available / 512)) MB, twice the $((available / 1024)) MB that are free, with memory of real programs"
	swap || {
		echo "swapper failed:$summary"
		return 1
	}
	show_results
	tear_down
}

main "$@"
