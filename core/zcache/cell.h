/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * A cached block's two words, and the bucket that they stand in.
 *
 *	63        27 26    7 6     4 3        2      1            0
 *	| loc: 37   | tag   | round | object | used | referenced | lock |	the cell
 *	| block: 60 - PAGE_SHIFT | stored: PAGE_SHIFT + 1 | kind: 3 |	the key
 *
 * The location is the object's in the pool, or the value of a block that
 * repeats 32 bits. The tag, 20 bits of the hash, is a hint; the key says whose
 * block it is, and in which form. Cells of a bucket share a cache line, and
 * their keys the next one: a block that is not there costs one line, and one
 * that is there two. An object holds payload alone, so that a block which does
 * not compress fits into a page.
 *
 * A cell that is not used is 0 but for its lock bit. Its key is then of no
 * meaning. Both change under the lock bit; a cell may be read without.
 *
 * C must have the fixed-width integer types before it includes this file.
 */
#ifndef ZCACHE_CELL_H
#define ZCACHE_CELL_H

#ifdef __cplusplus
#include <cstdint>
#elif !defined(__KERNEL__)
#include <stdbool.h>
#endif

#include "core/page.h"
#include "core/store/word_bits.h"
#include "core/zcache/hash.h"

/* A read has found the block since the hand last came by. */
#define ZCACHE_CELL_REFERENCED (1ull << 1)
#define ZCACHE_CELL_USED (1ull << 2)
/* The location is an object's. */
#define ZCACHE_CELL_OBJECT (1ull << 3)
/* The round of the pool's hand in which the block was last kept, modulo 8. */
#define ZCACHE_CELL_ROUND_SHIFT 4
#define ZCACHE_CELL_ROUND_MASK (7ull << ZCACHE_CELL_ROUND_SHIFT)
#define ZCACHE_CELL_TAG_SHIFT 7

ZSM_STATIC_ASSERT(ZCACHE_CELL_TAG_SHIFT + ZCACHE_TAG_BITS == ZSM_WORD_LOC_SHIFT);

/* How a block is kept. */
enum zcache_kind {
	ZCACHE_COMPRESSED,	/* an object of as many bytes as stored */
	ZCACHE_WHOLE,		/* an object that holds the block as it is */
	ZCACHE_FILL,		/* no object: the location is a repeated u32 */
	ZCACHE_FILL_OUTSIDE,	/* an object that holds the repeated u64 */
};

#define ZCACHE_KIND_BITS 3u
#define ZCACHE_STORED_BITS (ZSM_PAGE_SHIFT + 1u)
#define ZCACHE_BLOCK_SHIFT (ZCACHE_KIND_BITS + ZCACHE_STORED_BITS)
/* Blocks that a device may have, as a power of two: 2^60 bytes of them. */
#define ZCACHE_BLOCK_BITS (64u - ZCACHE_BLOCK_SHIFT)

#define ZCACHE_WAYS 8u

/**
 * struct zcache_bucket - where a block can stand
 * @cells: a cache line
 * @keys: each cell's
 */
struct zcache_bucket {
	uint64_t cells[ZCACHE_WAYS];
	uint64_t keys[ZCACHE_WAYS];
};

/* A used cell, without its lock bit and marks. */
static inline struct zsm_word zcache_cell(struct zsm_loc loc, uint32_t tag)
{
	struct zsm_word cell = { loc.value << ZSM_WORD_LOC_SHIFT |
				 (uint64_t)tag << ZCACHE_CELL_TAG_SHIFT |
				 ZCACHE_CELL_USED };

	return cell;
}

/* A cell, as kept in that round of the hand. */
static inline struct zsm_word zcache_cell_kept(struct zsm_word cell,
					       uint32_t round)
{
	cell.bits &= ~(ZCACHE_CELL_ROUND_MASK | ZCACHE_CELL_REFERENCED);
	cell.bits |= (uint64_t)round << ZCACHE_CELL_ROUND_SHIFT &
		     ZCACHE_CELL_ROUND_MASK;
	return cell;
}

/**
 * zcache_cell_stays() - is a block kept when the hand comes by?
 * @cell: its cell; receives what it is then
 * @round: the hand's round
 *
 * It is once, if a read has found it since it was last kept or came in; and for the rest
 * of that round, in which the hand may come by again, as objects move.
 *
 * Context: any; the caller has the cell's lock.
 * Return: whether.
 */
