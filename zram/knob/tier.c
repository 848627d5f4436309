// SPDX-License-Identifier: GPL-2.0
/* The knobs of the worker that writes cold pages back by itself. */
#include <linux/kstrtox.h>
#include <linux/sysfs.h>

#include "zram/knob/sysfs.h"
#include "zram/stat.h"
#include "zram/tier/backing.h"
#include "zram/tier/log.h"
#include "zram/tier/worker.h"

ssize_t zram_knob_writeback_auto_show(struct zram *zram, char *buf)
{
	bool on;

	down_read(&zram->init_lock);
	on = zram_is_set_up(zram) ? zram_worker_on(&zram->tier.worker) :
				    zram->tier.auto_wanted;
	up_read(&zram->init_lock);
	return sysfs_emit(buf, "%d\n", on);
}

static int zram_set_auto(struct zram *zram, bool on)
{
	if (!zram_is_set_up(zram)) {
		zram->tier.auto_wanted = on;
		return 0;
	}
	if (!zram->tier.backing)
		return on ? -ENODEV : 0;
	if (on)
		return zram_worker_start(zram);
	zram_worker_stop(zram);
	return 0;
}

int zram_knob_writeback_auto_store(struct zram *zram, const char *text)
{
	bool on;
	int err;

	if (kstrtobool(text, &on))
		return -EINVAL;
	down_write(&zram->init_lock);
	err = zram_set_auto(zram, on);
	up_write(&zram->init_lock);
	return err;
}

ssize_t zram_knob_writeback_state_show(struct zram *zram, char *buf)
{
	static const char *const names[] = {
		[ZRAM_TIER_OFF] = "off",
		[ZRAM_TIER_IDLE] = "idle",
		[ZRAM_TIER_WRITING] = "writing",
		[ZRAM_TIER_YOUNG] = "young",
		[ZRAM_TIER_SPENT] = "spent",
		[ZRAM_TIER_FULL] = "full",
		[ZRAM_TIER_FAILED] = "failed",
	};
	struct zram_worker *w = &zram->tier.worker;
	enum zram_trigger_state state;

	spin_lock(&w->lock);
	state = w->trigger.state;
	spin_unlock(&w->lock);
	return sysfs_emit(buf, "%s\n", names[state]);
}

ssize_t zram_knob_writeback_stat_show(struct zram *zram, char *buf)
{
	struct zram_worker *w = &zram->tier.worker;
	u32 age;

	spin_lock(&w->lock);
	age = zram_refault_age(&w->refault);
	spin_unlock(&w->lock);
	return sysfs_emit(buf, "%8llu %8llu %8llu %8u\n",
			  (u64)atomic64_read(&w->stat.written),
			  (u64)atomic64_read(&w->stat.waited),
			  (u64)atomic64_read(&w->stat.waited_in_vain), age);
}

ssize_t zram_knob_writeback_ages_show(struct zram *zram, char *buf)
{
	struct zram_worker *w = &zram->tier.worker;
	struct zram_ages ages;
	ssize_t len = 0;
	u32 age;

	spin_lock(&w->lock);
	ages = w->ages;
	spin_unlock(&w->lock);
	for (age = 0; age < ZRAM_NR_AGES; age++)
		len += sysfs_emit_at(buf, len, "%s%llu", age ? " " : "",
				     ages.pages[age]);
	return len + sysfs_emit_at(buf, len, "\n");
}

static ssize_t zram_emit_log(struct zram_packed_log *log, char *buf)
{
	const struct zram_log_stat *stat = &log->stat;
	u64 live;
	u32 bad;

	spin_lock(&log->lock);
	live = log->core.live * ZRAM_LOG_GRANULE;
	/* But for the first, which holds no page. */
	bad = log->core.nr_in[ZRAM_SEGMENT_BAD] - 1;
	spin_unlock(&log->lock);
	return sysfs_emit(buf, "%8llu %8llu %8llu %8llu %8llu %8llu %8u\n",
			  (u64)atomic64_read(&log->backing->blocks.nr_used),
			  live, (u64)atomic64_read(&stat->new_bytes),
			  (u64)atomic64_read(&stat->new_blocks) * PAGE_SIZE,
			  (u64)atomic64_read(&stat->moved_blocks) * PAGE_SIZE,
			  (u64)atomic64_read(&stat->cleaned), bad);
}

ssize_t zram_knob_writeback_log_show(struct zram *zram, char *buf)
{
	ssize_t len;

	down_read(&zram->init_lock);
	if (zram->tier.backing && zram->tier.backing->log)
		len = zram_emit_log(zram->tier.backing->log, buf);
	else
		len = sysfs_emit(buf, "0 0 0 0 0 0 0\n");
	up_read(&zram->init_lock);
	return len;
}
