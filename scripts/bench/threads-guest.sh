#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# threads-guest.sh - what threads.sh does inside the VM.
#
# usage: threads-guest.sh ROUNDS
#
# Prints `@ROUND programs - WHO threads.N.STEP NANOSECONDS'.

set -Eeuo pipefail
shopt -s inherit_errexit

trap 'echo "${BASH_SOURCE[0]##*/}:$LINENO: failed: $BASH_COMMAND" >&2' ERR

here=$(realpath "${BASH_SOURCE[0]%/*}")
bench=/sys/kernel/debug/zsm_bench

mountpoint -q /sys/kernel/debug || mount -t debugfs debugfs /sys/kernel/debug
modprobe -aq zsmalloc lz4_compress || true
insmod "$here/zsm.ko"
insmod "$here/zsm_bench.ko"
echo "$here/pages" >$bench/corpus
for ((round = 1; round <= $1; round++)); do
	for threads in 1 2; do
		for who in intree ours; do
			echo "alloc $who $threads" >$bench/run
			read -ra words <$bench/run
			for ((i = 0; i < ${#words[@]}; i += 2)); do
				echo "@$round programs - $who threads.$threads.${words[i]} ${words[i + 1]}"
			done
		done
	done
done
rmmod zsm_bench zsm
