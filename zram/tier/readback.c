// SPDX-License-Identifier: GPL-2.0
/*
 * Bios that need pages from the backing device.
 *
 * What a driver submits inside of its submit_bio() does not start before that has
 * returned, so that waiting there would be for ever. A bio that comes to such a page
 * is handed to a worker, which goes on from there and may wait. Pages that are
 * wanted whole, and were written back as they are, are read straight to where they
 * go, all at once.
 */
#include <linux/bio.h>
#include <linux/mempool.h>
#include <linux/mm.h>
#include <linux/preempt.h>
#include <linux/sched/mm.h>
#include <linux/workqueue.h>

#include "zram/load_page.h"
#include "zram/pieces.h"
#include "zram/stat.h"
#include "zram/tier/backing.h"
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
	atomic_t pending;
	int err;
};

/* Enough to go on with when there is no memory. */
#define ZRAM_MIN_READBACKS 16

/* Everything is done. */
static void zram_readback_finish(struct zram_readback *rb)
{
	struct zram_readback done = *rb;
	struct zram_backing *backing = done.zram->tier.backing;

	zram_blocks_leave(&backing->blocks, done.srcu);
	mempool_free(rb, &backing->readbacks);
	/* As soon as the bio has ended all the rest may be gone. */
	zram_bio_end(done.zram, done.bio, done.start, done.err);
}

static void zram_readback_finish_work(struct work_struct *work)
{
	zram_readback_finish(container_of(work, struct zram_readback, work));
}

/*
 * The worker, or a read, is done. The SRCU of kernels for one processor that do not
 * preempt lets no interrupt end a reader.
 *
 * Context: any, interrupts too.
 */
static void zram_readback_put(struct zram_readback *rb, int err)
{
	if (err)
		WRITE_ONCE(rb->err, err);
	if (!atomic_dec_and_test(&rb->pending))
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

/*
 * Reads a page and waits for it, which is not possible inside of submit_bio(). Takes a
 * stream. Returns 0 or -EIO.
 */
static int zram_backing_read(struct zram *zram, u32 index, u64 value,
			     struct page *page)
{
	if (zram_backing_read_block(zram, zram_slot_loc(value), page))
		return -EIO;
	if (zram_slot_compressed(value) &&
	    zram_decompress_block(zram, value, page_address(page)))
		return zram_load_failed(zram, index, value);
	return 0;
}

/* Reads a block straight to a page of the bio, and does not wait. */
static void zram_readback_submit(struct zram_readback *rb, u64 block,
				 struct page *page)
{
	struct zram *zram = rb->zram;
	struct zram_backing *backing = zram->tier.backing;
	struct bio *read = bio_alloc_bioset(backing->dev.bdev, 1, REQ_OP_READ,
					    GFP_NOIO, &backing->reads);

	read->bi_iter.bi_sector = zram_block_sector(block);
	read->bi_private = rb;
	read->bi_end_io = zram_readback_end_io;
	__bio_add_page(read, page, PAGE_SIZE, 0);
	atomic_inc(&rb->pending);
	zram_stat_inc(zram, bd_reads);
	submit_bio(read);
}

static int zram_readback_page(struct zram_bio_reader *reader, u32 index,
			      u64 value, struct page *page, bool may_be_late)
{
	struct zram_readback *rb = container_of(reader, struct zram_readback,
						reader);

	if (!may_be_late || zram_slot_compressed(value))
		return zram_backing_read(rb->zram, index, value, page);
	zram_readback_submit(rb, zram_slot_loc(value), page);
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
		.pending = ATOMIC_INIT(1),
	};
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
		goto err_readbacks;
	backing->workers = alloc_workqueue("zram_readback",
					   WQ_MEM_RECLAIM | WQ_UNBOUND, 0);
	if (backing->workers)
		return 0;
	err = -ENOMEM;
	bioset_exit(&backing->reads);
err_readbacks:
	mempool_exit(&backing->readbacks);
	return err;
}

void zram_readback_exit(struct zram_backing *backing)
{
	destroy_workqueue(backing->workers);
	bioset_exit(&backing->reads);
	mempool_exit(&backing->readbacks);
}
