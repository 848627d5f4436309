// SPDX-License-Identifier: GPL-2.0
/* Rounds through the slots, for the worker. See sweep.h. */
#include <linux/ktime.h>

#include "zram/slot.h"
#include "zram/slots.h"
#include "zram/tier/age.h"
#include "zram/tier/sweep.h"
#include "zram/times.h"

void zram_sweep_survey(struct zram *zram)
{
	struct zram_worker *w = &zram->tier.worker;
	struct zram_ages ages;

	zram_age_count(zram, &ages);
	spin_lock(&w->lock);
	w->ages = ages;
	spin_unlock(&w->lock);
}

bool zram_sweep_begin(struct zram *zram,
		      const struct zram_trigger_goal *goal)
{
	struct zram_worker *w = &zram->tier.worker;
	struct zram_sweep *sweep = &w->sweep;

	if (sweep->left && sweep->reason == goal->reason)
		return true;
	zram_sweep_survey(zram);
	sweep->reason = goal->reason;
	sweep->min_age = zram_age_cutoff(&w->ages, goal->min_age, goal->pages);
	sweep->left = sweep->min_age == ZRAM_NO_AGE ? 0 : zram->nr_slots;
	sweep->wrote = false;
	return sweep->left;
}

u64 zram_sweep_next(struct zram *zram)
{
	struct zram_sweep *sweep = &zram->tier.worker.sweep;
	u64 passed;
	u64 index = zram_next_slot_round(zram, sweep->hand, &passed);

	if (index >= zram->nr_slots || passed > sweep->left) {
		sweep->left = 0;
		return zram->nr_slots;
	}
	sweep->left -= passed;
	sweep->hand = index + 1;
	return index;
}

bool zram_sweep_takes(struct zram *zram, u64 index, u64 now)
{
	struct zram_sweep *sweep = &zram->tier.worker.sweep;
	struct zsm_word value = zram_slot_get(zram_slot_find(zram, index));
	u64 then, age_ns;

	if (!zram_in_memory(value) ||
	    zram_page_age(zram, index, value) < sweep->min_age)
		return false;
	if (sweep->reason != ZRAM_TIER_AGE)
		return true;
	age_ns = READ_ONCE(zram->settings.writeback_age) * NSEC_PER_SEC;
	then = zram_accessed_ns(zram, index);
	return then <= now && now - then >= age_ns;
}
