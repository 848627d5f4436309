// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "core/zsm/frames.h"

namespace {

constexpr uint32_t span_of(uint64_t pfn) noexcept
{
	return static_cast<uint32_t>(pfn >> ZSM_SPAN_BITS);
}

constexpr uint32_t place_in_span(uint64_t pfn) noexcept
{
	return static_cast<uint32_t>(pfn) & ((1u << ZSM_SPAN_BITS) - 1);
}

} /* namespace */

extern "C" int zsm_core_frames_find(const zsm_frames *frames, uint32_t nr,
				    uint64_t pfn, uint32_t *number) noexcept
{
	for (uint32_t i = 0; i < nr; i++) {
		if (frames->spans[i] != span_of(pfn))
			continue;
		*number = i << ZSM_SPAN_BITS | place_in_span(pfn);
		return 1;
	}
	return 0;
}

extern "C" int zsm_core_frames_add(zsm_frames *frames, uint64_t pfn) noexcept
{
	if (frames->nr == ZSM_NR_SPANS)
		return 0;
	frames->spans[frames->nr] = span_of(pfn);
	return 1;
}
