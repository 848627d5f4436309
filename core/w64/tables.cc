// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "core/w64/tables.hh"

namespace zsm::w64 {
namespace {

constexpr uint32_t bits_of(uint32_t mask)
{
	uint32_t nr = 0;

	for (; mask; mask &= mask - 1)
		nr++;
	return nr;
}

constexpr uint32_t lowest_bit(uint32_t mask)
{
	return bits_of((mask & -mask) - 1);
}

constexpr uint32_t nr_runs(uint32_t mask)
{
	return bits_of(mask & ~(mask << 1));
}

constexpr uint64_t spread(uint32_t mask)
{
	uint64_t bytes = 0;

	for (uint32_t i = 0; i < 8; i++) {
		if (mask >> i & 1)
			bytes |= uint64_t{0xff} << (8 * i);
	}
	return bytes;
}

constexpr mask_runs runs_of(uint32_t mask)
{
	if (nr_runs(mask) > 2)
		return {0, 0, bad_mask, 0};
	if (!mask)
		return {};

	/* Adding the lowest bit carries to just above the lower run. */
	const uint32_t low = mask & ~(mask + (mask & -mask));
	const uint32_t high = mask ^ low;
	const uint32_t high_shift = high ? lowest_bit(high) - bits_of(low) : 0;

	return {static_cast<uint8_t>(8 * lowest_bit(mask)),
		static_cast<uint8_t>(8 * high_shift),
		static_cast<uint8_t>(bits_of(mask)), static_cast<uint8_t>(low)};
}

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

/* The smallest mask of two runs at most that contains @exact. */
constexpr uint32_t widen(uint32_t exact)
{
	uint32_t best = 0xff;

	for (uint32_t mask = 0x100; mask--;) {
		if ((mask & exact) == exact && nr_runs(mask) <= 2 &&
		    bits_of(mask) < bits_of(best))
			best = mask;
	}
	return best;
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
