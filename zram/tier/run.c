// SPDX-License-Identifier: GPL-2.0
/* A run of the worker that writes cold pages back by itself. See run.h. */
#define pr_fmt(fmt) "zram: " fmt

#include <linux/blkdev.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/minmax.h>
#include <linux/printk.h>
#include <linux/sched/mm.h>
#include <linux/sysfs.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "zram/memory.h"
#include "zram/stat.h"
#include "zram/tier/age.h"
#include "zram/tier/backing.h"
#include "zram/tier/run.h"
#include "zram/tier/sweep.h"
#include "zram/tier/writeback.h"

/* How long a run writes, and how many pages at the most. */
#define ZRAM_RUN_JIFFIES (HZ / 20 + 1)
#define ZRAM_RUN_PAGES 1024ull
/* Between two looks when there is nothing to do. */
#define ZRAM_REST_MS 1000u
/* In the time of writeback_age it looks so often for pages that have come of age. */
#define ZRAM_AGE_LOOKS 8u
/* While another task works on the device's pages. */
#define ZRAM_BUSY_MS 100u

/* ---- State -------------------------------------------------------------- */

void zram_worker_tell(struct zram_worker *w, enum zram_trigger_state before)
{
	if (w->trigger.state != before && w->state_file)
		sysfs_notify_dirent(w->state_file);
}

static u32 zram_worker_note(struct zram_worker *w,
			    enum zram_trigger_outcome outcome)
{
	enum zram_trigger_state before;
	u32 pause;

	spin_lock(&w->lock);
	before = w->trigger.state;
	pause = zram_trigger_note(&w->trigger, outcome);
	spin_unlock(&w->lock);
	zram_worker_tell(w, before);
	return pause;
}

static void zram_worker_rest(struct zram_worker *w)
{
	enum zram_trigger_state before;

	spin_lock(&w->lock);
	before = w->trigger.state;
	zram_trigger_rest(&w->trigger);
	spin_unlock(&w->lock);
	zram_worker_tell(w, before);
}

/* ---- What to do --------------------------------------------------------- */

/* Once in ten seconds: how old have pages to be? */
static void zram_worker_judge(struct zram *zram, u64 now)
{
	struct zram_worker *w = &zram->tier.worker;
	u64 written = atomic64_read(&w->stat.written);
	u64 read = zram_stat(zram, bd_reads);

	if (now - w->watch.step_ns < ZRAM_REFAULT_STEP_SECONDS * NSEC_PER_SEC)
		return;
	spin_lock(&w->lock);
	zram_refault_step(&w->refault, written - w->watch.step_written,
			  read - w->watch.step_read);
	spin_unlock(&w->lock);
	w->watch.step_ns = now;
	w->watch.step_written = written;
	w->watch.step_read = read;
}

/* Whether it is time to look for pages by their time of access. */
static bool zram_worker_at_rest(struct zram *zram, u64 now)
{
	struct zram_worker *w = &zram->tier.worker;
	u64 uses = zram_uses(zram);

	if (uses != w->watch.rest_uses) {
		w->watch.rest_uses = uses;
		w->watch.rest_ns = now;
	}
	return READ_ONCE(zram->settings.writeback_age) &&
	       now - w->watch.rest_ns >= NSEC_PER_SEC &&
	       now >= READ_ONCE(w->watch.age_ns);
}

static struct zram_trigger_goal zram_worker_decide(struct zram *zram, u64 now)
{
	struct zram_worker *w = &zram->tier.worker;
	struct zram_trigger_facts facts = {
		.used = zram_used_bytes(zram),
		.limit = READ_ONCE(zram->settings.mem_limit),
		.high = READ_ONCE(zram->settings.writeback_high),
		.low = READ_ONCE(zram->settings.writeback_low),
		.refused = atomic_xchg(&w->refused, 0),
		.stored_bytes = zram_stat(zram, compr_data_size),
		.pressure_pages = atomic64_read(&w->pressure),
		.min_age = zram_refault_age(&w->refault),
		.at_rest = zram_worker_at_rest(zram, now),
	};
	struct zram_trigger_goal goal;
	s64 stored = zram_stat(zram, pages_stored) -
		     zram_stat(zram, same_pages) -
		     atomic64_read(&zram->tier.backing->blocks.nr_used);

