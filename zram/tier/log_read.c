// SPDX-License-Identifier: GPL-2.0
/* Pages that are read from the packed log. See log_read.h. */
#define pr_fmt(fmt) "zram: " fmt

#include <linux/atomic.h>
#include <linux/bio.h>
#include <linux/blkdev.h>
#include <linux/completion.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "zram/load_page.h"
#include "zram/slot.h"
#include "zram/stat.h"
#include "zram/tier/inherit.h"
#include "zram/tier/log_append.h"
#include "zram/tier/log_read.h"

/*
 * Blocks that are read at once, for one bio, but for the last page's: the cache has room for
 * two others'.
 */
#define ZRAM_LOG_BATCH (ZRAM_LOG_CACHED / 4)

/* Blocks that one bio reads: all of these, if they follow each other. */
#define ZRAM_LOG_RUN (ZRAM_LOG_BATCH + ZRAM_LOG_ENTRY_BLOCKS)

/**
 * struct zram_log_batch - blocks that are read at once
 * @log: the log
 * @bio: the bio that waits
 * @run: reads blocks that follow each other, and is not submitted yet; or NULL
 * @end: the block behind them
 * @blocks: how many there are, the cache's too
 * @last: the last that was counted; neighbours share blocks
 * @pending: what was submitted and has not ended, and the task that submits
 * @ended: nothing is pending
 */
struct zram_log_batch {
	struct zram_packed_log *log;
	const struct bio *bio;
	struct bio *run;
	u64 end;
	u32 blocks;
	u64 last;
	atomic_t pending;
	struct completion ended;
};

/* ---- Blocks that are read together -------------------------------------- */

static void zram_log_batch_put(struct zram_log_batch *batch)
{
	if (atomic_dec_and_test(&batch->pending))
		complete(&batch->ended);
}

static void zram_log_run_end_io(struct bio *run)
{
	struct zram_log_batch *batch = run->bi_private;
	int err = blk_status_to_errno(run->bi_status);
	struct bvec_iter_all iter;
	struct bio_vec *bvec;

	bio_for_each_segment_all(bvec, run, iter)
		zram_log_cache_came(&batch->log->cache,
				    zram_cached_of(bvec->bv_page), err);
	/* The bioset may be gone once the batch has ended. */
	bio_put(run);
	zram_log_batch_put(batch);
}

static void zram_log_submit_run(struct zram_log_batch *batch)
{
	if (!batch->run)
		return;
	atomic64_add(batch->run->bi_vcnt, &batch->log->stat.read_blocks);
	atomic_inc(&batch->pending);
	submit_bio(batch->run);
	batch->run = NULL;
}

/* The task has no bio that is not submitted, so that it may wait for one. */
static void zram_log_begin_run(struct zram_log_batch *batch, u64 block)
{
	struct zram_packed_log *log = batch->log;
	struct bio *run = bio_alloc_bioset(log->out.bdev, ZRAM_LOG_RUN,
					   REQ_OP_READ, GFP_NOIO,
					   &log->backing->reads);

	zram_bio_inherit(run, batch->bio);
	run->bi_iter.bi_sector = zram_block_sector((struct zram_block){ block });
	run->bi_private = batch;
	run->bi_end_io = zram_log_run_end_io;
	batch->run = run;
	batch->end = block;
}

/* Reads a block of the cache that is this task's to read. */
static void zram_log_add_block(struct zram_log_batch *batch, u64 block,
			       void *data)
{
	if (batch->run && (batch->end != block ||
			   batch->run->bi_vcnt == ZRAM_LOG_RUN))
		zram_log_submit_run(batch);
	if (!batch->run)
		zram_log_begin_run(batch, block);
	__bio_add_page(batch->run, virt_to_page(data), PAGE_SIZE, 0);
	batch->end++;
}

/*
 * Gets a page's blocks, and begins to read what no other reader does. Returns whether the
 * batch may become larger: the cache had room, and has.
 */
static bool zram_log_add_page(struct zram_log_batch *batch,
			      struct zram_late_page *late)
{
	struct zram_log_cache *cache = &batch->log->cache;
	u64 loc = zram_slot_block(late->value).number;
	u32 granules = zram_entry_granules(zram_slot_size(late->value));
	bool mine;
	u32 i;

	late->first = loc / ZRAM_LOG_BLOCK_GRANULES;
	late->nr = (loc + granules - 1) / ZRAM_LOG_BLOCK_GRANULES -
		   late->first + 1;
	late->own = 0;
	late->rest = 0;
	for (i = 0; i < late->nr; i++) {
		batch->blocks += late->first + i != batch->last;
		batch->last = late->first + i;
		late->cached[i] = zram_log_cache_get(cache, late->first + i,
						     &mine);
		if (!late->cached[i]) {
			__set_bit(i, &late->rest);
			continue;
		}
		late->data[i] = late->cached[i]->data;
		if (mine) {
			__set_bit(i, &late->own);
			zram_log_add_block(batch, late->first + i,
					   late->data[i]);
		}
	}
	return !late->rest && batch->blocks < ZRAM_LOG_BATCH;
}

/*
 * Reads blocks for pages from @late on, and waits for what it has submitted. Nothing else is
 * waited for before: other readers wait for these blocks. Returns the page, or list head,
 * that is left.
 */
static struct zram_late_page *zram_log_read_batch(struct zram_packed_log *log,
						  const struct bio *bio,
						  struct zram_late_page *late,
						  const struct list_head *pages)
{
	struct zram_log_batch batch = {
		.log = log,
		.bio = bio,
		.last = U64_MAX,
		.pending = ATOMIC_INIT(1),
	};
	struct blk_plug plug;
	bool more = true;

	init_completion(&batch.ended);
	blk_start_plug(&plug);
	for (; more && !list_entry_is_head(late, pages, list);
	     late = list_next_entry(late, list))
		more = zram_log_add_page(&batch, late);
	zram_log_submit_run(&batch);
	blk_finish_plug(&plug);
	zram_log_batch_put(&batch);
	wait_for_completion_io(&batch.ended);
	return late;
}

