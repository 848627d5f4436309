// SPDX-License-Identifier: GPL-2.0
/*
 * Bios that need pages from the backing device.
 *
 * What a driver submits inside of its submit_bio() does not start before that has
 * returned, so that waiting there would be for ever. A bio that comes to such a page
 * is handed to a worker, which goes on from there and may wait. Pages that are
 * wanted whole are read straight to where they go, all at once; those that were written
 * back compressed are decompressed there when their reads have ended, and those of a packed
 * log taken out of the blocks that were read for all of them.
 *
 * What is read is read for a bio that waits, so reads are charged to its cgroup, and have
 * its priority and its hints.
 */
#include <linux/bio.h>
#include <linux/mempool.h>
#include <linux/mm.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "zram/load_page.h"
#include "zram/pieces.h"
#include "zram/stat.h"
#include "zram/tier/backing.h"
#include "zram/tier/inherit.h"
#include "zram/tier/late_page.h"
#include "zram/tier/log_read.h"
#include "zram/tier/readback.h"

/**
 * struct zram_readback - a bio that was handed to a worker
 * @work: the worker's task
 * @reader: what reads pages for it
 * @zram: the device
 * @bio: the bio
 * @iter: what of it is left to do
 * @start: when it began, for the statistics
 * @srcu: what zram_blocks_enter() returned
 * @late: pages that are unpacked when their reads have ended, the worker's alone
 * @ended: the worker waits here until no read is under way. Its lock guards the next two,
 *	and is taken in interrupts
 * @pending: reads of the backing device under way, and the worker
 * @err: an error of one of them
 */
struct zram_readback {
	struct work_struct work;
	struct zram_bio_reader reader;
	struct zram *zram;
	struct bio *bio;
	struct bvec_iter iter;
	unsigned long start;
	int srcu;
	struct list_head late;
	wait_queue_head_t ended;
	u32 pending;
	int err;
};

/* Enough to go on with when there is no memory. */
#define ZRAM_MIN_READBACKS 16

/* Everything is done. */
static void zram_readback_finish(struct zram_readback *rb)
{
	struct zram *zram = rb->zram;
	struct zram_backing *backing = zram->tier.backing;
	struct bio *bio = rb->bio;
	unsigned long start = rb->start;
	int err = rb->err;

	zram_blocks_leave(&backing->blocks, rb->srcu);
	mempool_free(rb, &backing->readbacks);
	/* As soon as the bio has ended all the rest may be gone. */
	zram_bio_end(zram, bio, start, err);
}

static void zram_readback_finish_work(struct work_struct *work)
{
	zram_readback_finish(container_of(work, struct zram_readback, work));
}

/* One more read, or the worker, has to be waited for. */
static void zram_readback_get(struct zram_readback *rb)
{
	spin_lock_irq(&rb->ended.lock);
	rb->pending++;
	spin_unlock_irq(&rb->ended.lock);
}

/*
 * The worker, or a read, is done. The last one frees @rb: it has the lock
 * after all others. The SRCU of kernels for one processor that do not
 * preempt lets no interrupt end a reader.
 *
 * Context: any, interrupts too.
 */
static void zram_readback_put(struct zram_readback *rb, int err)
{
	unsigned long flags;
	u32 left;

	spin_lock_irqsave(&rb->ended.lock, flags);
	if (err)
		rb->err = err;
	left = --rb->pending;
	if (left == 1)
		wake_up_locked(&rb->ended);
	spin_unlock_irqrestore(&rb->ended.lock, flags);
	if (left)
		return;
	if (IS_ENABLED(CONFIG_TINY_SRCU) && !in_task()) {
		INIT_WORK(&rb->work, zram_readback_finish_work);
		queue_work(rb->zram->tier.backing->workers, &rb->work);
	} else {
		zram_readback_finish(rb);
	}
}

static void zram_readback_end_io(struct bio *read)
{
	struct zram_readback *rb = read->bi_private;
	int err = blk_status_to_errno(read->bi_status);

	bio_put(read);
	zram_readback_put(rb, err);
}

/* ---- Pages -------------------------------------------------------------- */

/* What is compressed goes by way of a stream's buffer, as it does from an object. */
static int zram_decompress_block(struct zram *zram, struct zsm_word value, void *page)
{
	struct zsm_stream *stream =
		zsm_stream_get(zram->algos[zram_slot_prio(value)].streams);
	u32 size = zram_slot_size(value);
	int err;

	memcpy(stream->buffer, page, size);
	err = zsm_decompress(stream, stream->buffer, size, page);
	zsm_stream_put(stream);
	return err;
}

/*
 * Reads a page and waits for it, which is not possible inside of submit_bio(). Takes a
 * stream. Returns 0 or -EIO.
 */
static int zram_backing_read(struct zram_readback *rb, u32 index, struct zsm_word value,
			     struct page *page)
{
	struct zram *zram = rb->zram;
	int err = zram_read_block_for(rb->bio, zram->tier.backing->dev.bdev,
				      zram_slot_block(value), page);

	zram_stat_inc(zram, bd_reads);
	if (err)
		return -EIO;
	if (zram_slot_compressed(value) &&
	    zram_decompress_block(zram, value, page_address(page)))
		return zram_load_failed(zram, index, value);
	return 0;
}

/* Reads a block straight to a page of the bio, and does not wait. */
static void zram_readback_submit(struct zram_readback *rb, struct zram_block block,
				 struct page *page)
{
	struct zram *zram = rb->zram;
	struct zram_backing *backing = zram->tier.backing;
	struct bio *read = bio_alloc_bioset(backing->dev.bdev, 1, REQ_OP_READ,
					    GFP_NOIO, &backing->reads);

