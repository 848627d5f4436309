/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The packed log: pages on the backing device as they are stored, one behind the other.
 * core/zram/entry.h has the format, core/zram/log.h says which segment is what.
 *
 *   zram/tier/log_out.h     the buffers that are written
 *   zram/tier/log_append.h  entries into them
 *   zram/tier/log_write.h   pages that leave memory
 *   zram/tier/log_clean.h   pages that leave a segment which is cleaned
 *   zram/tier/log_cache.h   blocks that were read
 *   zram/tier/log_read.h    pages that are read
 */
#ifndef ZRAM_LOG_H
#define ZRAM_LOG_H

#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "zram/tier/backing.h"
#include "zram/tier/log_cache.h"
#include "zram/tier/log_out.h"

/**
 * struct zram_log_stat - what a log has done
 * @new_blocks: blocks written with pages from memory
 * @moved_blocks: blocks written by cleaning
 * @read_blocks: blocks read, by cleaning too
 * @new_bytes: what the pages from memory were compressed to
 * @cleaned: segments that were cleaned
 */
struct zram_log_stat {
	atomic64_t new_blocks;
	atomic64_t moved_blocks;
	atomic64_t read_blocks;
	atomic64_t new_bytes;
	atomic64_t cleaned;
};

/**
 * struct zram_packed_log - a backing device's log
 * @backing: whose; has the readers, and the workers
 * @lock: guards the next two; a leaf
 * @core: which segment is what
 * @cleanable: whether there may be a segment to clean
 * @segments: of @core
 * @retry: bit 0: segments that failed may be tried again, before the next write
 * @drain: makes segments free that are empty
 * @rounds: how often it has run
 * @drained: woken when it has
 * @out: what is written; the writing task's, which holds work_lock
 * @window: ZRAM_LOG_WRITE_BYTES for cleaning, likewise
 * @page: room for a page, likewise
 * @data: room for what it is compressed to, likewise
 * @cache: blocks that were read
 * @stat: counters
 */
struct zram_packed_log {
	struct zram_backing *backing;
	spinlock_t lock;
	struct zram_log core __guarded_by(&lock);
	bool cleanable __guarded_by(&lock);
	struct zram_segment *segments;
	unsigned long retry;
	struct delayed_work drain;
	u32 rounds;
	wait_queue_head_t drained;
	struct zram_log_out out;
	void *window;
	void *page;
	void *data;
	struct zram_log_cache cache;
	struct zram_log_stat stat;
};

/**
 * zram_log_start() - keep a packed log on a backing device
 * @backing: the backing device, of which no block is in use
 *
 * Context: may sleep.
 * Return: 0; -EINVAL if it is too small, or pages are not of 4 KiB; -ENOMEM.
 */
int zram_log_start(struct zram_backing *backing);

/* Ends that, if it was so. May sleep. No slot has an entry, and no bio reads one. */
void zram_log_stop(struct zram_backing *backing);

/**
 * zram_log_free() - an entry is not in use any more
 * @log: the log
 * @loc: where it is
 * @size: the bytes of its data
 *
 * Context: any but interrupts.
 */
void zram_log_free(struct zram_packed_log *log, u64 loc, u32 size);

/**
 * zram_log_blocks() - what a log has on its device, and has read and written there
 * @log: the log
 * @used: receives the blocks that entries in use would fill
 * @reads: receives the blocks that were read
 * @writes: receives those that were written
 *
 * Context: any but interrupts.
 */
void zram_log_blocks(struct zram_packed_log *log, u64 *used, u64 *reads,
		     u64 *writes);

/*
 * Segments that failed may be tried again. The caller holds work_lock, and nothing is
 * being written; others set @retry.
 */
void zram_log_retry(struct zram_packed_log *log);

#endif /* ZRAM_LOG_H */
