#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# documents.sh - test that the documents say of the knobs what zram/knob/knobs.def says.
#
# usage: scripts/tests/documents.sh [GET-ABI]
#
# The lists in Documentation/knobs.rst, the manual page, README.md and Documentation/ABI
# must be what scripts/knobs.py makes. The device's files in sysfs are made from the same
# table; what other code makes, in sysfs, in debugfs and as parameters of the module, must
# stand in it too, with the same access rights. mandoc must have nothing to say of the
# pages. GET-ABI is the kernel's script of that name, which then has to find the files in
# Documentation/ABI valid. Exit status 0 if all is well.

# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

top=$(realpath "${BASH_SOURCE[0]%/*}/../..")
table=$top/zram/knob/knobs.def
shopt -s extglob globstar

# Prints `NAME MODE' for each file that is not one of a device's knobs, and `NAME 0' for
# each parameter. w64.ko is another module.
in_source()
{
	sed -nE -e 's/^.*CLASS_ATTR_WO\(([a-z0-9_]+)\).*/\1 0200/p' \
		-e 's/^.*__ATTR\(([a-z0-9_]+), (0[0-9]+),.*/\1 \2/p' \
		-e 's/^module_param(_named)?\(([a-z0-9_]+),.*/\2 0/p' \
		-e 's/^module_param_cb\(([a-z0-9_]+), .*, (0[0-9]+)\);.*/\1 \2/p' \
		-e 's/^MODULE_VERSION.*/version 0444/p' \
		-e 's/^.*debugfs_create_file\("([a-z0-9_]+)", (0[0-9]+),.*/\1 \2/p' \
		"$top"/zram_drv.c "$top"/zram/**/!(sysfs).c "$top"/store/**/!(w64_scomp).c | sort -u
}

in_table()
{
	sed -nE 's/^ZRAM_FILE\("[^"]*", ([a-z0-9_]+), ([0-7]+),.*/\1 \2/p' "$table" | sort
}

main()
{
	local source

	zsm_need host-test mandoc python3
	source=$(in_source)
	(($(wc -l <<<"$source") >= 6)) || die "few files are found in the source: $source"
	diff <(in_table) <(printf '%s\n' "$source") ||
		die "the source has not the files that $table has (<: the table, >: the source)"
	if grep -rnE 'DEVICE_ATTR' "$top"/zram_drv.c "$top"/zram/**/*.c; then
		die "a device's knob does not come from $table"
	fi
	"$top/scripts/knobs.py" --check
	mandoc -T lint -W style "$top"/Documentation/{zram.4,zcachectl.8,zsmctl.8}
	if (($#)); then
		perl "$1" --dir "$top/Documentation/ABI" validate
	fi
}

main "$@"
