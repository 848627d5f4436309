/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* The builds of w64hc that this machine can run, and its levels. */
#ifndef W64HC_BUILDS_HH
#define W64HC_BUILDS_HH

#include "core/w64/w64hc.h"

#include <cstdint>
#include <vector>

struct w64hc_build {
	const char *name;
	uint32_t (*compress)(const void *page, void *dst, void *work,
			     uint32_t level) noexcept;
	int (*decompress)(const void *src, size_t len, void *page,
			  void *work) noexcept;
};

inline constexpr uint32_t w64hc_levels[] = {
	W64HC_LEVEL_QUICK, W64HC_LEVEL_DENSE, W64HC_LEVEL_DENSER,
	W64HC_LEVEL_ARCHIVE};

inline std::vector<w64hc_build> w64hc_builds()
{
	std::vector<w64hc_build> builds = {{"portable", w64hc_compress_portable,
					    w64hc_decompress_portable}};

#if W64_HAS_BMI2
	if (__builtin_cpu_supports("bmi2") && __builtin_cpu_supports("bmi") &&
	    __builtin_cpu_supports("popcnt"))
		builds.push_back(
			{"bmi2", w64hc_compress_bmi2, w64hc_decompress_bmi2});
#endif
	return builds;
}

#endif /* W64HC_BUILDS_HH */
