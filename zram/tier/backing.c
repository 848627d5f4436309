// SPDX-License-Identifier: GPL-2.0
/* The backing device. */
#include <linux/blkdev.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "zram/tier/backing.h"

/* Makes the maps of blocks and the write engine of a device that is open. */
static int zram_backing_prepare(struct zram_backing *backing)
{
	struct block_device *bdev = backing->dev.bdev;
	/* A slot can name so many. */
	u64 nr = min_t(u64, bdev_nr_bytes(bdev) >> PAGE_SHIFT,
		       BIT_ULL(ZSM_LOC_BITS));
	int err;

	if (!nr)
		return -EINVAL;
	err = zram_blocks_init(&backing->blocks, nr);
	if (err)
		return err;
	err = zram_writer_init(&backing->writer, bdev);
	if (err) {
		zram_blocks_exit(&backing->blocks);
		return err;
	}
	/* What is in the page cache must not be written over our blocks later. */
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
	compat_bdev_close(&backing->dev, backing->holder);
	kfree(backing->path);
	kfree(backing);
}
