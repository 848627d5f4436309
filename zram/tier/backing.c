// SPDX-License-Identifier: GPL-2.0
/* The backing device. */
#include <linux/bio.h>
#include <linux/blkdev.h>
#include <linux/gfp.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "zram/tier/backing.h"

/*
 * Writes to the first block what the device is. It holds no page: what a program has in
 * its memory could look like a file system there, or a part of a RAID, to one that looks
 * at disks after a crash.
 */
static int zram_backing_sign(struct zram_backing *backing)
{
	static const char text[] =
		"zram: pages of memory, of no use without the machine that wrote them\n";
	struct page *page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	struct bio_vec bvec;
	struct bio bio;
	int err;

	if (!page)
		return -ENOMEM;
	memcpy(page_address(page), text, sizeof(text) - 1);
	bio_init(&bio, backing->dev.bdev, &bvec, 1, REQ_OP_WRITE | REQ_SYNC);
	bio.bi_iter.bi_sector = 0;
	__bio_add_page(&bio, page, PAGE_SIZE, 0);
	err = submit_bio_wait(&bio);
	bio_uninit(&bio);
	__free_page(page);
	return err;
}

/* Makes the workers, the maps of blocks and the write engine of a device that is open. */
static int zram_backing_prepare(struct zram_backing *backing)
{
	struct block_device *bdev = backing->dev.bdev;
	/* A slot can name so many. */
	u64 nr = min_t(u64, bdev_nr_bytes(bdev) >> PAGE_SHIFT,
		       BIT_ULL(ZSM_LOC_BITS));
	int err;

	/* A block is not written in parts: what is a page would not be one block. */
	if (nr < 2 || bdev_logical_block_size(bdev) > PAGE_SIZE)
		return -EINVAL;
	backing->workers = alloc_workqueue("zram_backing",
					   WQ_MEM_RECLAIM | WQ_UNBOUND, 0);
	if (!backing->workers)
		return -ENOMEM;
	err = zram_blocks_init(&backing->blocks, nr, backing->workers);
	if (err)
		goto err_workers;
	err = zram_writer_init(&backing->writer, bdev);
	if (err)
		goto err_blocks;
	/* What is in the page cache must not be written over our blocks later. */
	sync_blockdev(bdev);
	invalidate_bdev(bdev);
	err = zram_backing_sign(backing);
	if (!err)
		return 0;
	zram_writer_exit(&backing->writer);
err_blocks:
	zram_blocks_exit(&backing->blocks);
err_workers:
	destroy_workqueue(backing->workers);
	return err;
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
	backing->holder = holder;
	err = compat_bdev_open(path, holder, &backing->dev);
	if (err)
		goto err_path;
	err = zram_backing_prepare(backing);
	if (err)
		goto err_close;
	return backing;

err_close:
	compat_bdev_close(&backing->dev, backing->holder);
err_path:
	kfree(backing->path);
err_free:
	kfree(backing);
	return ERR_PTR(err);
}

void zram_backing_close(struct zram_backing *backing)
{
	zram_writer_exit(&backing->writer);
	zram_blocks_exit(&backing->blocks);
	destroy_workqueue(backing->workers);
	compat_bdev_close(&backing->dev, backing->holder);
	kfree(backing->path);
	kfree(backing);
}

void zram_backing_discard(struct zram_backing *backing)
{
	blkdev_issue_discard(backing->dev.bdev, 0,
			     backing->blocks.end * ZRAM_SECTORS_PER_PAGE,
			     GFP_KERNEL);
}
