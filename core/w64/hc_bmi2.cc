// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The build for x86-64 with BMI2. The compiler is told of it by its options:
 * -mbmi -mbmi2 -mpopcnt.
 */
#include "core/w64/hc/entry.hh"

#if W64_HAS_BMI2
#include "core/w64/cpu_bmi2.hh"

using cpu = zsm::w64::bmi2_cpu;

extern "C" uint32_t w64hc_compress_bmi2(const void *page, void *dst, void *work,
					uint32_t level) noexcept
{
	return zsm::w64::hc::compress<cpu>(page, dst, work, level);
}

extern "C" int w64hc_decompress_bmi2(const void *src, size_t len, void *page,
				     void *work) noexcept
{
	return zsm::w64::hc::decompress<cpu>(src, len, page, work);
}
#endif
