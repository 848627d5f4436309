// SPDX-License-Identifier: GPL-2.0
/* Recompression that works by itself. See recompress_auto.h. */
#include <linux/bits.h>
#include <linux/gfp.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/workqueue.h>

#include "zram/slot.h"
#include "zram/slots.h"
#include "zram/tier/recompress.h"
#include "zram/tier/recompress_auto.h"
#include "zram/times.h"

/* While another task works on the device's pages. */
#define ZRAM_RECOMPRESS_BUSY_MS 100u

static struct workqueue_struct *zram_recompress_wq;

/* ---- A slice ------------------------------------------------------------ */

/*
 * All pages that a secondary algorithm has not been tried on yet. A mark that a user has set is
 * left to what he set it for.
 */
static void zram_recompress_auto_plan(struct zram_recompression *r)
{
	struct zram *zram = r->pass.zram;
	struct zram_filter filter = {};
	u32 prio;

	for (prio = 1; prio < ZRAM_NR_PRIOS; prio++) {
		if (zram->algos[prio].streams)
			filter.prios |= BIT(prio);
	}
	r->keep = ZRAM_SLOT_IDLE;
	zram_plan_begin(&r->pass.plan, &filter, ZRAM_ALL_PAGES, false);
}

/* Whether a page is to be tried now. */
static bool zram_recompress_auto_takes(struct zram_recompression *r, u64 index,
				       struct zsm_word value, u64 now)
{
	struct zram *zram = r->pass.zram;
	u64 age_ns = READ_ONCE(zram->settings.recompress_age) * NSEC_PER_SEC;
	u64 then;

	if (!zram_plan_takes(&r->pass.plan, value))
		return false;
	then = zram_accessed_ns(zram, index);
	return then <= now && now - then >= age_ns;
}

/* The next slot of the round that may hold something; nr_slots at its end. */
static u64 zram_recompress_auto_next(struct zram *zram)
{
	struct zram_recompress_worker *w = &zram->tier.recompress;
	u64 passed;
	u64 index = zram_next_slot_round(zram, w->hand, &passed);

	if (index >= zram->nr_slots)
		passed = U64_MAX;
	if (!zram_duty_pass(&w->duty, passed))
		return zram->nr_slots;
	w->hand = index + 1;
	return index;
}

/* The worker that writes back comes first: writes may wait for what it does. */
static bool zram_recompress_auto_may_go_on(const struct zram *zram)
{
	return READ_ONCE(zram->tier.recompress.on) && !READ_ONCE(zram->tier.worker.waits);
}

/* Works until the slice is over; the caller holds work_lock. */
static enum zram_duty_end zram_recompress_auto_work(struct zram_recompression *r,
						    u64 begin)
{
	struct zram *zram = r->pass.zram;
	struct zram_recompress_worker *w = &zram->tier.recompress;
	unsigned int n = 0;

	while (w->duty.left && zram_recompress_auto_may_go_on(zram)) {
		u64 index = zram_recompress_auto_next(zram);
		struct zsm_word value;

		if (index >= zram->nr_slots)
			break;
		value = zram_slot_get(zram_slot_find(zram, index));
		if (zram_recompress_auto_takes(r, index, value, begin)) {
			if (zram_recompress_visit(&r->pass, index, value))
				return ZRAM_DUTY_NO_MEMORY;
			/* At the limit the work would be for nothing, page by page. */
			if (r->full)
				return ZRAM_DUTY_NO_MEMORY;
			/* What cannot be done now does not make it look again soon. */
			w->duty.found |= r->done;
		} else if (++n % 512) {
			continue;
		}
		if (ktime_get_boottime_ns() - begin >= ZRAM_DUTY_SLICE_NS)
			break;
		cond_resched();
	}
	return ZRAM_DUTY_SLICE_OVER;
}

/* Returns in how many milliseconds to go on. */
static u64 zram_recompress_auto_slice(struct zram *zram)
{
	struct zram_recompress_worker *w = &zram->tier.recompress;
	enum zram_duty_end end = ZRAM_DUTY_NO_MEMORY;
	u64 begin = ktime_get_boottime_ns();
	struct zram_recompression r;

	if (READ_ONCE(zram->tier.worker.waits) || !mutex_trylock(&zram->tier.work_lock))
		return ZRAM_RECOMPRESS_BUSY_MS;
	zram_duty_begin(&w->duty, zram->nr_slots);
	if (!zram_recompression_begin(&r, zram, ZRAM_GFP)) {
		zram_recompress_auto_plan(&r);
		end = zram_recompress_auto_work(&r, begin);
		zram_recompression_end(&r);
	}
	mutex_unlock(&zram->tier.work_lock);
	return zram_duty_pause(&w->duty, end, ktime_get_boottime_ns() - begin,
			       READ_ONCE(zram->settings.recompress_rate),
			       READ_ONCE(zram->settings.recompress_age));
}

static void zram_recompress_auto_run(struct work_struct *work)
{
	struct zram_recompress_worker *w =
		container_of(to_delayed_work(work), struct zram_recompress_worker, work);
	struct zram *zram = container_of(w, struct zram, tier.recompress);
	u64 pause;

	if (!READ_ONCE(w->on))
		return;
	pause = zram_recompress_auto_slice(zram);
	queue_delayed_work(zram_recompress_wq, &w->work, msecs_to_jiffies(pause));
}

/* ---- Beginning and end -------------------------------------------------- */

void zram_recompress_auto_stop(struct zram *zram)
{
	struct zram_recompress_worker *w = &zram->tier.recompress;

	lockdep_assert_held_write(&zram->init_lock);
	WRITE_ONCE(w->on, false);
	cancel_delayed_work_sync(&w->work);
}

void zram_recompress_auto_changed(struct zram *zram)
{
	struct zram_recompress_worker *w = &zram->tier.recompress;

	zram_recompress_auto_stop(zram);
	if (!zram_is_set_up(zram) || !zram->last_prio ||
	    !zram->settings.recompress_auto)
		return;
	/* Nothing runs: a new round, by the new settings, from the first slot on. */
	w->duty = (struct zram_duty){};
	w->hand = 0;
	WRITE_ONCE(w->on, true);
	queue_delayed_work(zram_recompress_wq, &w->work, 0);
}

void zram_recompress_auto_prepare(struct zram *zram)
{
	INIT_DEFERRABLE_WORK(&zram->tier.recompress.work, zram_recompress_auto_run);
}

int zram_recompress_auto_init(void)
{
	zram_recompress_wq = alloc_workqueue("zram_recompress",
					     WQ_UNBOUND | WQ_FREEZABLE, 1);
	return zram_recompress_wq ? 0 : -ENOMEM;
}

void zram_recompress_auto_exit(void)
{
	destroy_workqueue(zram_recompress_wq);
}
