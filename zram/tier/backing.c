// SPDX-License-Identifier: GPL-2.0
/* The backing device and its blocks. */
#include <linux/bio.h>
#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "zram/load_page.h"
#include "zram/stat.h"
#include "zram/tier/backing.h"
#include "zram/tier/readback.h"

/* ---- The device --------------------------------------------------------- */

/* What is in the page cache must not be written over our blocks later. */
static int zram_backing_prepare(struct zram_backing *backing)
{
	struct block_device *bdev = backing->dev.bdev;
	size_t longs;

	/* A slot can name so many. */
	backing->nr_blocks = min_t(u64, bdev_nr_bytes(bdev) >> PAGE_SHIFT,
				   BIT_ULL(ZSM_LOC_BITS));
	if (!backing->nr_blocks)
		return -EINVAL;
	longs = BITS_TO_LONGS(backing->nr_blocks);
	backing->used = vcalloc(longs, sizeof(long));
	backing->freed = vcalloc(longs, sizeof(long));
	if (!backing->used || !backing->freed)
		return -ENOMEM;
	sync_blockdev(bdev);
	invalidate_bdev(bdev);
	return 0;
}

struct zram_backing *zram_backing_open(const char *path, void *holder)
{
	struct zram_backing *backing = kzalloc(sizeof(*backing), GFP_KERNEL);
	int err = -ENOMEM;

	if (!backing)
		return ERR_PTR(-ENOMEM);
	backing->path = kstrdup(path, GFP_KERNEL);
	if (!backing->path)
		goto err_free;
	err = init_srcu_struct(&backing->readers);
	if (err)
		goto err_path;
	err = zram_readback_init(backing);
	if (err)
		goto err_srcu;
	backing->holder = holder;
	err = compat_bdev_open(path, holder, &backing->dev);
	if (err)
		goto err_readback;
	err = zram_backing_prepare(backing);
	if (!err)
		return backing;
	zram_backing_close(backing);
	return ERR_PTR(err);

err_readback:
	zram_readback_exit(backing);
err_srcu:
	cleanup_srcu_struct(&backing->readers);
err_path:
	kfree(backing->path);
err_free:
	kfree(backing);
	return ERR_PTR(err);
}

void zram_backing_close(struct zram_backing *backing)
{
	if (!backing)
		return;
	zram_readback_exit(backing);
	compat_bdev_close(&backing->dev, backing->holder);
	cleanup_srcu_struct(&backing->readers);
	vfree(backing->used);
	vfree(backing->freed);
	kfree(backing->path);
	kfree(backing);
}

u64 zram_backing_bytes(const struct zram_backing *backing)
{
	return 2 * PAGE_ALIGN(BITS_TO_LONGS(backing->nr_blocks) * sizeof(long));
}

/* ---- Blocks ------------------------------------------------------------- */

static u64 zram_block_find(const struct zram_backing *backing)
{
	u64 block = find_next_zero_bit(backing->used, backing->nr_blocks,
				       backing->next);

	if (block >= backing->nr_blocks)
		block = find_first_zero_bit(backing->used, backing->nr_blocks);
	return block < backing->nr_blocks ? block : ZRAM_NO_BLOCK;
}

/* Takes blocks that were freed out of use. Returns whether there are any. */
static bool zram_blocks_condemn(struct zram_backing *backing)
{
	bool any = false;
	size_t i;

	for (i = 0; i < BITS_TO_LONGS(backing->nr_blocks); i++) {
		unsigned long freed = READ_ONCE(backing->freed[i]);

		backing->used[i] &= ~freed;
		any |= freed;
		if (!(i % 1024))
			cond_resched();
	}
	return any;
}

/* Makes them free, now that nobody reads them; others are still in use. */
static void zram_blocks_absolve(struct zram_backing *backing)
{
	size_t i;

	for (i = 0; i < BITS_TO_LONGS(backing->nr_blocks); i++) {
		unsigned long done = READ_ONCE(backing->freed[i]) &
				     ~backing->used[i];
		unsigned int bit;

		for_each_set_bit(bit, &done, BITS_PER_LONG)
			clear_bit(i * BITS_PER_LONG + bit, backing->freed);
		if (!(i % 1024))
			cond_resched();
	}
}

/* Whoever saw a block in a slot before it was freed is gone afterwards. */
static bool zram_blocks_collect(struct zram_backing *backing)
{
	if (!zram_blocks_condemn(backing))
		return false;
	synchronize_srcu(&backing->readers);
	zram_blocks_absolve(backing);
	return true;
}

u64 zram_block_alloc(struct zram_backing *backing)
{
	u64 block = zram_block_find(backing);

	if (block == ZRAM_NO_BLOCK && zram_blocks_collect(backing))
		block = zram_block_find(backing);
	if (block == ZRAM_NO_BLOCK)
		return block;
	__set_bit(block, backing->used);
	atomic64_inc(&backing->nr_used);
	backing->next = block + 1;
	return block;
}

void zram_block_cancel(struct zram_backing *backing, u64 block)
{
	__clear_bit(block, backing->used);
	atomic64_dec(&backing->nr_used);
}

void zram_block_free(struct zram_backing *backing, u64 block)
{
	/* The slot has lost the block before the bit says so. */
	smp_mb__before_atomic();
	set_bit(block, backing->freed);
	atomic64_dec(&backing->nr_used);
}

/* ---- Reading ------------------------------------------------------------ */

static int zram_backing_read_block(struct zram *zram, u64 block,
				   struct page *page)
{
	struct bio_vec bvec;
	struct bio bio;
	int err;

	bio_init(&bio, zram->tier.backing->dev.bdev, &bvec, 1, REQ_OP_READ);
	bio.bi_iter.bi_sector = zram_block_sector(block);
	__bio_add_page(&bio, page, PAGE_SIZE, 0);
	err = submit_bio_wait(&bio);
	bio_uninit(&bio);
	zram_stat_inc(zram, bd_reads);
	return err;
}

/* What is compressed goes by way of a stream's buffer, which reading never uses. */
static int zram_decompress_block(struct zram *zram, u64 value, void *page)
{
	struct zsm_streams *streams = zram->algos[zram_slot_prio(value)].streams;
	struct zsm_stream *stream = zsm_stream_get(streams);
	u32 size = zram_slot_size(value);
	int err;

	memcpy(stream->buffer, page, size);
	err = zsm_decompress(streams, stream, stream->buffer, size, page);
	zsm_stream_put(stream);
	return err;
}

int zram_backing_read(struct zram *zram, u32 index, u64 value,
		      struct page *page)
{
	if (zram_backing_read_block(zram, zram_slot_loc(value), page))
		return -EIO;
	if (zram_slot_compressed(value) &&
	    zram_decompress_block(zram, value, page_address(page)))
		return zram_load_failed(zram, index, value);
	return 0;
}
