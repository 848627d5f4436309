// SPDX-License-Identifier: GPL-2.0
/*
 * Writeback: pages to blocks of the backing device.
 *
 * A page is claimed and copied, the copy is written, and when that is done the
 * block takes the object's place in the slot, unless the page has been stored anew
 * or dropped meanwhile. Up to writeback_batch_size writes are in flight; all that
 * takes locks is done by the task that wrote to the knob.
 */
#include <linux/bio.h>
#include <linux/gfp.h>
#include <linux/list.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/wait.h>

#include "zram/claim.h"
#include "zram/slot.h"
#include "zram/slots.h"
#include "zram/stat.h"
#include "zram/tier/backing.h"
#include "zram/tier/writeback.h"

/* A write, or room for one. */
struct zram_write {
	struct list_head list;
	struct zram_writeback *wb;
	u32 index;
	u64 value;		/* what the slot is to hold */
	void *page;
	bool charged;		/* to the budget */
	struct bio bio;
	struct bio_vec bvec;
};

/**
 * struct zram_writeback - a call of the knob
 * @zram: the device
 * @batch: writes that may be in flight
 * @nr_writes: writes that there is room for; at most @batch
 * @in_flight: those that are under way, or in @done
 * @nr_bands: how many bands of sizes to write one after the other
 * @band: the one that is being written
 * @last_index: the slot last written; see zram_writeback_slot()
 * @free: those that are not
 * @done: those that are done and have not been looked at
 * @lock: guards @done; taken in interrupts
 * @wait: for something in @done
 * @err: the last error of a write
 */
struct zram_writeback {
	struct zram *zram;
	u32 batch;
	u32 nr_writes;
	u32 in_flight;
	u32 nr_bands;
	u32 band;
	u64 last_index;
	struct list_head free;
	struct list_head done;
	spinlock_t lock;
	wait_queue_head_t wait;
	int err;
};

/* ---- The budget --------------------------------------------------------- */

static bool zram_budget_take(struct zram_write *write)
{
	struct zram *zram = write->wb->zram;
	bool have = true;

	spin_lock(&zram->tier.wb_lock);
	write->charged = zram->tier.wb_limit_enable;
	if (write->charged) {
		have = zram->tier.wb_limit >= ZRAM_UNITS_PER_PAGE;
		if (have)
			zram->tier.wb_limit -= ZRAM_UNITS_PER_PAGE;
	}
	spin_unlock(&zram->tier.wb_lock);
	return have;
}

/* Both knobs may have been written since it was taken. */
static void zram_budget_return(const struct zram_write *write)
{
	struct zram *zram = write->wb->zram;

	if (!write->charged)
		return;
	spin_lock(&zram->tier.wb_lock);
	if (zram->tier.wb_limit <= U64_MAX - ZRAM_UNITS_PER_PAGE)
		zram->tier.wb_limit += ZRAM_UNITS_PER_PAGE;
	spin_unlock(&zram->tier.wb_lock);
}

/* ---- Writes ------------------------------------------------------------- */

/* The first may cost what it takes; for another nobody is killed. */
static struct zram_write *zram_write_create(struct zram_writeback *wb)
{
	gfp_t gfp = GFP_KERNEL | __GFP_NOWARN;
	struct zram_write *write;

	if (wb->nr_writes)
		gfp |= __GFP_NORETRY;
	write = kmalloc(sizeof(*write), gfp);
	if (!write)
		return NULL;
	write->page = (void *)__get_free_page(gfp);
	if (!write->page) {
		kfree(write);
		return NULL;
	}
	write->wb = wb;
	wb->nr_writes++;
	return write;
}

static void zram_write_destroy(struct zram_write *write)
{
	free_page((unsigned long)write->page);
	kfree(write);
}

/* A write has ended, well or not: the slot gets the block, or keeps its page. */
static void zram_write_settle(struct zram_write *write)
{
	struct zram_writeback *wb = write->wb;
	struct zram *zram = wb->zram;
	u64 block = zram_slot_loc(write->value);
	int err = blk_status_to_errno(write->bio.bi_status);

	bio_uninit(&write->bio);
	if (err) {
		wb->err = err;
		zram_claim_end(zram, write->index, 0, 0);
		zram_block_cancel(zram->tier.backing, block);
		zram_budget_return(write);
		return;
	}
	zram_stat_inc(zram, bd_writes);
	if (!zram_claim_replace(zram, write->index, write->value))
		zram_block_cancel(zram->tier.backing, block);
}

