// SPDX-License-Identifier: GPL-2.0
/* The packed log's segments. See log.h. */
#define pr_fmt(fmt) "zram: " fmt

#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/printk.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "zram/tier/log.h"

/* How long empty segments are gathered before readers are waited for. */
#define ZRAM_LOG_DRAIN_DELAY HZ

/* ---- Segments become free ----------------------------------------------- */

/* A reader that saw an entry in a slot before it was dropped is gone afterwards. */
static void zram_log_drain_work(struct work_struct *work)
{
	struct zram_packed_log *log = container_of(work, struct zram_packed_log,
						   drain.work);
	bool any;

	spin_lock(&log->lock);
	any = zram_log_drain(&log->core);
	spin_unlock(&log->lock);
	if (any) {
		synchronize_srcu(&log->backing->blocks.readers);
		zram_log_cache_forget(&log->cache, &log->core);
		spin_lock(&log->lock);
		zram_log_drained(&log->core);
		spin_unlock(&log->lock);
	}
	WRITE_ONCE(log->rounds, log->rounds + 1);
	wake_up_all(&log->drained);
}

void zram_log_free(struct zram_packed_log *log, u64 loc, u32 size)
{
	struct zram_blocks *blocks = &log->backing->blocks;
	bool empty;

	spin_lock(&log->lock);
	zram_log_drop(&log->core, zram_loc_segment(loc),
		      zram_entry_granules(size));
	log->cleanable = true;
	empty = zram_log_has_empty(&log->core);
	spin_unlock(&log->lock);
	atomic64_dec(&blocks->nr_used);
	if (empty)
		queue_delayed_work(blocks->workers, &log->drain,
				   ZRAM_LOG_DRAIN_DELAY);
}

void zram_log_retry(struct zram_packed_log *log)
{
	spin_lock(&log->lock);
	zram_log_forgive(&log->core);
	spin_unlock(&log->lock);
	queue_delayed_work(log->backing->blocks.workers, &log->drain, 0);
}

void zram_log_blocks(struct zram_packed_log *log, u64 *used, u64 *reads,
		     u64 *writes)
{
	spin_lock(&log->lock);
	*used = DIV_ROUND_UP(log->core.live, ZRAM_LOG_BLOCK_GRANULES);
	spin_unlock(&log->lock);
	*reads = atomic64_read(&log->stat.read_blocks);
	*writes = atomic64_read(&log->stat.new_blocks) +
		  atomic64_read(&log->stat.moved_blocks);
}

/* ---- Beginning and end -------------------------------------------------- */

static void zram_log_destroy(struct zram_packed_log *log)
{
	zram_log_cache_exit(&log->cache);
	zram_log_out_exit(&log->out);
	free_page((unsigned long)log->data);
	free_page((unsigned long)log->page);
	vfree(log->window);
	vfree(log->segments);
	kfree(log);
}

static struct zram_packed_log *zram_log_create(struct zram_backing *backing,
					       u32 nr)
{
	struct zram_packed_log *log = kzalloc(sizeof(*log), GFP_KERNEL);
	int err;

	if (!log)
		return NULL;
	log->backing = backing;
	spin_lock_init(&log->lock);
	INIT_DELAYED_WORK(&log->drain, zram_log_drain_work);
	init_waitqueue_head(&log->drained);
	log->cleanable = true;
	log->segments = vcalloc(nr, sizeof(*log->segments));
	log->window = vmalloc(ZRAM_LOG_WRITE_BYTES);
	log->page = (void *)__get_free_page(GFP_KERNEL);
	log->data = (void *)__get_free_page(GFP_KERNEL);
	err = zram_log_out_init(&log->out, backing->dev.bdev);
	if (!err)
		err = zram_log_cache_init(&log->cache);
	if (err || !log->segments || !log->window || !log->page || !log->data) {
		zram_log_destroy(log);
		return NULL;
	}
	zram_log_init(&log->core, log->segments, nr);
	return log;
}

int zram_log_start(struct zram_backing *backing)
{
	u64 nr = min_t(u64, backing->blocks.nr / ZRAM_LOG_SEGMENT_BLOCKS,
		       BIT_ULL(ZSM_LOC_BITS) / ZRAM_LOG_SEGMENT_GRANULES);

	/* Of larger ones a segment has so few that cleaning is dear, and it is soon full. */
	if (PAGE_SIZE != SZ_4K) {
		pr_err("writeback_packed is for pages of 4 KiB\n");
		return -EINVAL;
	}
	if (nr < ZRAM_LOG_MIN_SEGMENTS)
		return -EINVAL;
	backing->log = zram_log_create(backing, nr);
	if (!backing->log)
		return -ENOMEM;
	return 0;
}

void zram_log_stop(struct zram_backing *backing)
{
	if (!backing || !backing->log)
		return;
	cancel_delayed_work_sync(&backing->log->drain);
	zram_log_destroy(backing->log);
	backing->log = NULL;
}
