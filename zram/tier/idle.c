// SPDX-License-Identifier: GPL-2.0
/* Marks of pages that were not accessed for long. */
#include <linux/ktime.h>

#include "zram/slot.h"
#include "zram/tier/idle.h"
#include "zram/tier/pass.h"
#include "zram/times.h"

/* Pages of whatever age. */
#define ZRAM_ALL_AGES U64_MAX

/**
 * struct zram_marking - one marking of idle pages
 * @pass: its pass over slots
 * @before: marks what was last accessed at this time since boot, or before, and only
 *	that; ZRAM_ALL_AGES: everything
 */
struct zram_marking {
	struct zram_pass pass;
	u64 before;
};

/*
 * Younger pages lose a mark that they have, so that the marks say what was asked for
 * last. The time is read under the lock, since an access sets it first.
 */
static int zram_mark_visit(struct zram_pass *pass, u32 index, struct zsm_word seen)
{
	const struct zram_marking *m =
		container_of(pass, struct zram_marking, pass);
	unsigned long *slot = zram_slot_find(pass->zram, index);
	struct zsm_word value;

	zram_slot_lock(slot);
	value = zram_slot_get(slot);
	if (zram_plan_takes(&pass->plan, value)) {
		value.bits &= ~ZRAM_SLOT_IDLE;
		if (m->before == ZRAM_ALL_AGES ||
		    zram_accessed_ns(pass->zram, index) <= m->before)
			value.bits |= ZRAM_SLOT_IDLE;
		zram_slot_set(slot, value);
	}
	zram_slot_unlock(slot);
	return 0;
}

static int zram_mark(struct zram *zram, u64 before)
{
	static const struct zram_filter all_pages;
	struct zram_marking m = {
		.pass.zram = zram,
		.pass.visit = zram_mark_visit,
		.before = before,
	};

	zram_plan_begin(&m.pass.plan, &all_pages, ZRAM_ALL_PAGES, false);
	return zram_pass_run(&m.pass, 0, zram->nr_slots - 1);
}

int zram_mark_all_idle(struct zram *zram)
{
	return zram_mark(zram, ZRAM_ALL_AGES);
}

int zram_mark_older(struct zram *zram, u64 seconds)
{
	u64 now = ktime_get_coarse_boottime();
	int err;

	down_read(&zram->init_lock);
	err = zram_times_start(zram);
	up_read(&zram->init_lock);
	if (err)
		return err;
	if (!seconds)
		return zram_mark(zram, ZRAM_ALL_AGES);
	if (seconds > now / NSEC_PER_SEC)
		return zram_mark(zram, 0);
	return zram_mark(zram, now - seconds * NSEC_PER_SEC);
}
