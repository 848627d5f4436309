# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of command-line.sh
#
# case_pass.sh - which pages zsmctl recompress and writeback are told to take.

test_incompressible_pages_are_taken_alone()
{
	local others

	play ours-6.12
	for others in '--older 1h' '--huge' '--huge --older 1h'; do
		read -ra others <<<"$others"
		ends 2 --root "$root" writeback "${others[@]}" --incompressible && one_line &&
			says err excludes || return 1
		ends 2 --root "$root" writeback --incompressible "${others[@]}" && one_line || return 1
	done
}
