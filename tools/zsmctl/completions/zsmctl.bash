# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2207 # words of compgen have no blanks
#
# zsmctl for bash.

_zsmctl()
{
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} sub='' i options

	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		status | top | try)
			sub=${COMP_WORDS[i]}
			break
			;;
		esac
	done
	case $before in
	--svg)
		COMPREPLY=($(compgen -f -- "$word"))
		return
		;;
	--root)
		COMPREPLY=($(compgen -d -- "$word"))
		return
		;;
	--interval | --count | --pages)
		return
		;;
	esac
	case $sub in
	'') options='status top try --root --version --help-all' ;;
	status) options='--json --prometheus' ;;
	top) options='--interval --count --rows' ;;
	try)
		options='--system --pages --svg'
		COMPREPLY=($(compgen -f -- "$word"))
		;;
	esac
	options+=' --help'
	case $sub in
	status | top)
		options+=" $(find /sys/block -maxdepth 1 -name 'zram[0-9]*' -printf '%f ' 2>/dev/null)"
		;;
	esac
	COMPREPLY+=($(compgen -W "$options" -- "$word"))
}

complete -F _zsmctl zsmctl
