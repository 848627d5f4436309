// SPDX-License-Identifier: GPL-2.0
/* Which blocks of the backing device are in use. See blocks.h. */
#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/vmalloc.h>

#include "zram/tier/blocks.h"

int zram_blocks_init(struct zram_blocks *blocks, u64 nr)
{
	size_t longs = BITS_TO_LONGS(nr);
	int err;

	err = init_srcu_struct(&blocks->readers);
	if (err)
		return err;
	blocks->nr = nr;
	blocks->used = vcalloc(longs, sizeof(long));
	blocks->freed = vcalloc(longs, sizeof(long));
	if (blocks->used && blocks->freed)
		return 0;
	zram_blocks_exit(blocks);
	return -ENOMEM;
}

void zram_blocks_exit(struct zram_blocks *blocks)
{
	cleanup_srcu_struct(&blocks->readers);
	vfree(blocks->used);
	vfree(blocks->freed);
}

static u64 zram_block_find(const struct zram_blocks *blocks)
{
	u64 block = find_next_zero_bit(blocks->used, blocks->nr, blocks->next);

	if (block >= blocks->nr)
		block = find_first_zero_bit(blocks->used, blocks->nr);
	return block < blocks->nr ? block : ZRAM_NO_BLOCK;
}

/* Takes blocks that were freed out of use. Returns whether there are any. */
static bool zram_blocks_begin_reclaim(struct zram_blocks *blocks)
{
	bool any = false;
	size_t i;

	for (i = 0; i < BITS_TO_LONGS(blocks->nr); i++) {
		unsigned long freed = READ_ONCE(blocks->freed[i]);

		blocks->used[i] &= ~freed;
		any |= freed;
		if (!(i % 1024))
			cond_resched();
	}
	return any;
}

/* Makes them free, now that no reader has them; others are still in use. */
static void zram_blocks_end_reclaim(struct zram_blocks *blocks)
{
	size_t i;

	for (i = 0; i < BITS_TO_LONGS(blocks->nr); i++) {
		unsigned long done = READ_ONCE(blocks->freed[i]) &
				     ~blocks->used[i];
		unsigned int bit;

		for_each_set_bit(bit, &done, BITS_PER_LONG)
			clear_bit(i * BITS_PER_LONG + bit, blocks->freed);
		if (!(i % 1024))
			cond_resched();
	}
}

/* A reader that saw a block in a slot before it was freed is gone afterwards. */
static bool zram_blocks_reclaim(struct zram_blocks *blocks)
{
	if (!zram_blocks_begin_reclaim(blocks))
		return false;
	synchronize_srcu(&blocks->readers);
	zram_blocks_end_reclaim(blocks);
	return true;
}

u64 zram_block_alloc(struct zram_blocks *blocks)
{
	u64 block = zram_block_find(blocks);

	if (block == ZRAM_NO_BLOCK && zram_blocks_reclaim(blocks))
		block = zram_block_find(blocks);
	if (block == ZRAM_NO_BLOCK)
		return block;
	__set_bit(block, blocks->used);
	atomic64_inc(&blocks->nr_used);
	blocks->next = block + 1;
	return block;
}

void zram_block_cancel(struct zram_blocks *blocks, u64 block)
{
	__clear_bit(block, blocks->used);
	atomic64_dec(&blocks->nr_used);
}

void zram_block_free(struct zram_blocks *blocks, u64 block)
{
	/* The slot has lost the block before the bit says so. */
	smp_mb__before_atomic();
	set_bit(block, blocks->freed);
	atomic64_dec(&blocks->nr_used);
}
