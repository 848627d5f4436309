/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which blocks of the backing device are in use. A block is as large as a page.
 *
 * Three things may know of a block: a slot that is BACKED, a write on its way there, and
 * readers, which found it in a slot. A slot may drop its block while readers use it, so
 * a block that was freed is used again only when every reader that may have seen it is
 * gone: they hold zram_blocks_enter(). A work item waits for them, soon after a block was
 * freed.
 *
 * The lowest free block is used first, so that a sparse file or a thin volume behind the
 * device stays as small as it can. The first block of all holds no page: see
 * zram/tier/backing.c.
 */
#ifndef ZRAM_BLOCKS_H
#define ZRAM_BLOCKS_H

#include <linux/spinlock.h>
#include <linux/srcu.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "compat/compiler.h"
#include "compat/srcu.h"
#include "core/zram/slot.h"

/* The number of what is given out when no block is free. */
#define ZRAM_NO_BLOCK U64_MAX

static inline bool zram_is_block(struct zram_block block)
{
	return block.number != ZRAM_NO_BLOCK;
}

/**
 * struct zram_blocks - the blocks of a backing device
 * @nr: how many there are
 * @nr_used: how many slots know of, or are being written
 * @nr_freed: how many were freed and are not free yet
 * @end: no block from here on was ever used; set under work_lock
 * @lock: guards @next and @used; a leaf
 * @next: no block below is free
 * @used: a bit for each block that is not free
 * @freed: a bit for each that a slot has dropped since the last collection. A block
 *	with this bit alone is being collected
 * @readers: tasks and bios that may be reading blocks
 * @workers: runs @reclaim
 * @reclaim: makes blocks free that were freed
 * @rounds: how often it has run
 * @reclaimed: woken when it has
 */
struct zram_blocks {
	u64 nr;
	atomic64_t nr_used;
	atomic64_t nr_freed;
	u64 end;
	spinlock_t lock;
	u64 next __guarded_by(&lock);
	unsigned long *used __guarded_by(&lock);
	unsigned long *freed;
	struct srcu_struct readers;
	struct workqueue_struct *workers;
	struct delayed_work reclaim;
	u32 rounds;
	wait_queue_head_t reclaimed;
};

/**
 * zram_blocks_init() - make the maps of blocks
 * @blocks: receives them
 * @nr: how many blocks there are; at least 2, of which the first is never given out
 * @workers: a queue for @reclaim, which works when memory is short
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int zram_blocks_init(struct zram_blocks *blocks, u64 nr,
		     struct workqueue_struct *workers);

/* Frees the maps. May sleep. No reader is left. */
void zram_blocks_exit(struct zram_blocks *blocks);

/**
 * zram_blocks_give_up() - do without the maps
 * @blocks: the blocks, of which none was used and none will be
 *
 * Readers and @nr_used go on to be of use to who keeps other maps.
 *
 * Context: may sleep.
 */
void zram_blocks_give_up(struct zram_blocks *blocks);

/**
 * zram_block_alloc() - find a free block
 * @blocks: the blocks; the caller holds work_lock
 *
 * Context: may sleep. If none is free but some were freed, waits for their readers.
 * Return: the block; no block (zram_is_block()) if there is none, or the task was killed.
 */
struct zram_block zram_block_alloc(struct zram_blocks *blocks);

/**
 * zram_block_cancel() - free a block that no slot has ever had
 * @blocks: the blocks; the caller holds work_lock
 * @block: the block
 *
 * Context: any.
 */
void zram_block_cancel(struct zram_blocks *blocks, struct zram_block block);

/**
 * zram_block_free() - free a block
 * @blocks: the blocks
 * @block: a block that no slot has any more, or that could not be written
 *
 * Context: any.
 */
void zram_block_free(struct zram_blocks *blocks, struct zram_block block);

/*
 * Begin and end reading. The section may end in another context, even in an interrupt
 * (not with CONFIG_TINY_SRCU). Sparse cannot check that.
 */
static inline int zram_blocks_enter(struct zram_blocks *blocks)
{
	int idx = compat_srcu_down_read(&blocks->readers);

	__release(&blocks->readers);
	return idx;
}

static inline void zram_blocks_leave(struct zram_blocks *blocks, int idx)
{
	__acquire(&blocks->readers);
	compat_srcu_up_read(&blocks->readers, idx);
}

#endif /* ZRAM_BLOCKS_H */
