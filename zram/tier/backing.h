/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The backing device: where pages are written back to, block by block.
 *
 *   zram/tier/blocks.h     which of its blocks are in use
 *   zram/tier/writer.h     its write engine
 *   zram/tier/writeback.h  which pages are written, and what becomes of their slots
 *   zram/tier/readback.h   bios that wait for blocks
 *   zram/tier/log.h        in place of the first three, pages packed close
 *   zram/tier/attach.h     all of it, for a device
 */
#ifndef ZRAM_BACKING_H
#define ZRAM_BACKING_H

#include <linux/bio.h>
#include <linux/mempool.h>
#include <linux/sizes.h>
#include <linux/workqueue.h>

#include "compat/blkdev.h"
#include "zram/tier/blocks.h"
#include "zram/tier/writer.h"
#include "zram_drv.h"

struct zram_packed_log;

/**
 * struct zram_backing - a backing device
 * @dev: the block device, exclusively ours
 * @holder: what makes it so
 * @path: what the user called it
 * @blocks: its blocks
 * @writer: its write engine; used under work_lock
 * @workers: go on with bios that need blocks, and make freed blocks free. They are this
 *	device's own, since the blocks may be on another zram device, whose workers they
 *	then wait for
 * @writers: run the worker that writes pages back by itself; likewise
 * @log: the packed log, if the device's user wants one, or NULL
 * @readbacks: enough bios of those to go on with when there is no memory; likewise
 * @reads: the same of what they submit. A task that waits for them may have a bio of the
 *	kernel's common set.
 */
struct zram_backing {
	struct compat_bdev dev;
	void *holder;
	char *path;
	struct zram_blocks blocks;
	struct zram_writer writer;
	struct workqueue_struct *workers;
	struct workqueue_struct *writers;
	struct zram_packed_log *log;
	mempool_t readbacks;
	struct bio_set reads;
};

/* The limit and the statistics of write-back are in units of 4 KiB. */
#define ZRAM_UNITS_PER_PAGE (PAGE_SIZE / SZ_4K)

static inline sector_t zram_block_sector(struct zram_block block)
{
	return block.number * ZRAM_SECTORS_PER_PAGE;
}

/**
 * zram_backing_open() - open a block device for backing
 * @path: its path
 * @holder: an address; with the same one it may be opened a second time
 *
 * What zram_readback_init() makes is not there yet.
 *
 * Context: may sleep; takes locks of the block layer. Not under init_lock.
 * Return: the backing device, the caller's until zram_backing_close(), when no task or
 *	bio may be reading or writing a block any more; ERR_PTR:
 *	-ENOTBLK, -EINVAL with less than two pages, -ENOMEM, or what opening it
 *	came to: -ENOENT, -EBUSY, -EACCES, ...
 */
struct zram_backing *zram_backing_open(const char *path, void *holder);

/* Gives a backing device back. May sleep; not under init_lock. */
void zram_backing_close(struct zram_backing *backing);

/**
 * zram_backing_discard() - discard all that was written
 * @backing: the backing device; no slot has a block of it
 *
 * Nothing happens if the device takes no discards.
 *
 * Context: may sleep.
 */
void zram_backing_discard(struct zram_backing *backing);

#endif /* ZRAM_BACKING_H */
