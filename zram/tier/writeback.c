// SPDX-License-Identifier: GPL-2.0
/*
 * Write-back: pages to blocks of the backing device.
 *
 * A page is claimed and copied, the copy is written, and when that is done the
 * block takes the object's place in the slot, unless the page has been stored anew,
 * dropped or read meanwhile. All that takes locks is done by the task that writes.
 */
#include <linux/blkdev.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "zram/claim.h"
#include "zram/slot.h"
#include "zram/stat.h"
#include "zram/tier/backing.h"
#include "zram/tier/limit.h"
#include "zram/tier/log_append.h"
#include "zram/tier/log_write.h"
#include "zram/tier/writeback.h"

/* ---- One page ----------------------------------------------------------- */

/* A write has ended, well or not: the slot gets the block, or keeps its page. */
static void zram_write_settle(struct zram_write *write, int err)
{
	struct zram_writeback *wb = write->writer->priv;
	struct zram *zram = wb->pass.zram;
	struct zram_blocks *blocks = &zram->tier.backing->blocks;
	struct zram_block block = zram_slot_block(write->value);

	if (err) {
		wb->err = err;
		wb->nr_failed++;
		zram_claim_end(zram, write->index, write->clear, 0);
		/* Others are tried before it, as freed blocks are gathered. */
		zram_block_free(blocks, block);
		zram_limit_return(zram, write->charged);
		return;
	}
	wb->nr_written++;
	zram_stat_inc(zram, bd_writes);
	if (!zram_claim_replace(zram, write->index, ZRAM_SLOT_IDLE, 0,
				write->value)) {
		/* It is the same page, and was read: it stays in memory. */
		zram_claim_end(zram, write->index, 0, 0);
		zram_block_cancel(blocks, block);
	}
}

/* Whether what the slot has is written as it is, not decompressed. */
static bool zram_writes_stored(const struct zram *zram, struct zsm_word value)
{
	return value.bits & ZRAM_SLOT_HUGE || zram->settings.compressed_writeback;
}

/*
 * Claims a page and copies what is to be written. As zram_claim_page(). A read takes the
 * mark of an idle page away, so that a page which gets the mark now, and has lost it when
 * the write has ended, was read in between.
 */
static int zram_write_claim(struct zram *zram, struct zram_write *write,
			    struct zsm_word seen)
{
	u32 size = zram_slot_size(seen);
	int err;

	write->clear = ~seen.bits & ZRAM_SLOT_IDLE;

	if (!zram_writes_stored(zram, seen))
		return zram_claim_page(zram, write->index, seen,
				       ZRAM_SLOT_IDLE, write->page);
	err = zram_claim_stored(zram, write->index, seen, ZRAM_SLOT_IDLE,
				write->page);
	/* No other page's bytes go along. */
	if (!err)
		memset(write->page + size, 0, PAGE_SIZE - size);
	return err;
}

/* What a slot that holds @value is to hold when it has been written to @block. */
static struct zsm_word zram_written_value(const struct zram *zram,
					  struct zsm_word value,
					  struct zram_block block)
{
	u64 flags = value.bits & ZRAM_SLOT_HUGE;

	if (!zram_writes_stored(zram, value))
		return zram_slot_away(block, PAGE_SIZE, flags);
	return zram_slot_away(block, zram_slot_size(value), flags |
				zram_slot_prios(zram_slot_prio(value),
						zram_slot_tried(value)));
}

/*
 * Claims the page if it is still wanted, with a block in hand. Returns -ENOENT if it is
 * not, or does not decompress.
 */
static int zram_write_prepare(struct zram_writeback *wb,
			      struct zram_write *write,
			      struct zram_block block, struct zsm_word seen)
{
	struct zram *zram = wb->pass.zram;
	const unsigned long *slot = zram_slot_find(zram, write->index);
	int err;

	while ((err = zram_write_claim(zram, write, seen)) == -EAGAIN) {
		seen = zram_slot_get(slot);
		if (!zram_plan_takes(&wb->pass.plan, seen))
			return -ENOENT;
	}
	if (err) {
		/* It does not keep the others from being written. */
		wb->err = err;
		return -ENOENT;
	}
	write->value = zram_written_value(zram, seen, block);
	return 0;
}

