#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# stages.sh - run cases, each in a boot of its own: the machine is rebooted between two.
#
# usage: stages.sh --modules KIND TOPIC.CASE...
#
# The machine runs it anew at each boot, as vm/run.sh --reboots has it do. It ends with the
# first case that fails, as each begins with what those before have left.

set -euo pipefail

here=${BASH_SOURCE[0]%/*}
state=/var/lib/zsm-stage	# how many cases are done; it is not there while one runs

main()
{
	local options=("$1" "$2") done=0

	shift 2
	if [[ -e $state ]]; then
		done=$(<"$state")
		rm "$state"
	elif [[ -e $state.begun ]]; then
		echo "the machine has rebooted in the middle of a case"
		exit 1
	fi
	: >"$state.begun"
	sync
	bash "$here/run.sh" "${options[@]}" "${@:done + 1:1}"
	((done + 1 < $#)) || exit 0
	echo $((done + 1)) >"$state"
	systemctl reboot
	sleep infinity
}

main "$@"
