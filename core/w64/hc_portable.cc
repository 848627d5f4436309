// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "core/w64/hc/entry.hh"

using cpu = zsm::w64::portable_cpu;

extern "C" uint32_t w64hc_compress_portable(const void *page, void *dst,
					    void *work, uint32_t level) noexcept
{
	return zsm::w64::hc::compress<cpu>(page, dst, work, level);
}

extern "C" int w64hc_decompress_portable(const void *src, size_t len,
					 void *page, void *work) noexcept
{
	return zsm::w64::hc::decompress<cpu>(src, len, page, work);
}
