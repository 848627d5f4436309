// SPDX-License-Identifier: GPL-2.0
/* The write engine of a backing device. See writer.h. */
#include <linux/blkdev.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "zram/tier/writer.h"

/* ---- Room --------------------------------------------------------------- */

static struct zram_write *zram_write_create(struct zram_writer *writer,
					    gfp_t gfp)
{
	struct zram_write *write = kmalloc(sizeof(*write), gfp);

	if (!write)
		return NULL;
	write->page = (void *)__get_free_page(gfp);
	if (!write->page) {
		kfree(write);
		return NULL;
	}
	write->writer = writer;
	writer->nr++;
	return write;
}

/* Frees the first write that is not in flight. */
static void zram_write_destroy(struct zram_writer *writer)
{
	struct zram_write *write =
		list_first_entry(&writer->free, struct zram_write, list);

	list_del(&write->list);
	free_page((unsigned long)write->page);
	kfree(write);
	writer->nr--;
}

int zram_writer_init(struct zram_writer *writer, struct block_device *bdev)
{
	*writer = (struct zram_writer){ .bdev = bdev };
	INIT_LIST_HEAD(&writer->free);
	INIT_LIST_HEAD(&writer->flights);
	INIT_LIST_HEAD(&writer->done);
	spin_lock_init(&writer->lock);
	init_waitqueue_head(&writer->wait);
	while (writer->nr < ZRAM_MIN_WRITES) {
		struct zram_write *write = zram_write_create(writer, GFP_KERNEL);

		if (!write) {
			zram_writer_exit(writer);
			return -ENOMEM;
		}
		list_add(&write->list, &writer->free);
	}
	return 0;
}

void zram_writer_exit(struct zram_writer *writer)
{
	while (writer->nr)
		zram_write_destroy(writer);
}

/* ---- What has ended ----------------------------------------------------- */

/* Settles all that has ended. */
static void zram_writer_settle(struct zram_writer *writer)
{
	struct zram_write *write, *next;
	LIST_HEAD(done);

	spin_lock_irq(&writer->lock);
	list_splice_init(&writer->done, &done);
	spin_unlock_irq(&writer->lock);
	list_for_each_entry_safe(write, next, &done, list) {
		int err = blk_status_to_errno(write->bio.bi_status);

		bio_uninit(&write->bio);
		writer->settle(write, err);
		list_move(&write->list, &writer->free);
		list_del(&write->flight);
		writer->in_flight--;
	}
}

static bool zram_writer_has_done(struct zram_writer *writer)
{
	bool done;

	spin_lock_irq(&writer->lock);
	done = !list_empty(&writer->done);
	spin_unlock_irq(&writer->lock);
	return done;
}

static void zram_writer_wait(struct zram_writer *writer)
{
	wait_event(writer->wait, zram_writer_has_done(writer));
	zram_writer_settle(writer);
}

bool zram_writer_has(const struct zram_writer *writer, u32 index)
{
	const struct zram_write *write;

	list_for_each_entry(write, &writer->flights, flight) {
		if (write->index == index)
			return true;
	}
	return false;
}

void zram_writer_drain(struct zram_writer *writer)
{
	while (writer->in_flight)
		zram_writer_wait(writer);
}

/* ---- Writing ------------------------------------------------------------ */

void zram_writer_begin(struct zram_writer *writer, u32 batch,
		       void (*settle)(struct zram_write *write, int err),
		       void *priv)
{
	writer->batch = batch;
	writer->settle = settle;
	writer->priv = priv;
}

void zram_writer_end(struct zram_writer *writer)
{
	zram_writer_drain(writer);
	while (writer->nr > ZRAM_MIN_WRITES)
		zram_write_destroy(writer);
}

/* More room, if the batch allows it, but not at the cost of killing a task. */
static struct zram_write *zram_writer_grow(struct zram_writer *writer)
{
	if (writer->nr >= writer->batch)
		return NULL;
	return zram_write_create(writer, GFP_KERNEL | __GFP_NORETRY |
					 __GFP_NOWARN);
}

struct zram_write *zram_writer_get(struct zram_writer *writer)
{
	struct zram_write *write;

	zram_writer_settle(writer);
	while (writer->in_flight >= writer->batch)
		zram_writer_wait(writer);
	if (list_empty(&writer->free)) {
		write = zram_writer_grow(writer);
		if (write)
			return write;
		zram_writer_wait(writer);
	}
	write = list_first_entry(&writer->free, struct zram_write, list);
	list_del(&write->list);
	return write;
}

void zram_writer_put(struct zram_write *write)
{
	list_add(&write->list, &write->writer->free);
}

/* Context: any, interrupts too. The task goes on only when the lock is free. */
static void zram_write_end_io(struct bio *bio)
{
	struct zram_write *write = container_of(bio, struct zram_write, bio);
	struct zram_writer *writer = write->writer;
	unsigned long flags;

	spin_lock_irqsave(&writer->lock, flags);
	list_add_tail(&write->list, &writer->done);
	wake_up(&writer->wait);
	spin_unlock_irqrestore(&writer->lock, flags);
}

void zram_writer_submit(struct zram_write *write, sector_t sector)
{
	struct zram_writer *writer = write->writer;
	struct bio *bio = &write->bio;

	bio_init(bio, writer->bdev, &write->bvec, 1, REQ_OP_WRITE);
	bio->bi_iter.bi_sector = sector;
	bio->bi_end_io = zram_write_end_io;
	__bio_add_page(bio, virt_to_page(write->page), PAGE_SIZE, 0);
	writer->in_flight++;
	list_add(&write->flight, &writer->flights);
	submit_bio(bio);
}
