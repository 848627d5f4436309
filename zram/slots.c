// SPDX-License-Identifier: GPL-2.0
/* Slots: their leaves, what goes into one and out of it, and moves. */
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/vmalloc.h>

#include "zram/slot.h"
#include "zram/slots.h"
#include "zram/stat.h"
#include "zram/tier/away.h"
#include "zram/times.h"

/* ---- Leaves ------------------------------------------------------------- */

int zram_slots_create(struct zram *zram)
{
	size_t bytes = sizeof(*zram->leaves) *
		       DIV_ROUND_UP(zram->nr_slots, ZRAM_SLOTS_PER_LEAF);

	zram->leaves = vzalloc(bytes);
	if (!zram->leaves)
		return -ENOMEM;
	/* There is no limit yet: it is for what is stored. */
	return zsm_charge_owner(zram->pool, PAGE_ALIGN(bytes));
}

unsigned long *zram_slot_make(struct zram *zram, u32 index)
{
	unsigned long **entry = &zram->leaves[index / ZRAM_SLOTS_PER_LEAF];
	unsigned long *slot = zram_slot_find(zram, index);
	unsigned long *leaf;
	int err;

	/* A write does not fail for a time; the next one here tries again. */
	if (unlikely(READ_ONCE(zram->times)))
		zram_times_make(zram, index);
	if (likely(slot))
		return slot;
	err = zsm_charge_owner(zram->pool, PAGE_SIZE);
	if (err)
		return ERR_PTR(err);
	leaf = (unsigned long *)get_zeroed_page(ZRAM_GFP);
	if (leaf && !cmpxchg(entry, NULL, leaf))
		return &leaf[index % ZRAM_SLOTS_PER_LEAF];
	/* There is no memory, or another task was first. */
	free_page((unsigned long)leaf);
	zsm_uncharge_owner(zram->pool, PAGE_SIZE);
	return zram_slot_find(zram, index) ?: ERR_PTR(-ENOMEM);
}

u64 zram_next_slot(struct zram *zram, u64 index)
{
	u64 leaf = index / ZRAM_SLOTS_PER_LEAF;

	if (index >= zram->nr_slots || READ_ONCE(zram->leaves[leaf]))
		return index;
	while (++leaf * ZRAM_SLOTS_PER_LEAF < zram->nr_slots) {
		if (READ_ONCE(zram->leaves[leaf]))
			return leaf * ZRAM_SLOTS_PER_LEAF;
		cond_resched();
	}
	return zram->nr_slots;
}

u64 zram_next_slot_round(struct zram *zram, u64 index, u64 *passed)
{
	u64 next = zram_next_slot(zram, index);

	*passed = next - index + 1;
	if (next < zram->nr_slots)
		return next;
	next = zram_next_slot(zram, 0);
	*passed += next;
	return next;
}

/* ---- One slot ----------------------------------------------------------- */

/* Most writes over a page change one of the counters at most. */
void zram_account(struct zram *zram, struct zsm_word old, struct zsm_word value)
{
	int stored = !zram_slot_empty(value) - !zram_slot_empty(old);
	int same = !!(value.bits & ZRAM_SLOT_SAME) - !!(old.bits & ZRAM_SLOT_SAME);
	int huge = (zram_slot_state(value) == ZRAM_WHOLE) -
		   (zram_slot_state(old) == ZRAM_WHOLE);
	s64 bytes = (s64)zram_slot_data_size(value) - zram_slot_data_size(old);

	if (stored)
		zram_stat_add(zram, pages_stored, stored);
	if (same)
		zram_stat_add(zram, same_pages, same);
	if (huge)
		zram_stat_add(zram, huge_pages, huge);
	if (bytes)
		zram_stat_add(zram, compr_data_size, bytes);
}

void zram_release(struct zram *zram, struct zsm_word value)
{
	if (zram_slot_has_object(value))
		zsm_free(zram->pool, zram_slot_loc(value));
	else if (value.bits & ZRAM_SLOT_BACKED)
		zram_backing_free(zram->tier.backing, value);
}

void zram_publish(struct zram *zram, unsigned long *slot, struct zsm_word value)
{
	struct zsm_word old;

	zram_slot_lock(slot);
	old = zram_slot_get(slot);
	zram_slot_set(slot, value);
	zram_slot_unlock(slot);

	zram_account(zram, old, value);
	zram_release(zram, old);
}

/* ---- Drop --------------------------------------------------------------- */

static void zram_drop_slot(struct zram *zram, unsigned long *slot)
{
	if (!zram_slot_empty(zram_slot_get(slot)))
		zram_publish(zram, slot, (struct zsm_word){});
}

void zram_drop_pages(struct zram *zram, u64 first, u64 count)
{
	u64 end = first + count;
	u64 index = first;

	while (index < end) {
		u64 leaf_end = min(round_down(index, ZRAM_SLOTS_PER_LEAF) +
				   ZRAM_SLOTS_PER_LEAF, end);
		unsigned long *slot = zram_slot_find(zram, index);

		for (; slot && index < leaf_end; index++)
			zram_drop_slot(zram, slot++);
		index = leaf_end;
		cond_resched();
	}
}

bool zram_try_drop_page(struct zram *zram, u32 index)
{
	unsigned long *slot = zram_slot_find(zram, index);
	struct zsm_word none = {};
	struct zsm_word old;

	if (!slot)
		return true;
	if (!zram_slot_trylock(slot))
		return false;
	old = zram_slot_get(slot);
	zram_slot_set(slot, none);
	zram_slot_unlock(slot);
	zram_account(zram, old, none);
	zram_release(zram, old);
	return true;
}

/* ---- Moves -------------------------------------------------------------- */

static bool zram_slot_freeze(void *priv, u32 owner, struct zsm_loc loc)
{
	return zsm_word_freeze(zram_slot_find(priv, owner), loc,
			       zram_slot_has_object);
}

static void zram_slot_thaw(void *priv, u32 owner, struct zsm_loc loc)
{
	zsm_word_thaw(zram_slot_find(priv, owner), loc);
}

const struct zsm_ops zram_slot_ops = {
	.freeze = zram_slot_freeze,
	.thaw = zram_slot_thaw,
};

/* ---- The end ------------------------------------------------------------ */

void zram_slots_destroy(struct zram *zram)
{
	u64 nr_leaves = DIV_ROUND_UP(zram->nr_slots, ZRAM_SLOTS_PER_LEAF);
	u64 i;

	zram_drop_pages(zram, 0, zram->nr_slots);
	for (i = 0; i < nr_leaves; i++) {
		free_page((unsigned long)zram->leaves[i]);
		if (!(i % 1024))
			cond_resched();
	}
	vfree(zram->leaves);
	zram->leaves = NULL;
	zram_times_destroy(zram);
}
