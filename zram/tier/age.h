/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How long ago pages were used, in generations: core/zram/age.h tells what these are.
 *
 * Storing and loading a page stamps its slot with the device's generation. As long as
 * nobody wants to know, the generation stays what it is, and loading changes nothing;
 * zram_age_tick() makes it go on.
 */
#ifndef ZRAM_TIER_AGE_H
#define ZRAM_TIER_AGE_H

#include <linux/types.h>

#include "core/zram/age.h"

struct zram;

/**
 * zram_age_start() - begin with a device's first generation
 * @zram: a device that is being set up
 *
 * Context: any.
 */
void zram_age_start(struct zram *zram);

/**
 * zram_age_tick() - begin another generation, if it is time
 * @zram: the device; one task at a time does this
 *
 * Goes through all slots if so.
 *
 * Context: may sleep; takes slots.
 * Return: whether it did.
 */
bool zram_age_tick(struct zram *zram);

/* How many pages have been stored and loaded, as the block layer counts it. */
u64 zram_uses(const struct zram *zram);

/* Whether a page is in memory, in an object with its data. */
static inline bool zram_in_memory(struct zsm_word value)
{
	return zram_slot_has_object(value) && !(value.bits & ZRAM_SLOT_SAME);
}

/**
 * zram_age_count() - how many pages in memory are of each age
 * @zram: the device
 * @ages: receives the numbers; what is stored or dropped meanwhile may count or not
 *
 * Context: may sleep; the task that calls zram_age_tick(), or while it does not.
 */
void zram_age_count(struct zram *zram, struct zram_ages *ages);

/**
 * zram_page_age() - a page's age
 * @zram: the device
 * @index: its slot
 * @value: what that holds: an object with the page's data
 *
 * A page that is marked as idle is of the oldest age.
 *
 * Context: as zram_age_count().
 * Return: generations, at the most ZRAM_NR_AGES - 1.
 */
u32 zram_page_age(struct zram *zram, u32 index, struct zsm_word value);

#endif /* ZRAM_TIER_AGE_H */