	/* Blocks that are being written to count, and the numbers are of no instant. */
	facts.stored_pages = max_t(s64, stored, 0);
	spin_lock(&w->lock);
	goal = zram_trigger_decide(&w->trigger, &facts);
	spin_unlock(&w->lock);
	return goal;
}

/* ---- A run -------------------------------------------------------------- */

/* Counts a block that is to be written, whatever for. Cleaning too ends with the worker. */
static bool zram_worker_charge(struct zram_writeback *wb)
{
	struct zram_worker *w = &wb->pass.zram->tier.worker;
	bool took;

	if (!zram_worker_on(w))
		return false;
	spin_lock(&w->lock);
	took = zram_quota_take(&w->quota, PAGE_SIZE, ktime_get_boottime_ns());
	spin_unlock(&w->lock);
	return took;
}

/* Starts a write of a page that is old enough. Returns what keeps it from going on. */
static int zram_worker_write(struct zram_writeback *wb, u64 index)
{
	int err = zram_writeback_page(wb, index);

	if (!err)
		wb->pass.zram->tier.worker.sweep.wrote = true;
	return err == -ENOENT ? 0 : err;
}

/* Goes on with the round; the caller holds work_lock. */
static int zram_worker_sweep(struct zram_writeback *wb, u64 pages, u64 now)
{
	struct zram *zram = wb->pass.zram;
	struct zram_worker *w = &zram->tier.worker;
	unsigned long end = jiffies + ZRAM_RUN_JIFFIES;
	struct blk_plug plug;
	unsigned int n = 0;
	int err = 0;

	blk_start_plug(&plug);
	while (!err && pages && !wb->nr_failed && zram_worker_on(w)) {
		u64 index = zram_sweep_next(zram);

		if (index >= zram->nr_slots)
			break;
		if (zram_sweep_takes(zram, index, now)) {
			err = zram_worker_write(wb, index);
			pages--;
		} else if (++n % 512) {
			continue;
		}
		if (time_after(jiffies, end))
			break;
		cond_resched();
	}
	blk_finish_plug(&plug);
	return err;
}

static enum zram_trigger_outcome zram_worker_outcome(struct zram_worker *w,
						     int err, u64 written,
						     u64 failed)
{
	if (failed && !written)
		return ZRAM_TIER_ERROR;
	if (err == -EIO)
		return ZRAM_TIER_NO_QUOTA;
	if (err == -ENOSPC)
		return ZRAM_TIER_NO_ROOM;
	if (!w->sweep.left && !w->sweep.wrote)
		return ZRAM_TIER_NO_PAGE;
	return ZRAM_TIER_WROTE;
}

/* Writes have failed too often: nothing more is tried until the knob is set again. */
static void zram_worker_give_up(struct zram *zram)
{
	WRITE_ONCE(zram->tier.worker.on, false);
	WRITE_ONCE(zram->tier.worker.kick_bytes, U64_MAX);
	pr_notice("%s: writing to %s failed %u times in a row: writeback_auto is off\n",
		  zram->disk->disk_name, zram->tier.backing->path,
		  ZRAM_TIER_MAX_FAILURES);
}

/* How long to pause for an outcome: for the quota until it is worth a write. */
static u32 zram_worker_pause(struct zram_worker *w,
			     enum zram_trigger_outcome outcome, u64 now)
{
	u32 pause = zram_worker_note(w, outcome);
	u64 wait;

