/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What the 64 bits of a slot mean; core/zram/states.h has its states. Pure functions; no
 * lock.
 *
 *   63            27 26    23 22      10 9          1 0
 *   | location: 37 | age: 4 | size: 13  | flags: 9   | lock |	an object
 *   | block: 37    | age: 4 | size: 13  | flags, BACKED set | lock |
 *   | value: 52                | form: 2 (11:10) | flags, SAME set | lock |
 *
 * The flags, from bit 1: SAME, HUGE, IDLE, BACKED, CLAIMED, two bits for the
 * algorithms that were tried, two for the one that the page is compressed with.
 *
 * A slot of which nothing but the lock bit is set is empty. An object has a
 * size of at least 1. A same-filled page repeats one 64-bit value; all values
 * that a 32-bit pattern, a pointer, a small integer or a short floating-point
 * number makes fit the 52 bits in one of three forms. Others are kept in an
 * object of 8 bytes, whose location stands where an object's would.
 *
 * A page on the backing device has a block's number where an object's location
 * would stand. Its size says what the block holds: ZSM_PAGE_SIZE, the page as it
 * is; less, so many bytes of what it was compressed to.
 *
 * C must have the fixed-width integer types before it includes this file.
 */
#ifndef ZRAM_CORE_SLOT_H
#define ZRAM_CORE_SLOT_H

#ifdef __cplusplus
#include <cstddef>
#include <cstdint>
#else
#ifndef __KERNEL__
#include <stdbool.h>
#endif
#endif

#include "core/store/same_filled.h"
#include "core/store/word_bits.h"

/* The page repeats one value. */
#define ZRAM_SLOT_SAME (1ull << 1)
/* The object holds the page as it is: compressing it saves nothing. */
#define ZRAM_SLOT_HUGE (1ull << 2)
/* Marked as not in use; reading or writing the page takes the mark away. */
#define ZRAM_SLOT_IDLE (1ull << 3)
/* The page is in a block of the backing device. */
#define ZRAM_SLOT_BACKED (1ull << 4)
/*
 * A task has a copy of the page at work, to put it back in another form. As
 * long as the flag is there the page is the one that was copied: storing and
 * dropping take it away. The location may change meanwhile.
 */
#define ZRAM_SLOT_CLAIMED (1ull << 5)
/*
 * Up to which priority secondary algorithms need not be tried on the page: all of
 * them made it no smaller, or the page is compressed with that one.
 */
#define ZRAM_SLOT_TRIED_SHIFT 6
/* The priority of the algorithm that compressed the page: 0, the primary. */
#define ZRAM_SLOT_PRIO_SHIFT 8
#define ZRAM_SLOT_PRIO_MASK 3u

/* Algorithms that a device can have, the primary one included. */
#define ZRAM_NR_PRIOS (ZRAM_SLOT_PRIO_MASK + 1)

#define ZRAM_SLOT_FLAG_BITS 10
#define ZRAM_SLOT_SIZE_BITS (ZSM_PAGE_SHIFT + 1)
/* What pages of 64 KiB leave no room for: see core/zram/age.h. */
#define ZRAM_SLOT_AGE_BITS (16 - ZSM_PAGE_SHIFT)
#define ZRAM_SLOT_AGE_SHIFT (ZRAM_SLOT_FLAG_BITS + ZRAM_SLOT_SIZE_BITS)
#define ZRAM_SLOT_LOC_SHIFT ZSM_WORD_LOC_SHIFT

ZSM_STATIC_ASSERT(ZRAM_SLOT_AGE_SHIFT + ZRAM_SLOT_AGE_BITS ==
		  ZRAM_SLOT_LOC_SHIFT);
ZSM_STATIC_ASSERT(ZSM_PAGE_SIZE < 1u << ZRAM_SLOT_SIZE_BITS);

/* How a same-filled page's value is kept. */
enum zram_fill_form {
	ZRAM_FILL_LOW,		/* 52 bits, sign-extended */
	ZRAM_FILL_HIGH,		/* the upper 52 bits, the lower 12 are zero */
	ZRAM_FILL_TWICE,	/* 32 bits, twice */
	ZRAM_FILL_OUTSIDE,	/* in an object */
};

#define ZRAM_FILL_SHIFT (ZRAM_SLOT_FLAG_BITS + 2)
#define ZRAM_FILL_BITS (64 - ZRAM_FILL_SHIFT)
/* The size of the object that keeps a value outside. */
#define ZRAM_FILL_SIZE 8u

/* The number of a block of the backing device; a type of its own, as it is no location. */
struct zram_block {
	uint64_t number;
};

/* The slot of an object at @loc with @size bytes and @flags. */
static inline struct zsm_word zram_slot_object(struct zsm_loc loc,
					       uint32_t size, uint64_t flags)
{
	struct zsm_word slot = {
		(uint64_t)size << ZRAM_SLOT_FLAG_BITS | flags
	};

	return zsm_word_moved(slot, loc);
}

