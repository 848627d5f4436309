/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What moved in <linux/blkdev.h>: disks, their limits and operations, and opening
 * a device by its path.
 */
#ifndef ZSM_COMPAT_BLKDEV_H
#define ZSM_COMPAT_BLKDEV_H

#include <linux/blkdev.h>
#include <linux/err.h>

#include "compat/version.h"

/*
 * struct compat_limits - the queue limits that differ from the defaults
 *
 * 6.9 replaced setters on a live queue by a structure given at allocation;
 * 6.11 moved most queue flags into it.
 */
struct compat_limits {
	unsigned int logical_block_size;
	unsigned int physical_block_size;
	unsigned int discard_granularity;
	unsigned int max_write_zeroes_sectors;
};

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 11, 0)

/* A disk of synchronous I/O on stable pages, with discards of any size. */
static inline struct gendisk *compat_alloc_disk(const struct compat_limits *cl)
{
	struct queue_limits lim = {
		.logical_block_size = cl->logical_block_size,
		.physical_block_size = cl->physical_block_size,
		.io_min = cl->physical_block_size,
		.io_opt = cl->physical_block_size,
		.max_hw_discard_sectors = UINT_MAX,
		.discard_granularity = cl->discard_granularity,
		.max_write_zeroes_sectors = cl->max_write_zeroes_sectors,
		.features = BLK_FEAT_STABLE_WRITES | BLK_FEAT_SYNCHRONOUS,
	};

	return blk_alloc_disk(&lim, NUMA_NO_NODE);
}

#else

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 9, 0)
#define compat_blk_alloc_disk() blk_alloc_disk(NULL, NUMA_NO_NODE)
#else
static inline struct gendisk *compat_blk_alloc_disk(void)
{
	struct gendisk *disk = blk_alloc_disk(NUMA_NO_NODE);

	return disk ? disk : ERR_PTR(-ENOMEM);
}
#endif

static inline struct gendisk *compat_alloc_disk(const struct compat_limits *cl)
{
	struct gendisk *disk = compat_blk_alloc_disk();
	struct request_queue *q;

	if (IS_ERR(disk))
		return disk;
	q = disk->queue;
	blk_queue_logical_block_size(q, cl->logical_block_size);
	blk_queue_physical_block_size(q, cl->physical_block_size);
	blk_queue_io_min(q, cl->physical_block_size);
	blk_queue_io_opt(q, cl->physical_block_size);
	q->limits.discard_granularity = cl->discard_granularity;
	blk_queue_max_discard_sectors(q, UINT_MAX);
	blk_queue_max_write_zeroes_sectors(q, cl->max_write_zeroes_sectors);
	blk_queue_flag_set(QUEUE_FLAG_NONROT, q);
	blk_queue_flag_clear(QUEUE_FLAG_ADD_RANDOM, q);
	blk_queue_flag_set(QUEUE_FLAG_STABLE_WRITES, q);
#ifdef QUEUE_FLAG_SYNCHRONOUS
	blk_queue_flag_set(QUEUE_FLAG_SYNCHRONOUS, q);
#endif
	return disk;
}

#endif

/*
 * block_device_operations.open takes the disk since 6.5; before, the block
 * device. COMPAT_DEFINE_OPEN(name, open) makes the operation of a function
 * that takes the disk.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 5, 0)
#define COMPAT_DEFINE_OPEN(name, open)					\
static int name(struct gendisk *disk, blk_mode_t mode)			\
{									\
	return open(disk);						\
}
#else
#define COMPAT_DEFINE_OPEN(name, open)					\
static int name(struct block_device *bdev, fmode_t mode)		\
{									\
	return open(bdev->bd_disk);					\
}
#endif

/*
 * Before 6.3, swap takes a device for synchronous, and so reads around the
 * swap cache, if it has a rw_page operation. COMPAT_DEFINE_RW_PAGE(name, rw)
 * makes it of a function that moves one page:
 *	int rw(struct gendisk *disk, sector_t sector, struct page *page,
 *	       bool write);
 * An error makes the caller submit a bio instead.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
#include <linux/pagemap.h>

#define COMPAT_HAS_RW_PAGE
#define COMPAT_DEFINE_RW_PAGE(name, rw)					\
int name(struct block_device *bdev, sector_t sector, struct page *page,	\
	 enum req_op op)						\
{									\
	int err;							\
									\
	if (PageTransHuge(page))					\
		return -EOPNOTSUPP;					\
	err = rw(bdev->bd_disk, sector, page, op_is_write(op));		\
	if (!err)							\
		page_endio(page, op_is_write(op), 0);			\
	return err;							\
}
#endif

/*
 * struct compat_bdev - a block device that was opened by its path, exclusively
 *
 * 6.9 gave it a file; 6.7 a handle; 6.5 changed who holds it, and the mode.
 */
struct compat_bdev {
	struct block_device *bdev;
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 9, 0)
	struct file *file;
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)
	struct bdev_handle *handle;
#endif
};

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 9, 0)

#include <linux/file.h>

static inline int compat_bdev_open(const char *path, void *holder,
				   struct compat_bdev *dev)
{
	dev->file = bdev_file_open_by_path(path,
					   BLK_OPEN_READ | BLK_OPEN_WRITE,
					   holder, NULL);
	if (IS_ERR(dev->file))
		return PTR_ERR(dev->file);
	dev->bdev = file_bdev(dev->file);
	return 0;
}

static inline void compat_bdev_close(struct compat_bdev *dev, void *holder)
{
	bdev_fput(dev->file);
}

#elif LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)

static inline int compat_bdev_open(const char *path, void *holder,
				   struct compat_bdev *dev)
{
	dev->handle = bdev_open_by_path(path, BLK_OPEN_READ | BLK_OPEN_WRITE,
					holder, NULL);
	if (IS_ERR(dev->handle))
		return PTR_ERR(dev->handle);
	dev->bdev = dev->handle->bdev;
	return 0;
}

static inline void compat_bdev_close(struct compat_bdev *dev, void *holder)
{
	bdev_release(dev->handle);
}

#else

static inline int compat_bdev_open(const char *path, void *holder,
				   struct compat_bdev *dev)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 5, 0)
	dev->bdev = blkdev_get_by_path(path, BLK_OPEN_READ | BLK_OPEN_WRITE,
				       holder, NULL);
#else
	dev->bdev = blkdev_get_by_path(path,
				       FMODE_READ | FMODE_WRITE | FMODE_EXCL,
				       holder);
#endif
	return PTR_ERR_OR_ZERO(dev->bdev);
}

static inline void compat_bdev_close(struct compat_bdev *dev, void *holder)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 5, 0)
	blkdev_put(dev->bdev, holder);
#else
	blkdev_put(dev->bdev, FMODE_READ | FMODE_WRITE | FMODE_EXCL);
#endif
}

#endif

#endif /* ZSM_COMPAT_BLKDEV_H */
