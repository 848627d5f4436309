# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# codecs.sh - the kernel's libraries that our codecs are made of, which a stock kernel has
# as modules. Some are built into some kernels. Sourced in a VM, as
# /payload/.vm/codecs.sh.

codec_libraries=(lz4_compress lz4hc_compress lz4_decompress lzo_compress lzo_decompress
	zstd_compress zstd_decompress zlib_deflate zlib_inflate)

load_codec_libraries()
{
	modprobe -aq "${codec_libraries[@]}" || true
}
