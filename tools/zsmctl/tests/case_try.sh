# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of command-line.sh
#
# case_try.sh - codecs, tried on a file.

test_try_compresses_with_each_codec()
{
	local codec

	ends 0 try "$zsmctl" --pages 200 --svg "$work/try.svg" || return 1
	for codec in lz4 w64 lzo w64hc zstd lz4hc deflate 'w64hc 9'; do
		says out "$codec " || return 1
	done
	[[ $(<"$work/out") != *WRONG* ]] || return 1
	/usr/bin/python3 - "$work/try.svg" <<'END' || return 1
import sys, xml.dom.minidom
picture = xml.dom.minidom.parse(sys.argv[1])
assert len(picture.getElementsByTagName('circle')) == 16
END
	ends 2 try && one_line || return 1
	ends 2 try --system file && one_line || return 1
	ends 3 try /nothing && one_line || return 1
	ends 1 try /dev/null && one_line || return 1
}
