/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* The builds of W64 that this machine can run. */
#ifndef W64_BUILDS_HH
#define W64_BUILDS_HH

#include "core/w64/w64.h"

#include <cstdint>
#include <vector>

struct w64_build {
	const char *name;
	uint32_t (*compress)(const void *page, void *dst, void *work) noexcept;
	int (*decompress)(const void *src, size_t len, void *page) noexcept;
};

inline std::vector<w64_build> w64_builds()
{
	std::vector<w64_build> builds = {
		{"portable", w64_compress_portable, w64_decompress_portable}};

#if W64_HAS_BMI2
	if (__builtin_cpu_supports("bmi2") && __builtin_cpu_supports("bmi") &&
	    __builtin_cpu_supports("popcnt"))
		builds.push_back(
			{"bmi2", w64_compress_bmi2, w64_decompress_bmi2});
#endif
	return builds;
}

#endif /* W64_BUILDS_HH */
