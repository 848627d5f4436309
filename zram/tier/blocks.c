// SPDX-License-Identifier: GPL-2.0
/* Which blocks of the backing device are in use. See blocks.h. */
#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/vmalloc.h>

#include "zram/tier/blocks.h"

/* How long freed blocks are gathered before they are made free, if there are others. */
#define ZRAM_RECLAIM_DELAY HZ

/* Words of the maps that are looked at before others get the lock, or the CPU. */
#define ZRAM_RECLAIM_WORDS 1024

/* ---- Reclaim ------------------------------------------------------------ */

/* Words of the maps in which a bit may be set. */
static size_t zram_blocks_words(const struct zram_blocks *blocks)
{
	return BITS_TO_LONGS(READ_ONCE(blocks->end));
}

/* Lets others have the lock from time to time. */
static void zram_blocks_relax(struct zram_blocks *blocks, size_t word)
	__must_hold(&blocks->lock)
{
	if (word % ZRAM_RECLAIM_WORDS)
		return;
	spin_unlock(&blocks->lock);
	cond_resched();
	spin_lock(&blocks->lock);
}

/* Takes blocks that were freed out of use. Returns whether there are any. */
static bool zram_blocks_begin_reclaim(struct zram_blocks *blocks)
{
	size_t words = zram_blocks_words(blocks);
	bool any = false;
	size_t i;

	spin_lock(&blocks->lock);
	for (i = 0; i < words; i++) {
		unsigned long freed = READ_ONCE(blocks->freed[i]);

		blocks->used[i] &= ~freed;
		any |= freed;
		zram_blocks_relax(blocks, i);
	}
	spin_unlock(&blocks->lock);
	return any;
}

/* Makes the blocks of a word free that are being collected. */
static void zram_blocks_end_word(struct zram_blocks *blocks, size_t i)
	__must_hold(&blocks->lock)
{
	unsigned long done = READ_ONCE(blocks->freed[i]) & ~blocks->used[i];
	unsigned int bit;

	if (!done)
		return;
	blocks->next = min_t(u64, blocks->next,
			     i * BITS_PER_LONG + __ffs(done));
	for_each_set_bit(bit, &done, BITS_PER_LONG)
		clear_bit(i * BITS_PER_LONG + bit, blocks->freed);
	atomic64_sub(hweight_long(done), &blocks->nr_freed);
}

/* Makes them free, now that no reader has them; others are still in use. */
static void zram_blocks_end_reclaim(struct zram_blocks *blocks)
{
	size_t words = zram_blocks_words(blocks);
	size_t i;

	spin_lock(&blocks->lock);
	for (i = 0; i < words; i++) {
		zram_blocks_end_word(blocks, i);
		zram_blocks_relax(blocks, i);
	}
	spin_unlock(&blocks->lock);
}

/* A reader that saw a block in a slot before it was freed is gone when it is free. */
static void zram_blocks_reclaim(struct work_struct *work)
{
	struct zram_blocks *blocks = container_of(work, struct zram_blocks,
						  reclaim.work);

	if (zram_blocks_begin_reclaim(blocks)) {
		synchronize_srcu(&blocks->readers);
		zram_blocks_end_reclaim(blocks);
	}
	WRITE_ONCE(blocks->rounds, blocks->rounds + 1);
	wake_up(&blocks->reclaimed);
}

/* ---- The maps ----------------------------------------------------------- */

int zram_blocks_init(struct zram_blocks *blocks, u64 nr,
		     struct workqueue_struct *workers)
{
	size_t longs = BITS_TO_LONGS(nr);
	int err;

	err = init_srcu_struct(&blocks->readers);
	if (err)
		return err;
	blocks->nr = nr;
	blocks->workers = workers;
	blocks->next = 1;
	blocks->end = 1;
	spin_lock_init(&blocks->lock);
	INIT_DELAYED_WORK(&blocks->reclaim, zram_blocks_reclaim);
	init_waitqueue_head(&blocks->reclaimed);
	blocks->used = vcalloc(longs, sizeof(long));
	blocks->freed = vcalloc(longs, sizeof(long));
	if (!blocks->used || !blocks->freed) {
		zram_blocks_exit(blocks);
		return -ENOMEM;
	}
	__set_bit(0, blocks->used);
	return 0;
}

void zram_blocks_exit(struct zram_blocks *blocks)
{
	cancel_delayed_work_sync(&blocks->reclaim);
	cleanup_srcu_struct(&blocks->readers);
	vfree(blocks->used);
	vfree(blocks->freed);
}

void zram_blocks_give_up(struct zram_blocks *blocks)
{
	vfree(blocks->used);
	vfree(blocks->freed);
	blocks->used = NULL;
	blocks->freed = NULL;
	/* Any of them may be written. */
	blocks->end = blocks->nr;
}

/* ---- Blocks ------------------------------------------------------------- */

/*
 * The lowest free block; the caller has the lock, which others may have in between. Only
 * the caller makes a free block used.
 */
static u64 zram_block_find(struct zram_blocks *blocks)
	__must_hold(&blocks->lock)
{
	size_t words = BITS_TO_LONGS(blocks->nr);
	size_t i;

	for (i = blocks->next / BITS_PER_LONG; i < words; i++) {
		unsigned long taken = blocks->used[i] |
				      READ_ONCE(blocks->freed[i]);

		if (~taken)
			return i * BITS_PER_LONG + ffz(taken);
		zram_blocks_relax(blocks, i + 1);
	}
	return ZRAM_NO_BLOCK;
}

static struct zram_block zram_block_try(struct zram_blocks *blocks)
{
	u64 block, from;

	spin_lock(&blocks->lock);
	from = blocks->next;
	block = zram_block_find(blocks);
	if (block < blocks->nr) {
		__set_bit(block, blocks->used);
		atomic64_inc(&blocks->nr_used);
		WRITE_ONCE(blocks->end, max(blocks->end, block + 1));
	} else {
		block = ZRAM_NO_BLOCK;
	}
	/* Lower ones may have become free meanwhile. */
	if (blocks->next == from)
		blocks->next = min(block, blocks->nr - 1) + 1;
	spin_unlock(&blocks->lock);
	return (struct zram_block){ block };
}

struct zram_block zram_block_alloc(struct zram_blocks *blocks)
{
	for (;;) {
		u32 round = READ_ONCE(blocks->rounds);
		/* Before the try: what was not free by then is not lost. */
		bool hope = atomic64_read(&blocks->nr_freed);
		struct zram_block block = zram_block_try(blocks);

		if (zram_is_block(block) || !hope)
			return block;
		mod_delayed_work(blocks->workers, &blocks->reclaim, 0);
		if (wait_event_killable(blocks->reclaimed,
					READ_ONCE(blocks->rounds) != round))
			return (struct zram_block){ ZRAM_NO_BLOCK };
	}
}

void zram_block_cancel(struct zram_blocks *blocks, struct zram_block block)
{
	spin_lock(&blocks->lock);
	__clear_bit(block.number, blocks->used);
	blocks->next = min(blocks->next, block.number);
	spin_unlock(&blocks->lock);
	atomic64_dec(&blocks->nr_used);
}

void zram_block_free(struct zram_blocks *blocks, struct zram_block block)
{
	atomic64_inc(&blocks->nr_freed);
	/* The slot has lost the block before the bit says so. */
	smp_mb__before_atomic();
	set_bit(block.number, blocks->freed);
	atomic64_dec(&blocks->nr_used);
	queue_delayed_work(blocks->workers, &blocks->reclaim,
			   ZRAM_RECLAIM_DELAY);
}