	if (outcome == ZRAM_TIER_NO_QUOTA) {
		spin_lock(&w->lock);
		wait = zram_quota_wait(&w->quota, ZRAM_QUOTA_BURST, now);
		spin_unlock(&w->lock);
		/* Where there is no need to wait, it is writeback_limit that is spent. */
		if (wait)
			pause = min_t(u64, pause, wait / NSEC_PER_MSEC + 1);
	}
	WRITE_ONCE(w->paused, jiffies + msecs_to_jiffies(pause));
	return pause;
}

/* What pressure is left after pages were written, or were not there. */
static void zram_worker_relieve(struct zram_worker *w,
				const struct zram_trigger_goal *goal,
				enum zram_trigger_outcome outcome, u64 written)
{
	s64 pressure = atomic64_read(&w->pressure);

	if (outcome == ZRAM_TIER_WROTE && written < goal->pages)
		pressure = pressure * written / goal->pages + 1;
	atomic64_sub(pressure, &w->pressure);
	if (atomic64_read(&w->pressure) < 0)
		atomic64_set(&w->pressure, 0);
}

/* Writes some pages. Returns in how many milliseconds to go on. */
static u32 zram_worker_round(struct zram *zram,
			     const struct zram_trigger_goal *goal, u64 now)
{
	struct zram_worker *w = &zram->tier.worker;
	enum zram_trigger_outcome outcome;
	struct zram_writeback wb;
	int err = 0;

	if (!zram_writeback_try_begin(&wb, zram)) {
		WRITE_ONCE(w->waits, true);
		WRITE_ONCE(w->paused, jiffies + msecs_to_jiffies(ZRAM_BUSY_MS));
		return ZRAM_BUSY_MS;
	}
	WRITE_ONCE(w->waits, false);
	wb.charge = zram_worker_charge;
	if (zram_sweep_begin(zram, goal))
		err = zram_worker_sweep(&wb, min(goal->pages, ZRAM_RUN_PAGES),
					now);
	zram_writeback_end(&wb);
	atomic64_add(wb.nr_written, &w->stat.written);
	outcome = zram_worker_outcome(w, err, wb.nr_written, wb.nr_failed);
	if (goal->reason == ZRAM_TIER_PRESSURE)
		zram_worker_relieve(w, goal, outcome, wb.nr_written);
	if (goal->reason == ZRAM_TIER_AGE && !w->sweep.left) {
		WRITE_ONCE(w->watch.age_ns,
			   now + READ_ONCE(zram->settings.writeback_age) *
					 NSEC_PER_SEC / ZRAM_AGE_LOOKS);
		if (outcome == ZRAM_TIER_NO_PAGE) {
			zram_worker_rest(w);
			return ZRAM_REST_MS;
		}
	}
	return zram_worker_pause(w, outcome, now);
}

static u32 zram_worker_step(struct zram *zram)
{
	u64 now = ktime_get_boottime_ns();
	struct zram_trigger_goal goal;

	if (zram_age_tick(zram))
		zram_sweep_survey(zram);
	zram_worker_judge(zram, now);
	goal = zram_worker_decide(zram, now);
	if (goal.reason != ZRAM_TIER_NOTHING)
		return zram_worker_round(zram, &goal, now);
	WRITE_ONCE(zram->tier.worker.waits, false);
	zram_worker_rest(&zram->tier.worker);
	return ZRAM_REST_MS;
}

void zram_worker_run(struct work_struct *work)
{
	struct zram_worker *w = container_of(to_delayed_work(work),
					     struct zram_worker, work);
	struct zram *zram = container_of(w, struct zram, tier.worker);
	unsigned int noio;
	u32 pause;

	clear_bit(0, &w->kicked);
	if (!zram_worker_on(w))
		return;
	noio = memalloc_noio_save();
	pause = zram_worker_step(zram);
	memalloc_noio_restore(noio);
	if (w->trigger.state == ZRAM_TIER_FAILED)
		zram_worker_give_up(zram);
	else
		queue_delayed_work(zram->tier.backing->writers, &w->work,
				   msecs_to_jiffies(pause));
	wake_up_all(&w->room);
}
