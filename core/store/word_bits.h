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

/* The location, or what the front keeps in its place. */
static inline uint64_t zsm_word_loc(uint64_t word)
{
	return word >> ZSM_WORD_LOC_SHIFT;
}

/* The word after its object has moved to @loc. */
static inline uint64_t zsm_word_moved(uint64_t word, uint64_t loc)
{
	return loc << ZSM_WORD_LOC_SHIFT |
	       (word & ((1ull << ZSM_WORD_LOC_SHIFT) - 1));
}

#endif /* ZSM_CORE_WORD_H */
