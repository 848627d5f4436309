/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Tables of the word coder, made when the core is compiled.
 *
 * A mask says which bytes of a word differ from its reference. It has at most
 * two runs of ones, so that its bytes can be put in place with two shifts; an
 * encoder that needs another mask takes the smallest that contains it.
 */
#ifndef ZSM_W64_TABLES_HH
#define ZSM_W64_TABLES_HH

#include "core/w64/format.hh"
#include "core/w64/masks.hh"

#include <cstdint>

namespace zsm::w64 {

/* A common tag, all a decoder needs of it. */
struct common_tag {
	uint64_t keep; /* what stays of the reference */
	uint64_t mask;
	uint64_t mask_low; /* its lower run */
	uint8_t shift_low;
	uint8_t shift_high;
	uint8_t bytes;
};

/* Another tag, as masks of all ones or none, so that nothing is decided. */
struct far_tag {
	uint64_t changes_lag;
	uint64_t new_lag;
	uint64_t has_ref; /* not zero */
	uint32_t has_mask;
	uint8_t mask;       /* if not in the payload */
	uint8_t mask_bytes; /* 1 if in the payload */
	uint8_t lag_bytes;  /* 1 if there is a lag in the payload */
};

/* How an encoder writes a word whose exact mask is known. */
struct choice {
	uint8_t tag;
	uint8_t mask;
	uint8_t mask_bytes; /* 1 if the mask goes to the payload */
	uint8_t bytes;      /* in the mask */
};

/* What a word is compared with. */
enum reference : uint32_t {
	ref_zero,
	ref_last,
	ref_previous,
	ref_new,
	nr_refs,
};

struct word_tables {
	uint64_t spread[256]; /* each bit of a mask as a byte */
	mask_runs runs[256];
	common_tag common[nr_near];
	far_tag far[nr_tags - nr_near];
	choice choices[nr_refs][256];
};

extern const word_tables tables;

} /* namespace zsm::w64 */

#endif /* ZSM_W64_TABLES_HH */
