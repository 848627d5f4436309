// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "core/w64/hc/tables.hh"
#include "core/w64/hc/lengths.hh"
#include "core/w64/hc/word_tags.hh"
#include "core/w64/masks.hh"

namespace zsm::w64::hc {
namespace {

/* ---- Codes -------------------------------------------------------------- */

/* A length as lengths.hh writes it: a hexadecimal digit; 0 is no code. */
constexpr uint32_t length_of(char digit)
{
	return static_cast<uint32_t>(digit < 'a' ? digit - '0'
						 : digit - 'a' + 10);
}

/*
 * The canonical code of these lengths: codes of one length follow each other
 * in the order of their symbols, and those that are longer come after them.
 * Returns the first code that is not used, of @longest bits.
 */
template <uint32_t Longest, uint32_t Symbols>
consteval uint32_t make_code(const char (&lengths)[Symbols + 1],
			     uint16_t (&encode)[Symbols],
			     uint16_t (&decode)[1u << Longest])
{
	uint32_t code = 0;

	for (uint32_t length = 1; length <= Longest; length++) {
		const uint32_t share = 1u << (Longest - length);

		for (uint32_t symbol = 0; symbol < Symbols; symbol++) {
			if (length_of(lengths[symbol]) != length)
				continue;
			encode[symbol] = static_cast<uint16_t>(
				code / share << code_shift | length);
			for (uint32_t i = 0; i < share; i++)
				decode[code++] = static_cast<uint16_t>(
					symbol << 8 | length);
		}
	}
	return code;
}

template <uint32_t Symbols>
consteval uint8_t shortest(const char (&lengths)[Symbols])
{
	uint32_t best = 0;

	for (uint32_t symbol = 0; symbol < Symbols - 1; symbol++) {
		const uint32_t length = length_of(lengths[symbol]);
		const uint32_t least = length_of(lengths[best]);

		if (length && (!least || length < least))
			best = symbol;
	}
	return static_cast<uint8_t>(best);
}

struct all_codes {
	code_tables decoding;
	encode_tables encoding;
	/* Every sequence of bits is a code. */
	bool complete;
};

consteval uint64_t costs(uint32_t symbol, uint32_t first, uint32_t nr)
{
	uint64_t all = 0;

	for (uint32_t i = 0; i < nr; i++)
		all |= uint64_t{length_of(code_lengths[first + i][symbol])}
		       << (8 * i);
	return all;
}

consteval all_codes make_codes()
{
	all_codes made{};

	made.complete = true;
	for (uint32_t i = 0; i < nr_profiles; i++) {
		made.complete &=
			make_code<max_code_bits, 256>(
				code_lengths[i], made.encoding.encode[i],
				made.decoding.decode[i]) == 1u << max_code_bits;
		made.encoding.pad[i] = shortest(code_lengths[i]);
	}
	for (uint32_t i = 0; i < lz_token_profiles; i++) {
		made.complete &=
			make_code<max_offset_code_bits, nr_offset_classes>(
				offset_code_lengths[i],
				made.encoding.encode_offset[i],
				made.decoding.decode_offset[i]) ==
			1u << max_offset_code_bits;
		made.encoding.pad_offset[i] = shortest(offset_code_lengths[i]);
	}
	for (uint32_t i = 0; i < 256; i++) {
		made.encoding.word_token_costs[i] =
			costs(i, first_word_token, word_token_profiles);
		made.encoding.payload_costs[i] =
			costs(i, first_payload, payload_profiles);
		made.encoding.lz_token_costs[i] =
			costs(i, first_lz_token, lz_token_profiles);
		made.encoding.literal_costs[i] =
			costs(i, first_literal, literal_profiles);
	}
	return made;
}

constexpr all_codes made_codes = make_codes();

static_assert(made_codes.complete);

/* ---- Tags --------------------------------------------------------------- */

consteval tag_action action(uint32_t tag)
{
	const tag_meaning meaning = meanings[tag];
	const mask_runs runs = runs_of(meaning.mask);
	const bool is_zero = meaning.with == ref_zero;
	const bool is_new = meaning.with == ref_new;
	const bool any = meaning.how == kind::any_mask;
	const bool step = meaning.how == kind::step;
	const bool sequence = meaning.how == kind::sequence;

	return {is_zero ? 0 : ~spread(meaning.mask),
		spread(meaning.mask),
		spread(runs.low),
		runs.shift_low,
		runs.shift_high,
		static_cast<uint8_t>(runs.bytes + is_new + any + step),
		static_cast<uint8_t>(
			(is_zero ? act_first : 0) |
			(meaning.with == ref_previous ? act_previous : 0) |
			(any ? act_any_mask : 0) | (is_new ? act_new : 0) |
			(sequence ? act_sequence : 0)),
		static_cast<uint8_t>(step || sequence ? 0xff : 0),
		{}};
}

/*
 * The tag for an exact mask that takes the least payload. A mask of the tag's
 * own that contains it is taken before one in the payload, if it costs the
 * same.
 */
consteval choice choose_dense(uint32_t ref, uint32_t exact, uint32_t widened)
{
	constexpr uint32_t any[] = {dense_any_zero, dense_any_last,
				    dense_any_previous, dense_any_new};
	choice best{token(any[ref], 0), static_cast<uint8_t>(widened), 1,
		    static_cast<uint8_t>(bits_of(widened))};

	for (uint32_t tag = 0; tag < nr_dense_tags; tag++) {
		const tag_meaning meaning = meanings[tag];
		const uint32_t bytes = bits_of(meaning.mask);

		if (meaning.with == ref && meaning.how == kind::masked &&
		    (meaning.mask & exact) == exact &&
		    bytes < uint32_t{best.bytes} + 2 * best.mask_bytes)
			best = {token(tag, 0), meaning.mask, 0,
				static_cast<uint8_t>(bytes)};
	}
	return best;
}

consteval tag_tables make_tags()
{
	tag_tables made{};

	for (uint32_t tag = 0; tag < nr_dense_tags; tag++)
		made.actions[tag] = action(tag);
	for (uint32_t mask = 0; mask < 256; mask++) {
		const uint32_t widened = widen(mask);

		for (uint32_t ref = 0; ref < nr_refs; ref++)
			made.choices[ref][mask] =
				choose_dense(ref, mask, widened);
	}
	return made;
}

/* ---- LZ ----------------------------------------------------------------- */

consteval lz_action lz_action_of(uint32_t token)
{
	const uint32_t literals = token % lz_repeat / match_classes;
	const uint32_t match = token % match_classes;
	const bool long_run = literals == long_literals;
	const uint32_t match_bits = match < short_long_match    ? 0
				    : match == short_long_match ? 2
								: 4;
	const uint32_t base = match <= short_long_match ? match : long_match;

	return {static_cast<uint8_t>(literals),
		static_cast<uint8_t>(long_run ? 4 : 0),
		static_cast<uint8_t>(lz_min_match + base),
		static_cast<uint8_t>(match_bits),
		static_cast<uint8_t>((long_run ? 4 : 0) + match_bits),
		token >= lz_repeat,
		{}};
}

consteval lz_tables make_lz()
{
	lz_tables made{};

	for (uint32_t token = 0; token < nr_lz_tokens; token++)
		made.actions[token] = lz_action_of(token);
	for (uint32_t i = first_aligned; i < first_unaligned; i++) {
		const uint32_t power = i - first_aligned;

		made.offsets[i] = {static_cast<uint16_t>(8u << power), 3,
				   static_cast<uint8_t>(power)};
	}
	for (uint32_t i = first_unaligned; i < end_of_offsets; i++) {
		const uint32_t power = i - first_unaligned;

		made.offsets[i] = {static_cast<uint16_t>(1u << power), 0,
				   static_cast<uint8_t>(power)};
	}
	return made;
}

} /* namespace */

constinit const code_tables dense_codes = made_codes.decoding;
constinit const encode_tables dense_encode = made_codes.encoding;
constinit const tag_tables dense_tags = make_tags();
constinit const lz_tables dense_lz = make_lz();

} /* namespace zsm::w64::hc */
