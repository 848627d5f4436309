/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What the words have in common that fronts keep for stored pages, a slot of zram's or
 * a cell of the read cache: a lock bit, and the location of an object.
 *
 *   63            27 26            1 0
 *   | location: 37 | the front's: 26 | lock |
 *
 * C must have the fixed-width integer types before it includes this file.
 */
#ifndef ZSM_CORE_WORD_H
#define ZSM_CORE_WORD_H

#ifdef __cplusplus
#include <cstdint>
#endif

#include "core/zsm/location.h"

#define ZSM_WORD_LOCK_BIT 0
#define ZSM_WORD_LOCK (1ull << ZSM_WORD_LOCK_BIT)
#define ZSM_WORD_LOC_SHIFT (64 - ZSM_LOC_BITS)

/* A word's value; a type of its own, so that it is not taken for what it is made of. */
struct zsm_word {
	uint64_t bits;
};

static inline bool zsm_word_same(struct zsm_word a, struct zsm_word b)
{
	return a.bits == b.bits;
}

/* The location, or what the front keeps in its place. */
static inline struct zsm_loc zsm_word_loc(struct zsm_word word)
{
	struct zsm_loc loc = { word.bits >> ZSM_WORD_LOC_SHIFT };

	return loc;
}

/* The word after its object has moved to @loc. */
static inline struct zsm_word zsm_word_moved(struct zsm_word word,
					     struct zsm_loc loc)
{
	word.bits &= (1ull << ZSM_WORD_LOC_SHIFT) - 1;
	word.bits |= loc.value << ZSM_WORD_LOC_SHIFT;
	return word;
}

#endif /* ZSM_CORE_WORD_H */
