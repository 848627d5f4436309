// SPDX-License-Identifier: GPL-2.0
/* The life of the worker that writes cold pages back by itself. See worker.h. */
#include <linux/err.h>
#include <linux/ktime.h>
#include <linux/sysfs.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "zram/stat.h"
#include "zram/tier/backing.h"
#include "zram/tier/kick.h"
#include "zram/tier/log.h"
#include "zram/tier/pressure.h"
#include "zram/tier/run.h"
#include "zram/tier/worker.h"

/* ---- Devices ------------------------------------------------------------ */

int zram_worker_attach(struct zram_backing *backing)
{
	backing->writers = alloc_workqueue("zram_writeback", WQ_MEM_RECLAIM |
					   WQ_UNBOUND | WQ_FREEZABLE, 1);
	return backing->writers ? 0 : -ENOMEM;
}

void zram_worker_detach(struct zram_backing *backing)
{
	destroy_workqueue(backing->writers);
}

void zram_worker_init(struct zram *zram)
{
	struct zram_worker *w = &zram->tier.worker;

	INIT_DEFERRABLE_WORK(&w->work, zram_worker_run);
	spin_lock_init(&w->lock);
	init_waitqueue_head(&w->room);
	w->kick_bytes = U64_MAX;
}

void zram_worker_forget(struct zram *zram)
{
	struct zram_worker_stat *stat = &zram->tier.worker.stat;

	atomic64_set(&stat->written, 0);
	atomic64_set(&stat->waited, 0);
	atomic64_set(&stat->waited_in_vain, 0);
	zram->tier.auto_wanted = false;
	zram_worker_rate_changed(zram);
	zram_worker_daily_changed(zram);
}

/* ---- Settings ----------------------------------------------------------- */

void zram_worker_settings_changed(struct zram *zram)
{
	struct zram_worker *w = &zram->tier.worker;
	u64 bytes = U64_MAX;

	if (zram_worker_on(w))
		bytes = zram_trigger_high_bytes(zram->settings.mem_limit,
						zram->settings.writeback_high);
	WRITE_ONCE(w->kick_bytes, bytes);
	zram_worker_kick(zram);
}

void zram_worker_age_changed(struct zram *zram)
{
	/* A run that ends just now may put it off once more, by the former age. */
	WRITE_ONCE(zram->tier.worker.watch.age_ns, 0);
	zram_worker_kick(zram);
}

void zram_worker_rate_changed(struct zram *zram)
{
	struct zram_worker *w = &zram->tier.worker;

	spin_lock(&w->lock);
	zram_quota_set_rate(&w->quota, zram->settings.writeback_rate,
			    ktime_get_boottime_ns());
	spin_unlock(&w->lock);
}

void zram_worker_daily_changed(struct zram *zram)
{
	struct zram_worker *w = &zram->tier.worker;

	spin_lock(&w->lock);
	zram_quota_set_daily(&w->quota, zram->settings.writeback_daily,
			     ktime_get_boottime_ns());
	spin_unlock(&w->lock);
}

/* ---- Beginning and end -------------------------------------------------- */

/* What a run goes by. */
static void zram_worker_begin(struct zram *zram)
{
	struct zram_worker *w = &zram->tier.worker;
	u64 now = ktime_get_boottime_ns();

	spin_lock(&w->lock);
	zram_trigger_start(&w->trigger, true);
	zram_refault_start(&w->refault, ZRAM_NR_AGES,
			   ZRAM_REFAULT_DEFAULT_PERCENT);
	w->patience = (struct zram_patience){};
	w->ages = (struct zram_ages){};
	spin_unlock(&w->lock);
	w->sweep = (struct zram_sweep){};
	atomic64_set(&w->pressure, 0);
	clear_bit(0, &w->kicked);
	w->watch.step_ns = now;
	w->watch.step_written = atomic64_read(&w->stat.written);
	w->watch.step_read = zram_stat(zram, bd_reads);
	w->watch.rest_ns = now;
	w->watch.age_ns = now;
	WRITE_ONCE(w->paused, jiffies);
}

int zram_worker_start(struct zram *zram)
{
	struct zram_worker *w = &zram->tier.worker;
	int err;

	lockdep_assert_held_write(&zram->init_lock);
	if (zram_worker_on(w))
		return 0;
	/* After failures it has ended by itself. */
	zram_worker_stop(zram);
	if (zram->tier.backing->log)
		set_bit(0, &zram->tier.backing->log->retry);
	err = zram_pressure_start(zram);
	if (err)
		return err;
	w->state_file = sysfs_get_dirent(disk_to_dev(zram->disk)->kobj.sd,
					 "writeback_state");
	zram_worker_begin(zram);
	/* Pairs with zram_worker_on(). */
	smp_store_release(&w->on, true);
	zram_worker_settings_changed(zram);
	return 0;
}

void zram_worker_stop(struct zram *zram)
{
	struct zram_worker *w = &zram->tier.worker;
	enum zram_trigger_state before;

	lockdep_assert_held_write(&zram->init_lock);
	WRITE_ONCE(w->on, false);
	WRITE_ONCE(w->kick_bytes, U64_MAX);
	wake_up_all(&w->room);
	/* The shrinker asks for runs. */
	zram_pressure_stop(zram);
	cancel_delayed_work_sync(&w->work);
	WRITE_ONCE(w->waits, false);
	spin_lock(&w->lock);
	before = w->trigger.state;
	zram_trigger_start(&w->trigger, false);
	spin_unlock(&w->lock);
	zram_worker_tell(w, before);
	sysfs_put(w->state_file);
	w->state_file = NULL;
}
