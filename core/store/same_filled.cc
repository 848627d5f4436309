// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "core/store/same_filled.h"

namespace {

/* Words compared between two looks at the outcome: a cache line. */
constexpr uint32_t stride = 8;
constexpr uint32_t nr_words = ZSM_PAGE_SIZE / sizeof(uint64_t);

static_assert(nr_words % stride == 0);

} /* namespace */

/*
 * The last word is looked at first: a page that starts with zeroes and is
 * not zero to its end is common.
 */
extern "C" bool zsm_same_filled(const void *page,
				struct zsm_fill *fill) noexcept
{
	const auto *words = static_cast<const uint64_t *>(page);
	const uint64_t first = words[0];

	if (words[nr_words - 1] != first)
		return false;
	for (uint32_t i = 0; i < nr_words; i += stride) {
		uint64_t differ = 0;

		/* The kernel's -O2 alone leaves a loop here: three times as
		 * long. */
#pragma GCC unroll 8
		for (uint32_t j = i; j < i + stride; j++)
			differ |= words[j] ^ first;
		if (differ)
			return false;
	}
	fill->value = first;
	return true;
}
