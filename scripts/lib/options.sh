# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of lib.sh
#
# options.sh - the command line of a script is what its manual page, the comment at its
# top, says it is. Sourced by lib.sh.
#
# A line of that page that begins with `#   --' is an option: `--name WORD  text' takes a
# value, `--name  text' takes none (two blanks stand before the text).

# zsm_option_lines - prints `NAME value' or `NAME flag' for each option.
zsm_option_lines()
{
	zsm_usage | awk '/^  --[a-z]/ {
		takes = $0 ~ /^  --[a-z0-9-]+ [^ ]/ ? "value" : "flag"
		print substr($1, 3), takes
	}'
}

# zsm_parse "$@"
#
# (Its own variables begin with zsm_, so that they hide none of the script.) Sets a variable for each option that is given, named as the option with `_' for `-':
# to its value, or to 1. An array, of that name or with an `s' behind it, gets one more
# element. The rest, which begins with the first argument that is no option, or after `--', goes to the
# array zsm_args; with zsm_mixed set, options may follow other arguments.
#
# --help prints the manual page and ends the script.
zsm_args=()
zsm_mixed=''

zsm_parse()
{
	local zsm_option zsm_name zsm_takes
	local -A zsm_known=()

	zsm_args=()
	while read -r zsm_name zsm_takes; do
		zsm_known[$zsm_name]=$zsm_takes
	done < <(zsm_option_lines)
	while (($#)); do
		zsm_option=$1
		shift
		case $zsm_option in
		-h | --help)
			zsm_usage
			exit 0
			;;
		--)
			zsm_args+=("$@")
			return
			;;
		--*)
			zsm_name=${zsm_option#--}
			case ${zsm_known[$zsm_name]-} in
			value)
				(($#)) || usage_error "$zsm_option wants a value"
				zsm_option_set "$zsm_name" "$1"
				shift
				;;
			flag) zsm_option_set "$zsm_name" 1 ;;
			*) usage_error "unknown option $zsm_option" ;;
			esac
			;;
		*)
			zsm_args+=("$zsm_option")
			if [[ -z $zsm_mixed ]]; then
				zsm_args+=("$@")
				return
			fi
			;;
		esac
	done
}

# zsm_option_set NAME VALUE
zsm_option_set()
{
	local zsm_name=${1//-/_} zsm_array

	for zsm_array in "$zsm_name" "${zsm_name}s"; do
		[[ $(declare -p "$zsm_array" 2>/dev/null) == 'declare -a'* ]] || continue
		local -n zsm_list=$zsm_array
		zsm_list+=("$2")
		return
	done
	printf -v "$zsm_name" %s "$2"
}

# zsm_no_args - for a script that takes options only.
zsm_no_args()
{
	((!${#zsm_args[@]})) || usage_error "unknown argument ${zsm_args[0]}"
}

# zsm_want_number NAME... - each of these options has to be a number, of 1 or more.
zsm_want_number()
{
	local zsm_name zsm_variable

	for zsm_name; do
		zsm_variable=${zsm_name//-/_}
		[[ ${!zsm_variable} =~ ^[1-9][0-9]*$ ]] ||
			usage_error "--$zsm_name wants a number, not '${!zsm_variable}'"
	done
}
