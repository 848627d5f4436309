/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * How long a chain each size gets, and which sizes share a class.
 *
 * For a size, the best chain is the one that costs the fewest bytes an object
 * beyond the object itself: the tail that no object fits in, the descriptor,
 * and the descriptor's entry in the pool's table. Pages are populated one by
 * one, so a long chain costs nothing until it is used.
 *
 * Sizes one granule apart that end up with the same pages and objects a chain
 * share a class, whose size is the largest of them.
 */
#ifndef ZSM_CORE_CLASS_TABLE_HH
#define ZSM_CORE_CLASS_TABLE_HH

#include "core/zsm/zspage.h"

#include <cstdint>

namespace zsm {

struct chain {
	uint32_t pages;
	uint32_t objs;

	constexpr bool operator==(const chain &) const = default;
};

/* Bytes of a chain that hold no object's data. */
constexpr uint32_t chain_overhead(chain c, uint32_t size) noexcept
{
	constexpr uint32_t table_entry = 8;
	const uint32_t tail = c.pages * ZSM_PAGE_SIZE - c.objs * size;

	return tail + zsm_zspage_bytes(c.pages, c.objs) + table_entry;
}

/* The chain that wastes least for a size; the shortest of equals. */
constexpr chain best_chain(uint32_t size) noexcept
{
	chain best{};

	for (uint32_t pages = 1; pages <= ZSM_MAX_CHAIN; pages++) {
		const chain c{pages, pages * ZSM_PAGE_SIZE / size};

		if (c.objs > ZSM_MAX_OBJS)
			break;
		if (!best.pages ||
		    uint64_t{chain_overhead(c, size)} * best.objs <
			    uint64_t{chain_overhead(best, size)} * c.objs)
			best = c;
	}
	return best;
}

constexpr zsm_class_row class_row(uint32_t size, chain c) noexcept
{
	return {
		.size = size,
		.inv = (1u << 24) / (size >> ZSM_GRANULE_SHIFT) + 1,
		.full_mul = (ZSM_READY_LEVELS << 16) / c.objs,
		.nr_objs = static_cast<uint16_t>(c.objs),
		.nr_pages = static_cast<uint8_t>(c.pages),
		.nr_words = static_cast<uint8_t>(zsm_bitmap_words(c.objs)),
	};
}

consteval zsm_class_table make_class_table() noexcept
{
	constexpr uint32_t min_granules = ZSM_MIN_SIZE >> ZSM_GRANULE_SHIFT;
	zsm_class_table t{};
	uint32_t g = 1;

	while (g <= ZSM_PAGE_GRANULES) {
		uint32_t size_g = g < min_granules ? min_granules : g;
		const chain c = best_chain(size_g << ZSM_GRANULE_SHIFT);

		while (size_g < ZSM_PAGE_GRANULES &&
		       best_chain((size_g + 1) << ZSM_GRANULE_SHIFT) == c)
			size_g++;
		t.rows[t.nr_classes] =
			class_row(size_g << ZSM_GRANULE_SHIFT, c);
		for (; g <= size_g; g++)
			t.of_granules[g - 1] =
				static_cast<uint8_t>(t.nr_classes);
		t.nr_classes++;
	}
	return t;
}

} /* namespace zsm */

#endif /* ZSM_CORE_CLASS_TABLE_HH */
