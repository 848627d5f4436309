// SPDX-License-Identifier: GPL-2.0
/* Cleaning. See log_clean.h. */
#define pr_fmt(fmt) "zram: " fmt

#include <linux/blkdev.h>
#include <linux/err.h>
#include <linux/minmax.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "zram/slot.h"
#include "zram/tier/log_append.h"
#include "zram/tier/log_clean.h"

/**
 * struct zram_cleaning - a segment that is cleaned
 * @wb: what writes
 * @log: the log
 * @segment: the segment
 * @at: the granule to go on with, counted from its beginning
 * @first: the first block that is in the window
 * @granules: granules in the window; 0: nothing has been read yet
 * @junk: it is not what was written
 */
struct zram_cleaning {
	struct zram_writeback *wb;
	struct zram_packed_log *log;
	u32 segment;
	u32 at;
	u32 first;
	u32 granules;
	bool junk;
};

/* ---- Reading ------------------------------------------------------------ */

/* Reads from the block on in which @at is. */
static int zram_clean_read(struct zram_cleaning *c)
{
	u32 first = c->at / ZRAM_LOG_BLOCK_GRANULES;
	u32 blocks = min_t(u32, ZRAM_LOG_SEGMENT_BLOCKS - first,
			   ZRAM_LOG_WRITE_BLOCKS);
	struct bio_vec bvecs[ZRAM_LOG_WRITE_BLOCKS];
	struct bio bio;
	int err;

	if (atomic_read(&c->wb->pass.zram->stops))
		return -ECANCELED;
	bio_init(&bio, c->log->out.bdev, bvecs, ZRAM_LOG_WRITE_BLOCKS,
		 REQ_OP_READ);
	bio.bi_iter.bi_sector = zram_block_sector((struct zram_block){
		(u64)c->segment * ZRAM_LOG_SEGMENT_BLOCKS + first });
	zram_log_bio_add(&bio, c->log->window, blocks);
	err = submit_bio_wait(&bio);
	bio_uninit(&bio);
	atomic64_add(blocks, &c->log->stat.read_blocks);
	c->first = first;
	c->granules = blocks * ZRAM_LOG_BLOCK_GRANULES;
	if (err)
		c->junk = true;
	return 0;
}

/* ---- Entries ------------------------------------------------------------ */

/* Whether the slot has the entry that is at @at. */
static bool zram_clean_in_use(const struct zram_cleaning *c,
			      const struct zram_entry *entry, u64 loc)
{
	struct zram *zram = c->wb->pass.zram;
	unsigned long *slot;
	struct zsm_word value;

	if (entry->slot >= zram->nr_slots)
		return false;
	slot = zram_slot_find(zram, entry->slot);
	if (!slot)
		return false;
	value = zram_slot_get(slot);
	return zram_slot_facts(value) & ZRAM_HAS_BLOCK &&
	       zram_slot_block(value).number == loc &&
	       zram_slot_size(value) == zram_entry_size(entry);
}

/* Copies an entry, if it is in use. */
static int zram_clean_entry(struct zram_cleaning *c,
			    const struct zram_entry *entry)
{
	u64 loc = (u64)c->segment * ZRAM_LOG_SEGMENT_GRANULES + c->at;
	u32 size = zram_entry_size(entry);
	struct zram_log_write *write;
	void *data;

	if (!zram_clean_in_use(c, entry, loc))
		return 0;
	if (entry->check != zram_entry_check(zram_log_hash(c->log, loc,
							   entry->slot,
							   entry + 1, size))) {
		c->junk = true;
		return 0;
	}
	data = zram_log_reserve(c->wb, ZRAM_LOG_MOVED, size, c->segment, &write);
	if (IS_ERR(data))
		return PTR_ERR(data);
	memcpy(data, entry + 1, size);
	zram_log_commit(c->log, write, entry->slot, size, false, false);
	return 0;
}

/* The next entry of the window is not there, or not all of it. Returns whether to go on. */
static bool zram_clean_reread(struct zram_cleaning *c, enum zram_found found,
			      u32 offset)
{
	/* The last block may not have been written. */
	if (c->at >= ZRAM_LOG_SEGMENT_GRANULES - ZRAM_LOG_BLOCK_GRANULES)
		return false;
	if (found == ZRAM_FOUND_JUNK ||
	    (found == ZRAM_FOUND_MORE && offset < ZRAM_LOG_BLOCK_GRANULES))
		c->junk = true;
	else
		c->granules = 0;
	return !c->junk;
}

static int zram_clean_walk(struct zram_cleaning *c)
{
	int err = 0;

	while (!err && !c->junk && c->at < ZRAM_LOG_SEGMENT_GRANULES) {
		const struct zram_entry *entry;
		enum zram_found found;
		u32 offset, base;

		if (!c->granules) {
			err = zram_clean_read(c);
			cond_resched();
			continue;
		}
		base = c->first * ZRAM_LOG_BLOCK_GRANULES;
		offset = c->at - base;
		found = zram_entry_next(c->log->window, c->granules, &offset);
		c->at = base + offset;
		if (found != ZRAM_FOUND_ENTRY) {
			if (!zram_clean_reread(c, found, offset))
				break;
			continue;
		}
		entry = c->log->window + offset * ZRAM_LOG_GRANULE;
		err = zram_clean_entry(c, entry);
		c->at += zram_entry_granules(zram_entry_size(entry));
	}
	return err;
}

/* ---- Segments ----------------------------------------------------------- */

static u32 zram_clean_find(struct zram_packed_log *log, u32 *live)
{
	struct zram_log_search search = {};
	bool more;

	do {
		spin_lock(&log->lock);
		more = zram_log_search_step(&log->core, &search);
		if (!more && !search.best)
			log->cleanable = false;
		spin_unlock(&log->lock);
		cond_resched();
	} while (more);
	*live = search.live;
	return search.best;
}

/* @whole: it was gone through, and what was moved is written. */
static void zram_clean_end(struct zram_cleaning *c, u32 live, bool whole)
{
	struct zram_packed_log *log = c->log;

	spin_lock(&log->lock);
	/* Nothing of what is in use was found. */
	if (whole && live && log->segments[c->segment].live == live)
		c->junk = true;
	zram_log_cleaned(&log->core, c->segment, c->junk);
	spin_unlock(&log->lock);
	atomic64_inc(&log->stat.cleaned);
	if (c->junk)
		pr_err_ratelimited("%s: segment %u of %s is not what was written, and is left alone\n",
				   c->wb->pass.zram->disk->disk_name, c->segment,
				   log->backing->path);
}

int zram_log_clean_one(struct zram_writeback *wb)
{
	struct zram_cleaning c = {
		.wb = wb,
		.log = wb->pass.zram->tier.backing->log,
	};
	u64 failed = wb->nr_failed;
	bool clean;
	u32 live;
	int err;

	/* No write is in flight to a segment that is cleaned. */
	zram_log_flush(c.log);
	c.segment = zram_clean_find(c.log, &live);
	if (!c.segment)
		return 0;
	spin_lock(&c.log->lock);
	clean = zram_log_clean(&c.log->core, c.segment);
	spin_unlock(&c.log->lock);
	if (!clean)
		return 0;
	err = zram_clean_walk(&c);
	zram_log_flush(c.log);
	zram_clean_end(&c, live, !err && wb->nr_failed == failed);
	return err;
}