/* The slot of a page in @block, which has @size bytes of it. */
static inline struct zsm_word zram_slot_away(struct zram_block block,
					     uint32_t size, uint64_t flags)
{
	struct zsm_loc place = { block.number };

	return zram_slot_object(place, size, ZRAM_SLOT_BACKED | flags);
}

/* The flags of a page that algorithm @prio compressed, @tried being the last. */
static inline uint64_t zram_slot_prios(uint32_t prio, uint32_t tried)
{
	return (uint64_t)prio << ZRAM_SLOT_PRIO_SHIFT |
	       (uint64_t)tried << ZRAM_SLOT_TRIED_SHIFT;
}

static inline uint32_t zram_slot_prio(struct zsm_word slot)
{
	return (uint32_t)(slot.bits >> ZRAM_SLOT_PRIO_SHIFT) & ZRAM_SLOT_PRIO_MASK;
}

static inline uint32_t zram_slot_tried(struct zsm_word slot)
{
	return (uint32_t)(slot.bits >> ZRAM_SLOT_TRIED_SHIFT) & ZRAM_SLOT_PRIO_MASK;
}

/* The location of a slot's object. */
static inline struct zsm_loc zram_slot_loc(struct zsm_word slot)
{
	return zsm_word_loc(slot);
}

/* The block of a slot whose page is on the backing device. */
static inline struct zram_block zram_slot_block(struct zsm_word slot)
{
	struct zram_block block = { zsm_word_loc(slot).value };

	return block;
}

/* The size of a slot's object that is not a fill value's, or of a block's data. */
static inline uint32_t zram_slot_size(struct zsm_word slot)
{
	return (uint32_t)(slot.bits >> ZRAM_SLOT_FLAG_BITS) &
	       ((1u << ZRAM_SLOT_SIZE_BITS) - 1);
}

static inline bool zram_slot_empty(struct zsm_word slot)
{
	return !(slot.bits & ~ZSM_WORD_LOCK);
}

static inline enum zram_fill_form zram_slot_fill_form(struct zsm_word slot)
{
	return (enum zram_fill_form)(slot.bits >> ZRAM_SLOT_FLAG_BITS & 3);
}

/* The slot after its object, of either kind, has moved to @loc. */
static inline struct zsm_word zram_slot_moved(struct zsm_word slot,
					      struct zsm_loc loc)
{
	return zsm_word_moved(slot, loc);
}

/* The slot of a page filled with a value that the object at @loc keeps. */
static inline struct zsm_word zram_slot_fill_outside(struct zsm_loc loc)
{
	struct zsm_word slot = {
		(uint64_t)ZRAM_FILL_OUTSIDE << ZRAM_SLOT_FLAG_BITS |
		ZRAM_SLOT_SAME
	};

	return zsm_word_moved(slot, loc);
}

/**
 * zram_slot_fill() - the slot of a page filled with a value
 * @fill: the value
 *
 * Return: the slot; an empty one if the value does not fit and must go outside.
 */
static inline struct zsm_word zram_slot_fill(struct zsm_fill fill)
{
	const uint64_t value = fill.value;
	struct zsm_word slot = { 0 };
	uint64_t bits, form;

	if ((uint64_t)((int64_t)(value << (64 - ZRAM_FILL_BITS)) >>
		       (64 - ZRAM_FILL_BITS)) == value) {
		form = ZRAM_FILL_LOW;
		bits = value;
	} else if (!(value & ((1ull << (64 - ZRAM_FILL_BITS)) - 1))) {
		form = ZRAM_FILL_HIGH;
		bits = value >> (64 - ZRAM_FILL_BITS);
	} else if ((uint32_t)value == value >> 32) {
		form = ZRAM_FILL_TWICE;
		bits = (uint32_t)value;
	} else {
		return slot;
	}
	slot.bits = bits << ZRAM_FILL_SHIFT | form << ZRAM_SLOT_FLAG_BITS |
		    ZRAM_SLOT_SAME;
	return slot;
}

/* The value of a same-filled slot that does not keep it outside. */
static inline struct zsm_fill zram_slot_fill_value(struct zsm_word slot)
{
	uint64_t bits = slot.bits >> ZRAM_FILL_SHIFT;
	struct zsm_fill fill;

	switch (zram_slot_fill_form(slot)) {
	case ZRAM_FILL_HIGH:
		fill.value = bits << (64 - ZRAM_FILL_BITS);
		break;
	case ZRAM_FILL_TWICE:
		fill.value = bits << 32 | bits;
		break;
	default:
		fill.value = (uint64_t)((int64_t)slot.bits >> ZRAM_FILL_SHIFT);
	}
	return fill;
}

#endif /* ZRAM_CORE_SLOT_H */
