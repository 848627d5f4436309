// SPDX-License-Identifier: GPL-2.0 OR MIT
/* The build for every processor. */
#include "core/w64/entry.hh"

using cpu = zsm::w64::portable_cpu;

extern "C" uint32_t w64_compress_portable(const void *page, void *dst,
					  void *work) noexcept
{
	return zsm::w64::compress<cpu>(page, dst, work);
}

extern "C" int w64_decompress_portable(const void *src, size_t len,
				       void *page) noexcept
{
	return zsm::w64::decompress<cpu>(src, len, page);
}
