/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Arithmetic on masks of a word's bytes, for the tables that the compiler
 * makes. */
#ifndef ZSM_W64_MASKS_HH
#define ZSM_W64_MASKS_HH

#include <cstdint>

namespace zsm::w64 {

/* How a decoder puts the bytes of a mask in place. */
struct mask_runs {
	uint8_t shift_low;  /* of the lower run, in bits */
	uint8_t shift_high; /* of the upper run */
	uint8_t bytes;      /* in both, or bad_mask */
	uint8_t low;        /* the lower run as a mask */
};

constexpr uint8_t bad_mask = 255;

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

} /* namespace zsm::w64 */

#endif /* ZSM_W64_MASKS_HH */
