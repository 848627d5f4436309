#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# documents.sh - test that the documents name the knobs that there are, and no others.
#
# usage: scripts/tests/documents.sh [GET-ABI]
#
# Compares the source with Documentation/knobs.rst, with Documentation/ABI and with the
# manual page, access rights included. mandoc must have nothing to say of the page.
# GET-ABI is the kernel's script of that name, which then
# has to find the files in Documentation/ABI valid. Exit status 0 if all is well.

# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

top=$(realpath "${BASH_SOURCE[0]%/*}/../..")
documents=$top/Documentation
shopt -s extglob

# Prints `NAME RO|WO|RW' for each file in sysfs, and `NAME' for what else there is.
# w64.ko is another module.
in_source()
{
	sed -nE -e 's/^.*(DEVICE|CLASS)_ATTR_(RO|WO|RW)\(([a-z0-9_]+)\).*/\3 \2/p' \
		-e 's/^.*__ATTR\(([a-z0-9_]+), 0400,.*/\1 RO/p' \
		-e 's/^.*__ATTR\(([a-z0-9_]+), 0200,.*/\1 WO/p' \
		-e 's/^module_param(_named)?\(([a-z0-9_]+),.*/\2/p' \
		-e 's/^.*debugfs_create_file\("([a-z0-9_]+)".*/\1/p' \
		"$top"/zram_drv.c "$top"/zram/{,*/}*.c "$top"/store/codec/!(w64_scomp).c | sort -u
}

in_knobs()
{
	# shellcheck disable=SC2016 # the marks are no command
	sed -nE -e 's/^``([a-z0-9_]+)``( \(([0-7]+)\))?$/\1 \3/p' "$documents/knobs.rst" |
		sed -E -e 's/ 06..$/ RW/' -e 's/ 04..$/ RO/' -e 's/ 02..$/ WO/' -e 's/ $//' | sort
}

# The version is the module's own, and parameters are not shown in sysfs.
in_abi()
{
	awk '/^What:/ { name = $2; sub(".*/", "", name); path = $2 }
	     /^\t\t\((RO|WO|RW)\)/ { print name, substr($1, 2, 2); next }
	     /^Description:/ && index(path, "/sys/kernel/debug/") { print name }' \
		"$documents"/ABI/testing/*-zram | grep -v '^version ' | sort
}

# What has a paragraph of its own before the section about errors.
in_page()
{
	sed -n '/^\.SH ERRORS/q; p' "$documents/zram.4" | awk '/^\.TP/ { want = 1; next }
		want && /^\.B / { print $2 }
		{ want = 0 }' | sort
}

# same WHAT LIST-A LIST-B
same()
{
	diff <(printf '%s\n' "$2") <(printf '%s\n' "$3") ||
		die "$1 and the source do not have the same knobs (<: $1 lacks it, >: the source does)"
}

main()
{
	local source names files

	zsm_need host-test mandoc
	source=$(in_source)
	files=$(grep ' ' <<<"$source")
	names=$(cut -d' ' -f1 <<<"$source" | sort)
	(($(wc -l <<<"$files") > 12)) || die "few knobs are found in the source: $files"
	same knobs.rst "$source" "$(in_knobs)"
	same ABI "$(grep -vxE "num_devices|w64_bmi2" <<<"$source")" "$(in_abi)"
	same zram.4 "$names" "$(in_page)"
	mandoc -T lint -W style "$documents/zram.4"
	if (($#)); then
		perl "$1" --dir "$documents/ABI" validate
	fi
}

main "$@"