/* ---- Blocks that are read alone ----------------------------------------- */

/*
 * Waits for blocks that other readers read. What they could not read is tried again, as it
 * may have been read with less patience, or with other blocks that are bad.
 */
static int zram_log_wait_others(struct zram_packed_log *log,
				struct zram_late_page *late)
{
	u32 i;

	for (i = 0; i < late->nr; i++) {
		if (!late->cached[i] ||
		    !zram_log_cache_wait(&log->cache, late->cached[i]))
			continue;
		if (test_bit(i, &late->own))
			return -EIO;
		__set_bit(i, &late->rest);
	}
	return 0;
}

/* Reads to the spare blocks what is not in the cache. The caller has spare_lock. */
static int zram_log_read_rest(struct zram_packed_log *log, const struct bio *bio,
			      struct zram_late_page *late)
{
	u32 i;
	int err;

	for_each_set_bit(i, &late->rest, ZRAM_LOG_ENTRY_BLOCKS) {
		late->data[i] = log->cache.spare[i];
		err = zram_read_block_for(bio, log->out.bdev,
					  (struct zram_block){ late->first + i },
					  virt_to_page(late->data[i]));
		atomic64_inc(&log->stat.read_blocks);
		if (err)
			return err;
	}
	return 0;
}

static void zram_log_put_blocks(struct zram_packed_log *log,
				struct zram_late_page *late)
{
	u32 i;

	for (i = 0; i < late->nr; i++)
		zram_log_cache_put(&log->cache, late->cached[i]);
}

/* ---- Entries ------------------------------------------------------------ */

/* Copies bytes of the blocks, from @at on. */
static void zram_log_copy(const struct zram_late_page *late, u32 at, void *to,
			  u32 bytes)
{
	u32 here = at < PAGE_SIZE ? min_t(u32, bytes, PAGE_SIZE - at) : 0;

	if (here)
		memcpy(to, late->data[0] + at, here);
	if (here < bytes)
		memcpy(to + here, late->data[1] + (at + here - PAGE_SIZE),
		       bytes - here);
}

/* Copies the entry's data, if it is what was written for the slot. */
static int zram_log_extract(struct zram_packed_log *log,
			    const struct zram_late_page *late, void *to)
{
	u64 loc = zram_slot_block(late->value).number;
	u32 at = loc % ZRAM_LOG_BLOCK_GRANULES * ZRAM_LOG_GRANULE;
	u32 size = zram_slot_size(late->value);
	struct zram_entry entry;

	zram_log_copy(late, at, &entry, sizeof(entry));
	if (entry.slot != late->index || zram_entry_size(&entry) != size)
		return -EILSEQ;
	zram_log_copy(late, at + sizeof(entry), to, size);
	if (entry.check != zram_entry_check(zram_log_hash(log, loc, late->index,
							  to, size)))
		return -EILSEQ;
	return 0;
}

/* ---- Pages -------------------------------------------------------------- */

/* The page out of blocks that are there. What is compressed goes by way of a stream. */
static int zram_log_unpack(struct zram *zram, const struct zram_late_page *late)
{
	struct zram_packed_log *log = zram->tier.backing->log;
	void *page = page_address(late->page);
	struct zsm_stream *stream;
	int err;

	if (!zram_slot_compressed(late->value))
		return zram_log_extract(log, late, page);
	stream = zsm_stream_get(zram->algos[zram_slot_prio(late->value)].streams);
	err = zram_log_extract(log, late, stream->buffer);
	if (!err && zsm_decompress(stream, stream->buffer,
				   zram_slot_size(late->value), page))
		err = -EBADMSG;
	zsm_stream_put(stream);
	return err;
}

static int zram_log_read_failed(struct zram *zram,
				const struct zram_late_page *late, int err)
{
	if (err == -EILSEQ)
		pr_err_ratelimited("%s: slot %u: %s does not have what was written\n",
				   zram->disk->disk_name, late->index,
				   zram->tier.backing->path);
	return err == -EBADMSG ? zram_load_failed(zram, late->index, late->value) :
				 -EIO;
}

/* A page of a batch whose reads have ended. Returns 0 or -EIO. */
static int zram_log_finish_page(struct zram *zram, const struct bio *bio,
				struct zram_late_page *late)
{
	struct zram_packed_log *log = zram->tier.backing->log;
	int err = zram_log_wait_others(log, late);

	if (late->rest)
		mutex_lock(&log->cache.spare_lock);
	if (!err)
		err = zram_log_read_rest(log, bio, late);
	if (!err)
		err = zram_log_unpack(zram, late);
	if (late->rest)
		mutex_unlock(&log->cache.spare_lock);
	zram_stat_inc(zram, bd_reads);
	return err ? zram_log_read_failed(zram, late, err) : 0;
}

int zram_log_read_pages(struct zram *zram, const struct bio *bio,
			const struct list_head *pages)
{
	struct zram_packed_log *log = zram->tier.backing->log;
	struct zram_late_page *late = list_first_entry(pages, typeof(*late), list);
	struct zram_late_page *behind;
	int err = 0;

	while (!err && !list_entry_is_head(late, pages, list)) {
		behind = zram_log_read_batch(log, bio, late, pages);
		for (; late != behind; late = list_next_entry(late, list)) {
			if (!err)
				err = zram_log_finish_page(zram, bio, late);
			zram_log_put_blocks(log, late);
			cond_resched();
		}
	}
	return err;
}