/* Settles all that is done; returns whether anything was. */
static bool zram_writes_settle(struct zram_writeback *wb)
{
	struct zram_write *write, *next;
	LIST_HEAD(done);

	spin_lock_irq(&wb->lock);
	list_splice_init(&wb->done, &done);
	spin_unlock_irq(&wb->lock);
	if (list_empty(&done))
		return false;
	list_for_each_entry_safe(write, next, &done, list) {
		zram_write_settle(write);
		list_move(&write->list, &wb->free);
		wb->in_flight--;
	}
	return true;
}

static bool zram_writes_done(struct zram_writeback *wb)
{
	bool done;

	spin_lock_irq(&wb->lock);
	done = !list_empty(&wb->done);
	spin_unlock_irq(&wb->lock);
	return done;
}

static void zram_writes_wait(struct zram_writeback *wb)
{
	wait_event(wb->wait, zram_writes_done(wb));
	zram_writes_settle(wb);
}

/* Waits for all that are in flight. */
static void zram_writes_drain(struct zram_writeback *wb)
{
	while (wb->in_flight)
		zram_writes_wait(wb);
}

/* Room for a write; waits for one if there are enough. NULL with no memory. */
static struct zram_write *zram_write_get(struct zram_writeback *wb)
{
	struct zram_write *write;

	zram_writes_settle(wb);
	if (list_empty(&wb->free) && wb->nr_writes < wb->batch) {
		write = zram_write_create(wb);
		if (write)
			return write;
	}
	if (list_empty(&wb->free) && wb->in_flight)
		zram_writes_wait(wb);
	write = list_first_entry_or_null(&wb->free, struct zram_write, list);
	if (write)
		list_del(&write->list);
	return write;
}

/* Context: any, interrupts too. The task goes on only when the lock is free. */
static void zram_write_end_io(struct bio *bio)
{
	struct zram_write *write = container_of(bio, struct zram_write, bio);
	struct zram_writeback *wb = write->wb;
	unsigned long flags;

	spin_lock_irqsave(&wb->lock, flags);
	list_add_tail(&write->list, &wb->done);
	wake_up(&wb->wait);
	spin_unlock_irqrestore(&wb->lock, flags);
}

static void zram_write_submit(struct zram_write *write)
{
	struct zram_writeback *wb = write->wb;
	struct bio *bio = &write->bio;

	bio_init(bio, wb->zram->tier.backing->dev.bdev, &write->bvec, 1,
		 REQ_OP_WRITE);
	bio->bi_iter.bi_sector = zram_block_sector(zram_slot_loc(write->value));
	bio->bi_end_io = zram_write_end_io;
	__bio_add_page(bio, virt_to_page(write->page), PAGE_SIZE, 0);
	wb->in_flight++;
	submit_bio(bio);
}

/* ---- Slots -------------------------------------------------------------- */

static bool zram_may_write_back(const struct zram_writeback *wb, u64 value,
				const struct zram_wb_type *type)
{
	return zram_slot_has_object(value) &&
	       !(value & (ZRAM_SLOT_SAME | ZRAM_SLOT_CLAIMED)) &&
	       (value & type->wanted) == type->wanted &&
	       (!type->incompressible ||
		zram_is_incompressible(wb->zram, value)) &&
	       zram_in_band(value, wb->band, wb->nr_bands);
}

/* Whether what the slot has is written as it is, not decompressed. */
static bool zram_writes_stored(const struct zram *zram, u64 value)
{
	return value & ZRAM_SLOT_HUGE || zram->tier.wb_compressed;
}

/* Claims a page and copies what is to be written. As zram_claim_page(). */
static int zram_write_claim(struct zram_write *write, u64 seen)
{
	struct zram *zram = write->wb->zram;
	u32 size = zram_slot_size(seen);
	int err;

	if (!zram_writes_stored(zram, seen))
		return zram_claim_page(zram, write->index, seen, write->page);
	err = zram_claim_stored(zram, write->index, seen, write->page);
	/* No other page's bytes go along. */
	if (!err)
		memset(write->page + size, 0, PAGE_SIZE - size);
	return err;
}

/* What a slot that holds @value is to hold when it has been written to @block. */
static u64 zram_written_value(const struct zram *zram, u64 value, u64 block)
{
	u64 flags = ZRAM_SLOT_BACKED | (value & ZRAM_SLOT_HUGE);

	if (!zram_writes_stored(zram, value))
		return zram_slot_object(block, PAGE_SIZE, flags);
	return zram_slot_object(block, zram_slot_size(value), flags |
				zram_slot_prios(zram_slot_prio(value),
						zram_slot_tried(value)));
}

