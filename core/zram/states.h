/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The states of a slot, and what may happen to it in each: the one table that the driver
 * asks. Which bits make a state is told in core/zram/slot.h.
 *
 *	event       becomes                 in
 *	store       any but AWAY, _PACKED   every state; the mark and the claim go
 *	overwrite   _OBJECT, PACKED, WHOLE  states with an object: in the one that is there
 *	load        the same, not idle      every state; AWAY, _PACKED by a read of the block
 *	drop        EMPTY                   every state
 *	move        the same, elsewhere     states with an object, not locked
 *	mark        the same, idle          PACKED, WHOLE, not claimed
 *	claim       the same, claimed       PACKED, WHOLE, not claimed
 *	recompress  PACKED                  PACKED, WHOLE, claimed
 *	write back  AWAY, AWAY_PACKED       PACKED, WHOLE, claimed
 *
 * Pure functions; no lock. C must have the fixed-width integer types before it includes
 * this file.
 */
#ifndef ZRAM_CORE_STATES_H
#define ZRAM_CORE_STATES_H

#include "core/zram/slot.h"

enum zram_state {
	ZRAM_EMPTY,		/* never stored, or dropped: reads as zeroes */
	ZRAM_FILL_INSIDE,	/* repeats a value that the slot keeps */
	ZRAM_FILL_OBJECT,	/* repeats a value that an object keeps */
	ZRAM_PACKED,		/* compressed, in an object */
	ZRAM_WHOLE,		/* as it is, in an object */
	ZRAM_AWAY,		/* as it is, in a block of the backing device */
	ZRAM_AWAY_PACKED,	/* compressed, in a block */
	ZRAM_NR_STATES,
};

/* What is so in a state. */
#define ZRAM_HAS_OBJECT	(1u << 0)	/* there is one behind the slot: it may move */
#define ZRAM_HAS_DATA	(1u << 1)	/* and it has the page's data */
#define ZRAM_HAS_BLOCK	(1u << 2)	/* there is a block behind the slot */
#define ZRAM_REPEATS	(1u << 3)	/* counts as same-filled */
#define ZRAM_IS_PACKED	(1u << 4)	/* has to be decompressed */
/* What may happen. The others may in every state. */
#define ZRAM_MAY_CLAIM	(1u << 5)	/* and be marked, if it is not claimed already */

static const uint8_t zram_states[ZRAM_NR_STATES] = {
	/* ZRAM_EMPTY */
	0,
	/* ZRAM_FILL_INSIDE */
	ZRAM_REPEATS,
	/* ZRAM_FILL_OBJECT */
	ZRAM_REPEATS | ZRAM_HAS_OBJECT,
	/* ZRAM_PACKED */
	ZRAM_HAS_OBJECT | ZRAM_HAS_DATA | ZRAM_IS_PACKED | ZRAM_MAY_CLAIM,
	/* ZRAM_WHOLE */
	ZRAM_HAS_OBJECT | ZRAM_HAS_DATA | ZRAM_MAY_CLAIM,
	/* ZRAM_AWAY */
	ZRAM_HAS_BLOCK,
	/* ZRAM_AWAY_PACKED */
	ZRAM_HAS_BLOCK | ZRAM_IS_PACKED,
};

/* The state of a slot; its lock bit, its marks and a claim do not count. */
static inline enum zram_state zram_slot_state(struct zsm_word slot)
{
	if (slot.bits & ZRAM_SLOT_SAME)
		return zram_slot_fill_form(slot) == ZRAM_FILL_OUTSIDE ?
			       ZRAM_FILL_OBJECT : ZRAM_FILL_INSIDE;
	if (slot.bits & ZRAM_SLOT_BACKED)
		return slot.bits & ZRAM_SLOT_HUGE ||
				       zram_slot_size(slot) == ZSM_PAGE_SIZE ?
			       ZRAM_AWAY : ZRAM_AWAY_PACKED;
	if (!zram_slot_size(slot))
		return ZRAM_EMPTY;
	return slot.bits & ZRAM_SLOT_HUGE ? ZRAM_WHOLE : ZRAM_PACKED;
}

/* What is so, and may happen, in a slot's state. */
static inline uint32_t zram_slot_facts(struct zsm_word slot)
{
	return zram_states[zram_slot_state(slot)];
}

/* Whether there is an object behind the slot, with data or a value. */
static inline bool zram_slot_has_object(struct zsm_word slot)
{
	return zram_slot_facts(slot) & ZRAM_HAS_OBJECT;
}

/* Whether what is stored, in the pool or in a block, has to be decompressed. */
static inline bool zram_slot_compressed(struct zsm_word slot)
{
	return zram_slot_facts(slot) & ZRAM_IS_PACKED;
}

/* Whether the slot may be claimed, or marked as idle. */
static inline bool zram_slot_claimable(struct zsm_word slot)
{
	return zram_slot_facts(slot) & ZRAM_MAY_CLAIM &&
	       !(slot.bits & ZRAM_SLOT_CLAIMED);
}

/* The bytes that the page's data take in the pool. */
static inline uint32_t zram_slot_data_size(struct zsm_word slot)
{
	return zram_slot_facts(slot) & ZRAM_HAS_DATA ? zram_slot_size(slot) : 0;
}

#endif /* ZRAM_CORE_STATES_H */
