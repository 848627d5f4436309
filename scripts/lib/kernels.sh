# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of lib.sh
#
# kernels.sh - the kernels of scripts/kernel/table. Sourced by lib.sh.

zsm_scripts_dir=$(realpath "${BASH_SOURCE[0]%/*}/..")
zsm_kernel_columns=(name series flavour release arch page checks stress)

# zsm_kernel_rows - prints the rows of the table.
zsm_kernel_rows()
{
	grep -v '^#' "$zsm_scripts_dir/kernel/table"
}

# zsm_kernel_names CHECKS - prints the names of those that `make check' runs so.
zsm_kernel_names()
{
	zsm_kernel_rows | awk -v checks="$1" '$7 == checks { print $1 }'
}

# zsm_kernel_describe NAME - sets the array zsm_k: its row, by the names of the columns.
# SERIES[-FLAVOUR] is the row newest[-FLAVOUR] if it has none of its own.
declare -A zsm_k=()

zsm_kernel_describe()
{
	local row column values name=$1

	row=$(zsm_kernel_rows | awk -v name="$name" '$1 == name')
	if [[ -z $row && $name =~ ^([0-9]+\.[0-9]+)(-.+)?$ ]]; then
		row=$(zsm_kernel_rows | awk -v name="newest${BASH_REMATCH[2]}" -v as="$name" \
			-v series="${BASH_REMATCH[1]}" '$1 == name { $1 = as; $2 = series; print }')
	fi
	[[ -n $row ]] ||
		usage_error "unknown kernel '$name'; there are $(zsm_kernel_rows | awk '{ print $1 }' | paste -sd ' ')"
	read -ra values <<<"$row"
	zsm_k=()
	for column in "${!zsm_kernel_columns[@]}"; do
		zsm_k[${zsm_kernel_columns[column]}]=${values[column]}
	done
}

# zsm_kernel NAME - prints the directory of a kernel, fetched or built if need be.
zsm_kernel()
{
	zsm_kernel_describe "$1"
	case ${zsm_k[flavour]} in
	source) "$zsm_scripts_dir/kernel/debug.sh" "$1" ;;
	um) "$zsm_scripts_dir/kernel/uml.sh" "$1" ;;
	*) "$zsm_scripts_dir/kernel/debian.sh" "$1" ;;
	esac
}

# zsm_kernel_tools NAME - prints where the tools are that modules for it are built with;
# nothing if they are the machine's. A kernel built here is built with those.
zsm_kernel_tools()
{
	zsm_kernel_describe "$1"
	[[ ${zsm_k[flavour]} =~ ^(source|um)$ ]] || zsm_tools "${zsm_k[release]}" "${zsm_k[arch]}"
}

# zsm_kernel_strip NAME MODULE DEST - copies a module for it without its debug information,
# which is most of it: an emulated machine takes its time to load that.
zsm_kernel_strip()
{
	zsm_kernel_describe "$1"
	case ${zsm_k[arch]} in
	amd64) strip --strip-debug -o "$3" "$2" ;;
	arm64) zsm_with_tools "$(zsm_kernel_tools "$1")" aarch64-linux-gnu-strip --strip-debug -o "$3" "$2" ;;
	esac
}

# zsm_kernel_make_arguments NAME - prints what make has to be told, a line each.
zsm_kernel_make_arguments()
{
	zsm_kernel_describe "$1"
	case ${zsm_k[flavour]} in
	source) return ;;
	um)
		echo ARCH=um
		return
		;;
	esac
	# The package's makefile asks dpkg, which these tools do not have. That of 6.1 takes two
	# names that differ for a cross-build.
	printf '%s\n' DEB_BUILD_ARCH=amd64 "DEB_HOST_ARCH=${zsm_k[arch]}"
	[[ ${zsm_k[arch]} != arm64 ]] ||
		printf '%s\n' ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu- DEB_HOST_GNU_TYPE=aarch64-linux-gnu
}
