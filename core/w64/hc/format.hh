/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The numbers of the dense coders, which w64hc adds to the format of W64.
 * Documentation/w64.rst is the format; what stands here is what the encoders,
 * the decoders and the tables share.
 */
#ifndef ZSM_W64_HC_FORMAT_HH
#define ZSM_W64_HC_FORMAT_HH

#include "core/w64/format.hh"

namespace zsm::w64::hc {

/* The dense coders work on pages of 4 KiB; a larger page is many of them. */
using unit = page_of<12>;

/* ---- Codes -------------------------------------------------------------- */

/* The longest code, and the longest of an offset class. */
inline constexpr uint32_t max_code_bits = 10;
inline constexpr uint32_t max_offset_code_bits = 8;

/*
 * A profile is the code of one alphabet for one kind of page. They are
 * numbered through all alphabets; an offset profile goes with each profile of
 * the LZ tokens.
 */
inline constexpr uint32_t word_token_profiles = 8;
inline constexpr uint32_t payload_profiles = 8;
inline constexpr uint32_t lz_token_profiles = 8;
inline constexpr uint32_t literal_profiles = 8;
inline constexpr uint32_t first_word_token = 0;
inline constexpr uint32_t first_payload =
	first_word_token + word_token_profiles;
inline constexpr uint32_t first_lz_token = first_payload + payload_profiles;
inline constexpr uint32_t first_literal = first_lz_token + lz_token_profiles;
inline constexpr uint32_t nr_profiles = first_literal + literal_profiles;

/* ---- Words -------------------------------------------------------------- */

/*
 * A token is a run of 0 to 3 words that equal the one at the last lag, and a
 * tag for the word after them: tag << 2 | run.
 */
inline constexpr uint32_t run_bits = 2;
inline constexpr uint32_t max_run = 3;

enum class kind : uint8_t {
	masked,   /* the reference, but for the bytes of the tag's mask */
	any_mask, /* the mask is in the payload */
	step,     /* the reference plus a signed byte of the payload times 8 */
	sequence, /* the reference plus what it exceeds the one before it by */
};

struct tag_meaning {
	uint8_t with; /* enum reference */
	kind how;
	uint8_t mask;
};

enum dense_tag : uint32_t {
	dense_same = 0,
	dense_any_zero = 13,
	dense_any_last = 45,
	dense_any_previous = 53,
	dense_any_new = 59,
	dense_step_last,
	dense_step_previous,
	dense_step_new,
	dense_sequence,
	nr_dense_tags,
};

static_assert(nr_dense_tags << run_bits == 256);

constexpr uint8_t token(uint32_t tag, uint32_t run) noexcept
{
	return static_cast<uint8_t>(tag << run_bits | run);
}

/* ---- LZ ----------------------------------------------------------------- */

/*
 * A token is
 *	repeat * 126 + literal class * 14 + match class.
 *
 * Literal classes 0 to 7 are the length; 8 is 8 plus four extra bits, which,
 * all ones, stand for twelve more with the length. Match classes 0 to 11 are
 * the length less 4; 12 is 16 plus two extra bits; 13 is 20 plus four, which,
 * all ones, stand for twelve more with the length less 4.
 */
inline constexpr uint32_t literal_classes = 9;
inline constexpr uint32_t match_classes = 14;
inline constexpr uint32_t lz_repeat = literal_classes * match_classes;
inline constexpr uint32_t nr_lz_tokens = 2 * lz_repeat;

inline constexpr uint32_t long_literals = 8;
inline constexpr uint32_t short_long_match = 12;
inline constexpr uint32_t long_match = 16;
inline constexpr uint32_t length_nibble = 15;
inline constexpr uint32_t whole_length_bits = 12;

/*
 * Offset classes of matches that do not repeat the last offset: 1 is the
 * offset before that; from 2 on, multiples of 8 by the power of two of an
 * eighth of them; from 11 on, others by their power of two.
 */
inline constexpr uint32_t offset_before = 1;
inline constexpr uint32_t first_aligned = 2;
inline constexpr uint32_t first_unaligned = 11;
inline constexpr uint32_t end_of_offsets = 23;
inline constexpr uint32_t nr_offset_classes = 32;
inline constexpr uint32_t first_offset = 1;
inline constexpr uint32_t first_offset_before = 8;

/* The most extra bits of a sequence: an offset's and two whole lengths. */
inline constexpr uint32_t max_extra_bits = 11 + 2 * (4 + whole_length_bits);

/* ---- Block -------------------------------------------------------------- */

inline constexpr uint32_t nr_streams = 8;
inline constexpr uint32_t nr_regions = 4;

/*
 * The last eight bytes of a block, as one number:
 *
 *	0	the payload or the literals stand as they are
 *	4:1	their profile
 *	7:5	the tokens' profile
 *	18:8	how many tokens
 *	31:19	how many bytes of payload or literals
 *	61:32	bytes of regions 0, 1 and 2, ten bits each
 *	63:62	0
 */
inline constexpr uint32_t tail_bytes = 8;
inline constexpr uint32_t region_size_bits = 10;
inline constexpr uint32_t max_region = (1u << region_size_bits) - 1;

struct tail {
	bool raw;
	uint32_t bytes_profile;
	uint32_t token_profile;
	uint32_t nr_tokens;
	uint32_t nr_bytes;
	uint32_t regions[nr_regions - 1];
};

constexpr uint64_t pack(const tail &t) noexcept
{
	return uint64_t{t.raw} | uint64_t{t.bytes_profile} << 1 |
	       uint64_t{t.token_profile} << 5 | uint64_t{t.nr_tokens} << 8 |
	       uint64_t{t.nr_bytes} << 19 | uint64_t{t.regions[0]} << 32 |
	       uint64_t{t.regions[1]} << 42 | uint64_t{t.regions[2]} << 52;
}

constexpr tail unpack(uint64_t bits) noexcept
{
	const auto field = [=](uint32_t at, uint32_t nr) {
		return static_cast<uint32_t>(bits >> at) & ((1u << nr) - 1);
	};

	return {field(0, 1) != 0,
		field(1, 4),
		field(5, 3),
		field(8, 11),
		field(19, 13),
		{field(32, region_size_bits), field(42, region_size_bits),
		 field(52, region_size_bits)}};
}

inline constexpr uint32_t tail_unused_bits = 62;

/* A unit has at most so many tokens: a sequence for each four bytes. */
inline constexpr uint32_t max_tokens = unit::bytes / 4;

} /* namespace zsm::w64::hc */

#endif /* ZSM_W64_HC_FORMAT_HH */
