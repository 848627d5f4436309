# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2207 # words of compgen have no blanks
#
# zsmctl for bash.

_zsmctl()
{
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} sub='' i options

	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		status | setup | remove | recompress | writeback | top | try | explain | cache)
			sub=${COMP_WORDS[i]}
			break
			;;
		esac
	done
	case $before in
	--disk | --svg)
		COMPREPLY=($(compgen -f -- "$word"))
		return
		;;
	--root | --mount)
		COMPREPLY=($(compgen -d -- "$word"))
		return
		;;
	--algorithm | --secondary)
		COMPREPLY=($(compgen -W 'lz4 w64 w64hc zstd lzo lzo-rle lz4hc deflate' -- "$word"))
		return
		;;
	--fs)
		COMPREPLY=($(compgen -W 'ext4 xfs btrfs f2fs' -- "$word"))
		return
		;;
	--memory | --size | --priority | --label | --parameters | --only-below | --older | --threshold | --interval | --count | --pages)
		return
		;;
	esac
	case $sub in
	'') options='status setup remove recompress writeback top try explain cache --root --version --help-all' ;;
	status) options='--json --prometheus' ;;
	setup)
		options='--dry-run --permanent --memory --size --algorithm --secondary --no-secondary'
		options+=' --disk --erase --priority --mount --fs --label --parameters --only-below'
		;;
	remove) options='--discard' ;;
	recompress) options='--older --huge --algorithm --threshold' ;;
	writeback) options='--older --huge --incompressible' ;;
	top) options='--interval --count --rows' ;;
	explain) options='--pages' ;;
	cache)
		options='list watch attach detach limit drop --interval --count --name'
		COMPREPLY=($(compgen -f -- "$word"))
		;;
	try)
		options='--system --pages --svg'
		COMPREPLY=($(compgen -f -- "$word"))
		;;
	esac
	options+=' --help'
	case $sub in
	status | remove | recompress | writeback | top | explain)
		options+=" $(find /sys/block -maxdepth 1 -name 'zram[0-9]*' -printf '%f ' 2>/dev/null)"
		;;
	esac
	COMPREPLY+=($(compgen -W "$options" -- "$word"))
}

complete -F _zsmctl zsmctl
