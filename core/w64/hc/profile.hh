/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Which profile codes a sequence of symbols with the fewest bits. */
#ifndef ZSM_W64_HC_PROFILE_HH
#define ZSM_W64_HC_PROFILE_HH

#include "core/w64/bytes.hh"
#include "core/w64/hc/tables.hh"

namespace zsm::w64::hc {

struct estimate {
	uint32_t profile;
	/* Bits for each 128 symbols: 1024 would be bytes as they are. */
	uint32_t bits;
};

/* How many symbols are looked at: a sample of 128 to 255, or all. */
enum class look { sample, all };

inline constexpr uint32_t sample_shift = 7;
/* Codes of ten bits in a lane of eight: a sum of more could overflow. */
inline constexpr uint32_t lane_symbols = 255 / max_code_bits - 1;

/*
 * @costs holds a byte for each profile, which are added up all at once. What
 * 16-bit lanes hold in the end is at most 4096 codes of ten bits.
 */
W64_NOINLINE estimate cheapest(look how, const uint64_t *costs,
			       uint32_t nr_profiles, const uint8_t *symbols,
			       uint32_t nr) noexcept
{
	constexpr uint64_t even = 0x00ff00ff00ff00ff;
	const uint32_t step = how == look::all || nr < 2u << sample_shift
				      ? 1
				      : nr >> sample_shift;
	uint64_t sums[2] = {0, 0};
	uint32_t looked_at = 0;
	estimate best{0, ~0u};

	for (uint32_t i = 0; i < nr;) {
		const uint32_t end = i + 16 * step < nr ? i + 16 * step : nr;
		uint64_t lanes = 0;

		for (; i < end; i += step, looked_at++)
			lanes += costs[symbols[i]];
		sums[0] += lanes & even;
		sums[1] += lanes >> 8 & even;
	}
	for (uint32_t k = 0; k < nr_profiles; k++) {
		const uint32_t bits = sums[k & 1] >> (16 * (k >> 1)) & 0xffff;

		if (bits < best.bits)
			best = {k, bits};
	}
	best.bits = looked_at ? (best.bits << sample_shift) / looked_at : 0;
	return best;
}

static_assert(lane_symbols >= 16);

} /* namespace zsm::w64::hc */

#endif /* ZSM_W64_HC_PROFILE_HH */
