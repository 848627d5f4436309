/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A slot's word. What its 64 bits mean is told by the core (core/zram); how it is locked,
 * in store/word.h.
 *
 * Objects are allocated before a slot is locked and freed after. So a slot changes
 * hands in a few instructions; a read and an overwrite in place hold it for a copy.
 */
#ifndef ZRAM_SLOT_H
#define ZRAM_SLOT_H

#include "store/word.h"
#include "zram_drv.h"

/* Slots a leaf has. */
#define ZRAM_SLOTS_PER_LEAF (PAGE_SIZE / sizeof(unsigned long))

/* The slot, or NULL if its leaf is not there, that is if it is empty. */
static inline unsigned long *zram_slot_find(struct zram *zram, u32 index)
{
	unsigned long **entry = &zram->leaves[index / ZRAM_SLOTS_PER_LEAF];
	/* Pairs with the cmpxchg() in zram_slot_make(): a leaf is zeroed. */
	unsigned long *leaf = smp_load_acquire(entry);

	return leaf ? &leaf[index % ZRAM_SLOTS_PER_LEAF] : NULL;
}

static inline void zram_slot_lock(unsigned long *slot)
	__acquires(bitlock)
{
	zsm_word_lock(slot);
}

static inline bool zram_slot_trylock(unsigned long *slot)
{
	return zsm_word_trylock(slot);
}

static inline void zram_slot_unlock(unsigned long *slot)
	__releases(bitlock)
{
	zsm_word_unlock(slot);
}

/* What the slot holds. Without the lock it is a hint. */
static inline struct zsm_word zram_slot_get(const unsigned long *slot)
{
	return zsm_word_get(slot);
}

/* The caller holds the slot's lock, whose bit is kept as it is. */
static inline void zram_slot_set(unsigned long *slot, struct zsm_word value)
{
	zsm_word_set(slot, value);
}

#endif /* ZRAM_SLOT_H */