/*
 * Claims the page if it is of the type, with a block in hand. Returns -ENOENT
 * if it is not, or does not decompress.
 */
static int zram_write_prepare(struct zram_write *write, u64 block,
			      const struct zram_wb_type *type)
{
	struct zram *zram = write->wb->zram;
	const unsigned long *slot = zram_slot_find(zram, write->index);
	u64 seen;
	int err;

	do {
		seen = zram_slot_get(slot);
		if (!zram_may_write_back(write->wb, seen, type))
			return -ENOENT;
		err = zram_write_claim(write, seen);
	} while (err == -EAGAIN);
	if (err) {
		/* It does not keep the others from being written. */
		write->wb->err = err;
		return -ENOENT;
	}
	write->value = zram_written_value(zram, seen, block);
	return 0;
}

/* Starts a write of a slot that seems to be of the type. */
static int zram_write_start(struct zram_write *write,
			    const struct zram_wb_type *type)
{
	struct zram *zram = write->wb->zram;
	u64 block;
	int err;

	if (!zram_budget_take(write))
		return -EIO;
	block = zram_block_alloc(zram->tier.backing);
	err = -ENOSPC;
	if (block != ZRAM_NO_BLOCK) {
		err = zram_write_prepare(write, block, type);
		if (!err) {
			zram_write_submit(write);
			return 0;
		}
		zram_block_cancel(zram->tier.backing, block);
	}
	zram_budget_return(write);
	return err;
}

static int zram_writeback_slot(struct zram_writeback *wb, u64 index,
			       const struct zram_wb_type *type)
{
	const unsigned long *slot = zram_slot_find(wb->zram, index);
	struct zram_write *write;
	int err;

	if (!slot || !zram_may_write_back(wb, zram_slot_get(slot), type))
		return 0;
	/*
	 * A slot whose write is in flight, which has been stored anew and is now
	 * claimed again, would get the block with the old page.
	 */
	if (index <= wb->last_index)
		zram_writes_drain(wb);
	wb->last_index = index;
	write = zram_write_get(wb);
	if (!write)
		return -ENOMEM;
	write->index = index;
	err = zram_write_start(write, type);
	if (err)
		list_add(&write->list, &wb->free);
	return err == -ENOENT ? 0 : err;
}

static int zram_writeback_band(struct zram_writeback *wb, u64 first, u64 last,
			       const struct zram_wb_type *type)
{
	struct zram *zram = wb->zram;
	struct blk_plug plug;
	int err = 0;
	u64 index;

	blk_start_plug(&plug);
	for (index = zram_next_slot(zram, first); index <= last && !err;
	     index = zram_next_slot(zram, index + 1)) {
		err = zram_writeback_slot(wb, index, type);
		if (!err && fatal_signal_pending(current))
			err = -EINTR;
		cond_resched();
	}
	blk_finish_plug(&plug);
	return err;
}

/* Without a budget the order of the device is kept, for reading it back. */
int zram_writeback_range(struct zram_writeback *wb, u64 first, u64 last,
			 const struct zram_wb_type *type)
{
	int err = 0;

	wb->nr_bands = 1;
	if (first < last && READ_ONCE(wb->zram->tier.wb_limit_enable))
		wb->nr_bands = ZRAM_SIZE_BANDS;
	for (wb->band = wb->nr_bands; wb->band-- && !err;)
		err = zram_writeback_band(wb, first, last, type);
	return err;
}

struct zram_writeback *zram_writeback_begin(struct zram *zram)
{
	struct zram_writeback *wb = kzalloc(sizeof(*wb), GFP_KERNEL);
	int err;

	if (!wb)
		return ERR_PTR(-ENOMEM);
	err = mutex_lock_killable(&zram->tier.work_lock);
	if (err) {
		kfree(wb);
		return ERR_PTR(err);
	}
	wb->zram = zram;
	wb->batch = READ_ONCE(zram->tier.wb_batch);
	INIT_LIST_HEAD(&wb->free);
	INIT_LIST_HEAD(&wb->done);
	spin_lock_init(&wb->lock);
	init_waitqueue_head(&wb->wait);
	return wb;
}

int zram_writeback_end(struct zram_writeback *wb)
{
	struct zram_write *write, *next;
	int err;

	zram_writes_drain(wb);
	mutex_unlock(&wb->zram->tier.work_lock);
	list_for_each_entry_safe(write, next, &wb->free, list)
		zram_write_destroy(write);
	err = wb->err;
	kfree(wb);
	return err;
}
