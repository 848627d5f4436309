// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "core/w64/tables.hh"

namespace zsm::w64 {
namespace {

constexpr common_tag common(uint32_t tag)
{
	const uint32_t mask = common_mask[tag];
	const mask_runs runs = runs_of(mask);

	return {tag == tag_zero ? 0 : ~spread(mask),
		spread(mask),
		spread(runs.low),
		runs.shift_low,
		runs.shift_high,
		runs.bytes};
}

constexpr far_tag far(uint32_t tag)
{
	const bool has_lag = tags_with_lag >> tag & 1;
	const bool has_mask = tag >= nr_common;
	const uint64_t ones = ~uint64_t{0};

	return {tags_that_change_lag >> tag & 1 ? ones : 0,
		has_lag ? ones : 0,
		tag == tag_masked_zero ? 0 : ones,
		has_mask ? 0xff : 0u,
		has_mask ? uint8_t{0} : common_mask[tag],
		has_mask,
		has_lag};
}

constexpr choice escape(uint32_t tag, uint32_t mask)
{
	return {static_cast<uint8_t>(tag), static_cast<uint8_t>(mask), 1,
		static_cast<uint8_t>(bits_of(mask))};
}

struct tag_range {
	uint32_t first, end;
};

/* The tags with a common mask that stand for a reference. */
constexpr tag_range tags_of(uint32_t ref)
{
	switch (ref) {
	case ref_zero:
		return {tag_zero, tag_zero + 1};
	case ref_last:
		return {tag_zero + 1, nr_near};
	case ref_previous:
		return {tag_previous, tag_previous + 1};
	default:
		return {tag_copy, tag_new + 1};
	}
}

/*
 * A common tag whose mask contains the exact one is taken if it costs no more
 * than an escape: the same bytes, and one branch less to mispredict.
 */
constexpr choice choose(uint32_t ref, uint32_t exact, uint32_t widened)
{
	if (ref == ref_last && !exact)
		return {tag_same, 0, 0, 0};

	choice best = escape(tag_masked_zero + ref, widened);

	for (uint32_t tag = tags_of(ref).first; tag < tags_of(ref).end; tag++) {
		const uint32_t mask = common_mask[tag];
		const uint32_t cost = best.bytes + best.mask_bytes;

		if ((mask & exact) != exact ||
		    bits_of(mask) >= cost + best.mask_bytes)
			continue;
		best = {static_cast<uint8_t>(tag), static_cast<uint8_t>(mask),
			0, static_cast<uint8_t>(bits_of(mask))};
	}
	return best;
}

static_assert(uint32_t{tag_masked_zero} + uint32_t{ref_new} == tag_masked_new);

consteval word_tables make_tables()
{
	word_tables made{};

	for (uint32_t mask = 0; mask < 256; mask++) {
		made.spread[mask] = spread(mask);
		made.runs[mask] = runs_of(mask);

		const uint32_t widened = widen(mask);

		for (uint32_t ref = 0; ref < nr_refs; ref++)
			made.choices[ref][mask] = choose(ref, mask, widened);
	}
	for (uint32_t tag = 0; tag < nr_near; tag++)
		made.common[tag] = common(tag);
	for (uint32_t tag = nr_near; tag < nr_tags; tag++)
		made.far[tag - nr_near] = far(tag);
	return made;
}

} /* namespace */

constinit const word_tables tables = make_tables();

} /* namespace zsm::w64 */
