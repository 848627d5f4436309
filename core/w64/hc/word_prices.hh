/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What the profiles of a block make of the dense word coder's tokens and
 * payload, in bits.
 */
#ifndef ZSM_W64_HC_WORD_PRICES_HH
#define ZSM_W64_HC_WORD_PRICES_HH

#include "core/w64/hc/word_output.hh"

namespace zsm::w64::hc {

/* What reading a token costs, as bits that it would have to save. */
inline constexpr uint32_t token_price = 2;

/* What each symbol costs. */
struct word_costs {
	uint8_t tokens[256];
	uint8_t bytes[256];
};

W64_INLINE void set_costs(word_costs &costs, uint32_t token_profile,
			  uint32_t bytes_profile, bool raw) noexcept
{
	const uint16_t *const tokens =
		dense_encode.encode[first_word_token + token_profile];
	const uint16_t *const bytes =
		dense_encode.encode[first_payload + bytes_profile];

	for (uint32_t i = 0; i < 256; i++) {
		costs.tokens[i] = static_cast<uint8_t>(code_length(tokens[i]) +
						       token_price);
		costs.bytes[i] =
			static_cast<uint8_t>(raw ? 8 : code_length(bytes[i]));
	}
}

/* How a word is coded against a reference, from which it differs so. */
template <class Cpu>
W64_INLINE const choice &choice_of(size_t ref, uint64_t difference) noexcept
{
	return dense_tags
		.choices[ref][Cpu::mask_of_marks(mark_nonzero(difference))];
}

template <class Cpu>
class word_prices {
public:
	W64_INLINE explicit word_prices(const word_costs &costs) noexcept
		: costs_(costs)
	{
	}

	/* A tag after a run, and no payload. */
	W64_INLINE uint32_t tag(uint32_t which, uint32_t run) const noexcept
	{
		return costs_.tokens[which << run_bits | run];
	}

	/* The token of a choice. */
	W64_INLINE uint32_t token(const choice &how,
				  uint32_t run) const noexcept
	{
		return costs_.tokens[how.tag | run];
	}

	/* A lag, less 1, or any other byte. */
	W64_INLINE uint32_t byte(uint32_t value) const noexcept
	{
		return costs_.bytes[value];
	}

	/* A step and its token. */
	W64_INLINE uint32_t step(uint32_t which, uint32_t run,
				 uint64_t difference) const noexcept
	{
		return tag(which, run) + byte(difference >> 3 & 0xff);
	}

	/* The payload of a masked word. */
	W64_INLINE uint32_t masked(uint64_t word,
				   const choice &how) const noexcept
	{
		return (byte(how.mask) & -uint32_t{how.mask_bytes}) +
		       bytes(Cpu::gather(word, how.mask), how.bytes);
	}

private:
	/*
	 * The @nr low bytes; the others are zero. A loop of @nr steps would be
	 * mispredicted.
	 */
	W64_INLINE uint32_t bytes(uint64_t all, uint32_t nr) const noexcept
	{
		uint32_t bits = 0;

#pragma GCC unroll 8
		for (uint32_t i = 0; i < 64; i += 8)
			bits += byte(all >> i & 0xff);
		return bits - (8 - nr) * byte(0);
	}

	const word_costs &costs_;
};

} /* namespace zsm::w64::hc */

#endif /* ZSM_W64_HC_WORD_PRICES_HH */