static inline bool zcache_cell_stays(struct zsm_word *cell, uint32_t round)
{
	const struct zsm_word kept = zcache_cell_kept(*cell, round);
	const bool stays = cell->bits & ZCACHE_CELL_REFERENCED ||
			   cell->bits == kept.bits;

	*cell = kept;
	return stays;
}

/* Whether a cell is used, by a block with this tag. */
static inline bool zcache_cell_has_tag(struct zsm_word cell, uint32_t tag)
{
	const uint64_t low = ((1ull << ZCACHE_TAG_BITS) - 1)
				     << ZCACHE_CELL_TAG_SHIFT |
			     ZCACHE_CELL_USED;

	return (cell.bits & low) ==
	       ((uint64_t)tag << ZCACHE_CELL_TAG_SHIFT | ZCACHE_CELL_USED);
}

static inline uint64_t zcache_key(uint64_t block, uint32_t stored,
				  enum zcache_kind kind)
{
	return block << ZCACHE_BLOCK_SHIFT |
	       (uint64_t)stored << ZCACHE_KIND_BITS | kind;
}

static inline uint64_t zcache_key_block(uint64_t key)
{
	return key >> ZCACHE_BLOCK_SHIFT;
}

/* The bytes that a block takes in its object; 0 if it has none. */
static inline uint32_t zcache_key_stored(uint64_t key)
{
	return (uint32_t)(key >> ZCACHE_KIND_BITS) &
	       ((1u << ZCACHE_STORED_BITS) - 1);
}

static inline enum zcache_kind zcache_key_kind(uint64_t key)
{
	return (enum zcache_kind)(key & ((1u << ZCACHE_KIND_BITS) - 1));
}

/* Whether a cell has an object. */
static inline bool zcache_cell_has_object(struct zsm_word cell)
{
	return (cell.bits & ZCACHE_CELL_OBJECT) != 0;
}

/* Reads a word that others may be changing: once, and whole. */
static inline uint64_t zcache_peek(const uint64_t *word)
{
	return *(const volatile uint64_t *)word;
}

/**
 * zcache_bucket_match() - the cells that may be a block's
 * @bucket: the bucket
 * @tag: the block's tag
 *
 * Context: any; without the cells' locks the answer is a hint.
 * Return: bit w set: way w is used and has the tag.
 */
static inline uint32_t zcache_bucket_match(const struct zcache_bucket *bucket,
					   uint32_t tag)
{
	uint32_t found = 0;
	uint32_t way;

	for (way = 0; way < ZCACHE_WAYS; way++) {
		const struct zsm_word cell = {
			zcache_peek(&bucket->cells[way])
		};

		found |= (uint32_t)zcache_cell_has_tag(cell, tag) << way;
	}
	return found;
}

/**
 * struct zcache_seat - where a new block may go
 * @way: the way
 * @age: every way is used and referenced: the caller takes the mark from all
 */
struct zcache_seat {
	uint32_t way;
	bool age;
};

/**
 * zcache_bucket_seat() - choose the way of a new block
 * @bucket: the bucket
 *
 * A way that is not used and not locked; else the first that no read has found
 * since the hand came by; else the first.
 *
 * Context: any; without the cells' locks the answer is a hint.
 * Return: the way.
 */
static inline struct zcache_seat
zcache_bucket_seat(const struct zcache_bucket *bucket)
{
	struct zcache_seat seat = { ZCACHE_WAYS, false };
	uint32_t way;

	for (way = 0; way < ZCACHE_WAYS; way++) {
		const uint64_t cell = zcache_peek(&bucket->cells[way]);

		if (!cell) {
			seat.way = way;
			return seat;
		}
		if (seat.way == ZCACHE_WAYS && !(cell & ZCACHE_CELL_REFERENCED))
			seat.way = way;
	}
	if (seat.way == ZCACHE_WAYS) {
		seat.way = 0;
		seat.age = true;
	}
	return seat;
}

/* Whether a repeated u64 fits in the location: it is a u32, twice. */
static inline bool zcache_fill_fits(uint64_t value)
{
	return (uint32_t)value == value >> 32;
}

/* The u64 that a cell of kind ZCACHE_FILL stands for. */
static inline uint64_t zcache_fill_value(struct zsm_word cell)
{
	const uint64_t half = (uint32_t)zsm_word_loc(cell).value;

	return half << 32 | half;
}

#endif /* ZCACHE_CELL_H */
