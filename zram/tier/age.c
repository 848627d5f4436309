// SPDX-License-Identifier: GPL-2.0
/* Generations: when one begins, and the ages of the pages in memory. */
#include <linux/ktime.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/part_stat.h>
#include <linux/sched.h>

#include "zram/slot.h"
#include "zram/slots.h"
#include "zram/stat.h"
#include "zram/tier/age.h"
#include "zram/times.h"

u64 zram_uses(const struct zram *zram)
{
	struct block_device *bdev = zram->disk->part0;

	/* Each processor counts its own meanwhile; a few more or less do not matter. */
	return data_race(part_stat_read(bdev, sectors[STAT_READ]) +
			 part_stat_read(bdev, sectors[STAT_WRITE])) /
	       ZRAM_SECTORS_PER_PAGE;
}

/* What would be taken for the youngest in the next generation is no more. */
static void zram_age_slot(struct zram *zram, unsigned long *slot)
{
	struct zsm_word value = zram_slot_get(slot);

	if (!zram_in_memory(value) ||
	    zsm_word_same(value, zram_age_before(value, zram->tier.clock.now)))
		return;
	zram_slot_lock(slot);
	value = zram_slot_get(slot);
	zram_slot_set(slot, zram_age_before(value, zram->tier.clock.now));
	zram_slot_unlock(slot);
}

void zram_age_start(struct zram *zram)
{
	zram_clock_start(&zram->tier.clock, zram_uses(zram),
			 ktime_get_coarse_boottime());
	WRITE_ONCE(zram->generation, zram->tier.clock.now);
}

/* The slots of a leaf, from @index on; the first slot after it. */
static u64 zram_age_leaf(struct zram *zram, u64 index)
{
	u64 end = min(round_down(index, ZRAM_SLOTS_PER_LEAF) +
		      ZRAM_SLOTS_PER_LEAF, zram->nr_slots);
	unsigned long *slot = zram_slot_find(zram, index);

	for (; index < end; index++)
		zram_age_slot(zram, slot++);
	return end;
}

bool zram_age_tick(struct zram *zram)
{
	u64 uses = zram_uses(zram);
	u64 index = zram_next_slot(zram, 0);

	if (!zram_clock_due(&zram->tier.clock, uses, zram_stat(zram, pages_stored)))
		return false;
	while (ZRAM_SLOT_AGE_BITS && index < zram->nr_slots) {
		index = zram_next_slot(zram, zram_age_leaf(zram, index));
		cond_resched();
	}
	zram_clock_advance(&zram->tier.clock, uses, ktime_get_coarse_boottime());
	WRITE_ONCE(zram->generation, zram->tier.clock.now);
	return true;
}

u32 zram_page_age(struct zram *zram, u32 index, struct zsm_word value)
{
	if (value.bits & ZRAM_SLOT_IDLE)
		return ZRAM_NR_AGES - 1;
	if (ZRAM_SLOT_AGE_BITS)
		return zram_slot_age(value, zram->tier.clock.now);
	return zram_clock_age_at(&zram->tier.clock, zram_accessed_ns(zram, index));
}

static u64 zram_count_leaf(struct zram *zram, u64 index,
			   struct zram_ages *ages)
{
	u64 end = min(round_down(index, ZRAM_SLOTS_PER_LEAF) +
		      ZRAM_SLOTS_PER_LEAF, zram->nr_slots);
	const unsigned long *slot = zram_slot_find(zram, index);

	for (; index < end; index++, slot++) {
		struct zsm_word value = zram_slot_get(slot);

		if (zram_in_memory(value))
			ages->pages[zram_page_age(zram, index, value)]++;
	}
	return end;
}

void zram_age_count(struct zram *zram, struct zram_ages *ages)
{
	u64 index = zram_next_slot(zram, 0);

	*ages = (struct zram_ages){};
	while (index < zram->nr_slots) {
		index = zram_next_slot(zram,
				       zram_count_leaf(zram, index, ages));
		cond_resched();
	}
}
