#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# case.sh - run one test case; run.sh calls it.
#
# usage: case.sh ours|intree|installed TOPIC CASE
#
# Exit status: 0 passed, 77 skipped, else failed.

set -Eeuo pipefail
shopt -s inherit_errexit

here=$(realpath "${BASH_SOURCE[0]%/*}")
modules=$1 topic=$2 name=$3

# shellcheck source=scripts/tests/guest/lib.sh
. "$here/lib.sh"
# shellcheck source=/dev/null
. "$here/$topic.sh"

leave()
{
	local status=$?

	trap '' EXIT ERR
	set +e
	clean_up || status=1
	if ((status && status != 77)); then
		show_state
	fi
	exit "$status"
}

trap leave EXIT
trap 'exit 143' TERM
trap 'echo "${BASH_SOURCE[0]##*/}:$LINENO: failed: $BASH_COMMAND" >&2' ERR

"test_$name"