/* Starts a write of a page that seems to be wanted. */
static int zram_write_start(struct zram_writeback *wb, struct zram_write *write,
			    struct zsm_word seen)
{
	struct zram *zram = wb->pass.zram;
	struct zram_blocks *blocks = &zram->tier.backing->blocks;
	int err = -ENOSPC;
	struct zram_block block;

	if (!zram_block_charge(wb, &write->charged))
		return -EIO;
	block = zram_block_alloc(blocks);
	if (zram_is_block(block)) {
		err = zram_write_prepare(wb, write, block, seen);
		if (!err) {
			zram_writer_submit(write, zram_block_sector(block));
			return 0;
		}
		zram_block_cancel(blocks, block);
	}
	zram_limit_return(zram, write->charged);
	return err;
}

/* Returns -ENOENT if the page is not wanted any more. */
static int zram_writeback_slot(struct zram_writeback *wb, u32 index,
			       struct zsm_word seen)
{
	struct zram_writer *writer = &wb->pass.zram->tier.backing->writer;
	struct zram_write *write;
	int err;

	if (wb->pass.zram->tier.backing->log)
		return zram_log_write_page(wb, index, seen);
	/*
	 * A slot whose write is in flight, which has been stored anew and is now
	 * claimed again, would get the block with the old page. That may be where the
	 * pass has been before.
	 */
	if (index <= wb->last_index && zram_writer_has(writer, index))
		zram_writer_drain(writer);
	wb->last_index = max_t(u64, wb->last_index, index);
	write = zram_writer_get(writer);
	write->index = index;
	err = zram_write_start(wb, write, seen);
	if (err)
		zram_writer_put(write);
	return err;
}

static int zram_writeback_visit(struct zram_pass *pass, u32 index,
				struct zsm_word seen)
{
	int err = zram_writeback_slot(container_of(pass, struct zram_writeback,
						   pass), index, seen);

	return err == -ENOENT ? 0 : err;
}

int zram_writeback_page(struct zram_writeback *wb, u32 index)
{
	struct zsm_word seen =
		zram_slot_get(zram_slot_find(wb->pass.zram, index));

	if (!zram_plan_takes(&wb->pass.plan, seen))
		return -ENOENT;
	return zram_writeback_slot(wb, index, seen);
}

/* ---- All pages ---------------------------------------------------------- */

/* The caller has taken work_lock. */
static void zram_writeback_init(struct zram_writeback *wb, struct zram *zram,
				u32 batch)
{
	*wb = (struct zram_writeback){
		.pass.zram = zram,
		.pass.visit = zram_writeback_visit,
	};
	zram_writer_begin(&zram->tier.backing->writer, batch, zram_write_settle,
			  wb);
	if (zram->tier.backing->log)
		zram_log_begin(wb);
}

int zram_writeback_begin(struct zram_writeback *wb, struct zram *zram)
{
	int err = mutex_lock_killable(&zram->tier.work_lock);

	if (!err)
		zram_writeback_init(wb, zram,
				    READ_ONCE(zram->settings.writeback_batch_size));
	return err;
}

bool zram_writeback_try_begin(struct zram_writeback *wb, struct zram *zram)
{
	static const struct zram_filter all_pages;
	u64 batch = READ_ONCE(zram->settings.writeback_batch_size);

	if (!mutex_trylock(&zram->tier.work_lock))
		return false;
	zram_writeback_init(wb, zram, min_t(u64, batch, ZRAM_MIN_WRITES));
	zram_plan_begin(&wb->pass.plan, &all_pages, ZRAM_ALL_PAGES, false);
	return true;
}

int zram_writeback_range(struct zram_writeback *wb, u64 first, u64 last,
			 const struct zram_filter *filter)
{
	const struct zram_settings *settings = &wb->pass.zram->settings;
	struct blk_plug plug;
	int err;

	zram_plan_begin(&wb->pass.plan, filter, ZRAM_ALL_PAGES,
			first < last &&
			READ_ONCE(settings->writeback_limit_enable));
	blk_start_plug(&plug);
	err = zram_pass_run(&wb->pass, first, last);
	blk_finish_plug(&plug);
	return err;
}

int zram_writeback_end(struct zram_writeback *wb)
{
	struct zram *zram = wb->pass.zram;

	if (zram->tier.backing->log)
		zram_log_flush(zram->tier.backing->log);
	zram_writer_end(&zram->tier.backing->writer);
	mutex_unlock(&zram->tier.work_lock);
	return wb->err;
}
