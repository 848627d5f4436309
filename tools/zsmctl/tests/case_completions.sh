# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of command-line.sh
#
# case_completions.sh - what shells complete.

# Every option that --help tells of is completed by each shell, and no other.
test_completions_know_every_option()
{
	local sub options file option all

	all=$("$zsmctl" --help-all | grep -oE -- '--[a-z-]+')
	for sub in '' status setup remove recompress writeback top try explain \
		'cache' 'cache list' 'cache watch' 'cache attach' 'cache detach' 'cache limit' 'cache drop'; do
		# shellcheck disable=SC2086 # nothing if it is empty
		options=$("$zsmctl" $sub --help | grep -oE '(^| |,)--[a-z-]+' | tr -d ' ,' | sort -u)
		all+=$'\n'$options
		for file in zsmctl.bash _zsmctl zsmctl.fish; do
			for option in $options; do
				if [[ $file == *.fish ]]; then
					grep -qE -- "-l ${option#--}( |\$)" "$here/../completions/$file"
				else
					grep -qE -- "$option" "$here/../completions/$file"
				fi || { echo "$file does not know $option of '$sub'"; return 1; }
			done
		done
	done
	while read -r option; do
		grep -qxF -- "$option" <<<"$all" || { echo "there is no $option"; return 1; }
	done < <(grep -ohE -- '--[a-z][a-z-]+' "$here/../completions/zsmctl.bash" | sort -u)
}

# complete_line WORD... - what bash would offer for the last word.
complete_line()
{
	bash -c '. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _zsmctl
		printf "%s\n" "${COMPREPLY[@]}"' bash "$here/../completions/zsmctl.bash" "$@"
}

test_bash_completes()
{
	[[ $(complete_line zsmctl st) == status ]] || return 1
	[[ $(complete_line zsmctl status --j) == --json ]] || return 1
	[[ $(complete_line zsmctl setup --no) == --no-secondary ]] || return 1
	[[ $(complete_line zsmctl setup --algorithm w64) == $'w64\nw64hc' ]] || return 1
}
