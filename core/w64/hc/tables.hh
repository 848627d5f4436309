/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Tables of the dense coders, made when the core is compiled, from the code
 * lengths in lengths.hh and the tags' meanings in word_tags.hh. All of them
 * are read-only; a page touches two profiles of 2.5 KiB and the tags.
 */
#ifndef ZSM_W64_HC_TABLES_HH
#define ZSM_W64_HC_TABLES_HH

#include "core/w64/bytes.hh"
#include "core/w64/tables.hh"
#include "core/w64/hc/format.hh"

namespace zsm::w64::hc {

/* A decoder finds symbol << 8 | length by the next max_code_bits bits. */
struct code_tables {
	uint16_t decode[nr_profiles][1u << max_code_bits];
	uint16_t decode_offset[lz_token_profiles][1u << max_offset_code_bits];
};

/* An encoder finds code << code_shift | length by the symbol. */
inline constexpr uint32_t code_shift = 6;

/* The bits of a code, by an encoder's entry. */
W64_INLINE uint32_t code_length(uint32_t entry) noexcept
{
	return entry & ((1u << code_shift) - 1);
}

struct encode_tables {
	uint16_t encode[nr_profiles][256];
	uint16_t encode_offset[lz_token_profiles][nr_offset_classes];
	/* The symbols with the shortest code, to pad with. */
	uint8_t pad[nr_profiles];
	uint8_t pad_offset[lz_token_profiles];
	/* Code lengths, a byte for each profile of an alphabet. */
	uint64_t word_token_costs[256];
	uint64_t payload_costs[256];
	uint64_t lz_token_costs[256];
	uint64_t literal_costs[256];
};

static_assert(max_code_bits + code_shift <= 16);

/* What a decoder does for a tag. */
struct tag_action {
	uint64_t keep; /* what stays of the reference */
	uint64_t mask;
	uint64_t mask_low; /* its lower run */
	uint8_t shift_low;
	uint8_t shift_high;
	uint8_t bytes; /* of payload: a lag, a mask, a step, or masked bytes */
	uint8_t flags;
	uint8_t adds; /* 0xff: what is found by arithmetic is added */
	uint8_t pad[3];
};

static_assert(sizeof(tag_action) == 32);

/* The flags of a tag. act_new is 8: the payload is shifted by it. */
inline constexpr uint8_t act_first = 1; /* word 0 may have it */
inline constexpr uint8_t act_previous = 2;
inline constexpr uint8_t act_any_mask = 4;
inline constexpr uint8_t act_new = 8;
inline constexpr uint8_t act_sequence = 16;

struct tag_tables {
	tag_action actions[nr_dense_tags];
	/* As in word_tables, but that the tag is a token without a run. */
	choice choices[nr_refs][256];
};

/* How a decoder reads an LZ token. */
struct lz_action {
	uint8_t literals;
	uint8_t literal_bits;
	uint8_t match;
	uint8_t match_bits;
	uint8_t bits; /* both */
	uint8_t repeat;
	uint8_t pad[2];
};

struct offset_action {
	uint16_t base;
	uint8_t shift;
	uint8_t bits;
};

struct lz_tables {
	lz_action actions[256];
	offset_action offsets[nr_offset_classes];
};

extern const code_tables dense_codes;
extern const encode_tables dense_encode;
extern const tag_tables dense_tags;
extern const lz_tables dense_lz;

} /* namespace zsm::w64::hc */

#endif /* ZSM_W64_HC_TABLES_HH */