	read->bi_iter.bi_sector = zram_block_sector(block);
	read->bi_private = rb;
	read->bi_end_io = zram_readback_end_io;
	zram_bio_inherit(read, rb->bio);
	__bio_add_page(read, page, PAGE_SIZE, 0);
	zram_readback_get(rb);
	zram_stat_inc(zram, bd_reads);
	submit_bio(read);
}

/* Notes that a page has to be unpacked later. False: there is no memory to. */
static bool zram_readback_note(struct zram_readback *rb, u32 index, struct zsm_word value,
			       struct page *page)
{
	struct zram_late_page *late = kmalloc(sizeof(*late), GFP_NOWAIT |
							     __GFP_NOWARN);

	if (!late)
		return false;
	late->page = page;
	late->index = index;
	late->value = value;
	list_add_tail(&late->list, &rb->late);
	return true;
}

/* Whether no read is under way; @err is then the error of one that has failed, or 0. */
static bool zram_readback_is_alone(struct zram_readback *rb, int *err)
{
	bool alone;

	spin_lock_irq(&rb->ended.lock);
	alone = rb->pending == 1;
	*err = rb->err;
	spin_unlock_irq(&rb->ended.lock);
	return alone;
}

/* Waits for the reads, and decompresses what they have read. Returns 0 or -EIO. */
static int zram_readback_unpack(struct zram_readback *rb)
{
	struct zram_late_page *late;
	int err;

	wait_event(rb->ended, zram_readback_is_alone(rb, &err));
	if (err)
		return err;
	list_for_each_entry(late, &rb->late, list) {
		if (zram_decompress_block(rb->zram, late->value,
					  page_address(late->page)))
			return zram_load_failed(rb->zram, late->index,
						late->value);
		cond_resched();
	}
	return 0;
}

static bool zram_readback_is_packed(const struct zram_readback *rb)
{
	return rb->zram->tier.backing->log;
}

/* What was noted. Returns 0 or -EIO. */
static int zram_readback_late(struct zram_readback *rb)
{
	if (list_empty(&rb->late))
		return 0;
	return zram_readback_is_packed(rb) ?
		zram_log_read_pages(rb->zram, rb->bio, &rb->late) :
		zram_readback_unpack(rb);
}

static void zram_readback_forget(struct zram_readback *rb)
{
	struct zram_late_page *late, *next;

	list_for_each_entry_safe(late, next, &rb->late, list)
		kfree(late);
}

/* Reads a page and waits for it. Returns 0 or -EIO. */
static int zram_readback_now(struct zram_readback *rb, u32 index, struct zsm_word value,
			     struct page *page)
{
	struct zram_late_page late = {
		.page = page,
		.index = index,
		.value = value,
	};
	LIST_HEAD(pages);

	if (!zram_readback_is_packed(rb))
		return zram_backing_read(rb, index, value, page);
	list_add(&late.list, &pages);
	return zram_log_read_pages(rb->zram, rb->bio, &pages);
}

static int zram_readback_page(struct zram_bio_reader *reader, u32 index,
			      struct zsm_word value, struct page *page, bool may_be_late)
{
	struct zram_readback *rb = container_of(reader, struct zram_readback,
						reader);
	bool late = zram_slot_compressed(value) || zram_readback_is_packed(rb);

	if (!may_be_late || (late && !zram_readback_note(rb, index, value, page)))
		return zram_readback_now(rb, index, value, page);
	if (!zram_readback_is_packed(rb))
		zram_readback_submit(rb, zram_slot_block(value), page);
	return 0;
}

/* ---- Bios --------------------------------------------------------------- */

static void zram_readback_work(struct work_struct *work)
{
	struct zram_readback *rb = container_of(work, struct zram_readback,
						work);
	unsigned int noio = memalloc_noio_save();
	struct blk_plug plug;
	int err;

	rb->srcu = zram_blocks_enter(&rb->zram->tier.backing->blocks);
	blk_start_plug(&plug);
	err = zram_bio_pieces(rb->zram, rb->bio, &rb->iter,
			      &rb->reader);
	blk_finish_plug(&plug);
	if (!err)
		err = zram_readback_late(rb);
	zram_readback_forget(rb);
	zram_readback_put(rb, err);
	memalloc_noio_restore(noio);
}

void zram_readback_bio(struct zram *zram, struct bio *bio,
		       struct bvec_iter iter, unsigned long start)
{
	struct zram_backing *backing = zram->tier.backing;
	struct zram_readback *rb = mempool_alloc(&backing->readbacks, GFP_NOIO);

	*rb = (struct zram_readback){
		.reader.read = zram_readback_page,
		.zram = zram,
		.bio = bio,
		.iter = iter,
		.start = start,
		.pending = 1,
	};
	INIT_LIST_HEAD(&rb->late);
	init_waitqueue_head(&rb->ended);
	INIT_WORK(&rb->work, zram_readback_work);
	queue_work(backing->workers, &rb->work);
}

int zram_readback_init(struct zram_backing *backing)
{
	int err = mempool_init_kmalloc_pool(&backing->readbacks,
					    ZRAM_MIN_READBACKS,
					    sizeof(struct zram_readback));

	if (err)
		return err;
	err = bioset_init(&backing->reads, ZRAM_MIN_READBACKS, 0,
			  BIOSET_NEED_BVECS);
	if (err)
		mempool_exit(&backing->readbacks);
	return err;
}

void zram_readback_exit(struct zram_backing *backing)
{
	flush_workqueue(backing->workers);
	bioset_exit(&backing->reads);
	mempool_exit(&backing->readbacks);
}
