/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The backing device: where pages are written back to. A block of it is a page.
 *
 *   zram/tier/backing.c    the device, its blocks, reading one
 *   zram/tier/writeback.c  pages to blocks
 *   zram/tier/readback.c   bios that wait for blocks
 *
 * Three things may know of a block: a slot that is BACKED, a write on its way
 * there, and readers, who looked it up in a slot. A slot may drop its block while
 * readers are at it, so that a block that was freed is used again only when all
 * are gone who may have seen it: what reads holds zram_backing_enter().
 */
#ifndef ZRAM_BACKING_H
#define ZRAM_BACKING_H

#include <linux/bio.h>
#include <linux/blkdev.h>
#include <linux/mempool.h>
#include <linux/sizes.h>
#include <linux/srcu.h>
#include <linux/workqueue.h>

#include "compat/blkdev.h"
#include "compat/srcu.h"
#include "zram_drv.h"

/**
 * struct zram_backing - a backing device
 * @dev: the block device, exclusively ours
 * @holder: what makes it so
 * @path: what the user called it
 * @nr_blocks: pages it has room for
 * @nr_used: blocks that slots know of, or that are being written
 * @next: where to look for a free block; under work_lock
 * @used: a bit for each block that is not free; changed under work_lock
 * @freed: a bit for each that a slot has dropped since the last collection. A
 *	block with this bit alone is being collected.
 * @readers: who may be reading blocks
 * @workers: go on with bios that need blocks. They are this device's own, since the
 *	blocks may be on another zram device, whose workers they then wait for
 * @readbacks: enough bios of those to go on with when there is no memory; likewise
 * @reads: the same of what they submit. Whoever waits for them may have a bio of the
 *	kernel's common set.
 */
struct zram_backing {
	struct compat_bdev dev;
	void *holder;
	char *path;
	u64 nr_blocks;
	atomic64_t nr_used;
	u64 next;
	unsigned long *used;
	unsigned long *freed;
	struct srcu_struct readers;
	struct workqueue_struct *workers;
	mempool_t readbacks;
	struct bio_set reads;
};

/* The limit and the statistics of writeback are in units of 4 KiB. */
#define ZRAM_UNITS_PER_PAGE (PAGE_SIZE / SZ_4K)

/* No block. */
#define ZRAM_NO_BLOCK U64_MAX

static inline sector_t zram_block_sector(u64 block)
{
	return block * ZRAM_SECTORS_PER_PAGE;
}

/**
 * zram_backing_open() - take a block device for backing
 * @path: its path
 * @holder: an address; with the same one it may be opened a second time
 *
 * Context: may sleep; takes locks of the block layer.
 * Return: the backing device, the caller's until zram_backing_close(), when nobody
 *	may be reading or writing a block any more; ERR_PTR:
 *	-ENOTBLK, -EINVAL with less than a page, -ENOMEM, or what opening it
 *	came to: -ENOENT, -EBUSY, -EACCES, ...
 */
struct zram_backing *zram_backing_open(const char *path, void *holder);

/* Gives a backing device back, which may be NULL. May sleep; not under init_lock. */
void zram_backing_close(struct zram_backing *backing);

/* The memory that a backing device's maps of blocks take. */
u64 zram_backing_bytes(const struct zram_backing *backing);

/**
 * zram_block_alloc() - find a free block
 * @backing: the device; the caller holds work_lock
 *
 * Context: may sleep, until readers are done.
 * Return: the block; ZRAM_NO_BLOCK if there is none.
 */
u64 zram_block_alloc(struct zram_backing *backing);

/**
 * zram_block_cancel() - free a block that no slot has ever had
 * @backing: the device; the caller holds work_lock
 * @block: the block
 *
 * Context: any.
 */
void zram_block_cancel(struct zram_backing *backing, u64 block);

/**
 * zram_block_free() - free a block
 * @backing: the device
 * @block: a block that no slot has any more
 *
 * Context: any.
 */
void zram_block_free(struct zram_backing *backing, u64 block);

/*
 * Begins and ends reading; may end in another context, whereto sparse cannot follow
 * it: even an interrupt, but with CONFIG_TINY_SRCU.
 */
static inline int zram_backing_enter(struct zram_backing *backing)
{
	int idx = compat_srcu_down_read(&backing->readers);

	__release(&backing->readers);
	return idx;
}

static inline void zram_backing_leave(struct zram_backing *backing, int idx)
{
	__acquire(&backing->readers);
	compat_srcu_up_read(&backing->readers, idx);
}

/**
 * zram_backing_read() - read a page that was written back
 * @zram: the device; the caller has entered its backing device
 * @index: the slot
 * @value: what it held after that: a page on the backing device
 * @page: receives the page
 *
 * Context: may sleep; not inside of a driver's submit_bio(), which defers what it
 *	submits until it has returned. Takes a stream.
 * Return: 0 or -EIO.
 */
int zram_backing_read(struct zram *zram, u32 index, u64 value,
		      struct page *page);

#endif /* ZRAM_BACKING_H */
