// SPDX-License-Identifier: GPL-2.0
/* Entries into the packed log's buffers. See log_append.h. */
#include <linux/bitmap.h>
#include <linux/err.h>
#include <linux/jhash.h>
#include <linux/string.h>

#include "zram/claim.h"
#include "zram/slot.h"
#include "zram/stat.h"
#include "zram/tier/limit.h"
#include "zram/tier/log_append.h"

u32 zram_log_hash(const struct zram_packed_log *log, u64 loc, u32 index,
		  const void *data, u32 size)
{
	u16 turn = READ_ONCE(log->segments[zram_loc_segment(loc)].turn);

	return jhash(data, size, jhash_3words(index, size, turn, loc));
}

/* ---- Settling ----------------------------------------------------------- */

/* What a claimed slot is to hold when it was written to @loc. */
static struct zsm_word zram_log_value(const struct zram *zram,
				      struct zsm_word claimed, u64 loc,
				      u32 size, bool anew)
{
	u32 prio = zram_slot_prio(claimed);
	u32 tried = zram_slot_tried(claimed);
	u64 flags = claimed.bits & ZRAM_SLOT_HUGE;
	struct zram_block place = { loc };

	if (anew) {
		prio = zram->last_prio;
		tried = zram->last_prio;
		flags = 0;
	}
	return zram_slot_away(place, size, flags | zram_slot_prios(prio, tried));
}

/* A page from memory was written: the slot gets the entry, or keeps its page. */
static bool zram_log_settle_new(struct zram_writeback *wb, u32 index, u64 loc,
				u32 size, bool anew)
{
	struct zram *zram = wb->pass.zram;
	/* As long as the claim holds nothing else of it changes that counts. */
	struct zsm_word claimed =
		zram_slot_get(zram_slot_find(zram, index));

	wb->nr_written++;
	zram_stat_inc(zram, bd_writes);
	atomic64_add(size, &zram->tier.backing->log->stat.new_bytes);
	if (zram_claim_replace(zram, index, ZRAM_SLOT_IDLE, 0,
			       zram_log_value(zram, claimed, loc, size, anew)))
		return true;
	/* It is the same page, and was read: it stays in memory. */
	zram_claim_end(zram, index, 0, 0);
	return false;
}

/* An entry was copied out of the segment @from: the slot gets the copy. */
static bool zram_log_settle_moved(struct zram *zram, u32 index, u64 loc,
				  u32 size, u32 from)
{
	unsigned long *slot = zram_slot_find(zram, index);
	struct zsm_loc there = { loc };
	struct zsm_word old;
	bool moved;
	u64 from_loc;

	zram_slot_lock(slot);
	old = zram_slot_get(slot);
	from_loc = zram_slot_block(old).number;
	moved = zram_slot_facts(old) & ZRAM_HAS_BLOCK &&
		zram_loc_segment(from_loc) == from;
	if (moved)
		zram_slot_set(slot, zram_slot_moved(old, there));
	zram_slot_unlock(slot);
	if (moved)
		zram_log_free(zram->tier.backing->log, from_loc, size);
	return moved;
}

static void zram_log_settle_entry(struct zram_writeback *wb,
				  const struct zram_log_write *write, u32 at,
				  int err)
{
	const struct zram_entry *entry = write->data + at * ZRAM_LOG_GRANULE;
	struct zram *zram = wb->pass.zram;
	u32 size = zram_entry_size(entry);
	u64 loc = write->loc + at;
	bool used = false;

	if (!err && write->from)
		used = zram_log_settle_moved(zram, entry->slot, loc, size,
					     write->from);
	else if (!err)
		used = zram_log_settle_new(wb, entry->slot, loc, size,
					   test_bit(at, write->anew));
	else if (!write->from)
		zram_claim_end(zram, entry->slot,
			       test_bit(at, write->marked) ? ZRAM_SLOT_IDLE : 0,
			       0);
	if (!used)
		zram_log_free(zram->tier.backing->log, loc, size);
}

/* A write has ended, well or not. */
static void zram_log_settle(struct zram_log_write *write, int err)
{
	struct zram_writeback *wb = write->out->priv;
	struct zram_packed_log *log = wb->pass.zram->tier.backing->log;
	u32 at = 0;

	if (err) {
		wb->err = err;
		wb->nr_failed++;
		/* Before its entries are dropped, which might make it free. */
		spin_lock(&log->lock);
		zram_log_fail(&log->core, zram_loc_segment(write->loc));
		spin_unlock(&log->lock);
	}
	while (at < write->used) {
		const struct zram_entry *entry =
			write->data + at * ZRAM_LOG_GRANULE;
		u32 granules = zram_entry_granules(zram_entry_size(entry));

		zram_log_settle_entry(wb, write, at, err);
		at += granules;
	}
}

/* ---- Buffers ------------------------------------------------------------ */

void zram_log_begin(struct zram_writeback *wb)
{
	struct zram_packed_log *log = wb->pass.zram->tier.backing->log;

	log->out.settle = zram_log_settle;
	log->out.priv = wb;
	/* Nothing is in flight: no segment is written to that may become free. */
	if (test_and_clear_bit(0, &log->retry))
		zram_log_retry(log);
}

/* Writes the buffer of a stream, if there is something in it. */
static void zram_log_send(struct zram_packed_log *log,
			  enum zram_log_stream stream)
{
	struct zram_log_write *write = log->out.open[stream];
	void *end;
	u32 blocks, rest;

	if (!write)
		return;
	log->out.open[stream] = NULL;
	if (!write->used) {
		zram_log_out_put(write);
		return;
	}
	blocks = DIV_ROUND_UP(write->used, ZRAM_LOG_BLOCK_GRANULES);
	rest = blocks * ZRAM_LOG_BLOCK_GRANULES - write->used;
	end = write->data + write->used * ZRAM_LOG_GRANULE;
	memset(end, 0, rest * ZRAM_LOG_GRANULE);
	if (rest)
		*(struct zram_entry *)end = zram_entry_end();
	spin_lock(&log->lock);
	zram_log_wrote(&log->core, stream, blocks);
	spin_unlock(&log->lock);
	atomic64_add(blocks, stream == ZRAM_LOG_NEW ? &log->stat.new_blocks :
						      &log->stat.moved_blocks);
	zram_log_out_submit(write);
}

void zram_log_flush(struct zram_packed_log *log)
{
	zram_log_send(log, ZRAM_LOG_NEW);
	zram_log_send(log, ZRAM_LOG_MOVED);
	zram_log_out_drain(&log->out);
}

/* Waits until empty segments have become free, or were looked at. */
static int zram_log_wait(struct zram_packed_log *log, u32 round)
{
	mod_delayed_work(log->backing->blocks.workers, &log->drain, 0);
	return wait_event_killable(log->drained,
				   READ_ONCE(log->rounds) != round) ? -EINTR : 0;
}

/* Sees to it that the stream's head has room. */
static int zram_log_make_room(struct zram_packed_log *log,
			      enum zram_log_stream stream,
			      struct zram_log_write *write)
{
	enum zram_log_verdict verdict;
	struct zram_log_head *head;
	int err = 0;
	u32 round;

	do {
		spin_lock(&log->lock);
		round = READ_ONCE(log->rounds);
		verdict = zram_log_room(&log->core, stream, log->cleanable);
		head = &log->core.heads[stream];
		write->loc = zram_log_head_loc(head);
		write->room = zram_log_write_blocks(head) *
			      ZRAM_LOG_BLOCK_GRANULES;
		spin_unlock(&log->lock);
		if (verdict == ZRAM_LOG_WAIT)
			err = zram_log_wait(log, round);
	} while (verdict == ZRAM_LOG_WAIT && !err);
	if (verdict == ZRAM_LOG_CLEAN)
		return -EAGAIN;
	return verdict == ZRAM_LOG_FULL ? -ENOSPC : err;
}

/* A buffer for the stream, with room. */
static int zram_log_open(struct zram_packed_log *log,
			 enum zram_log_stream stream, u32 from)
{
	struct zram_log_write *write = zram_log_out_get(&log->out);
	int err = zram_log_make_room(log, stream, write);

	if (err) {
		zram_log_out_put(write);
		return err;
	}
	write->stream = stream;
	write->from = from;
	write->used = 0;
	write->charged = 0;
	bitmap_zero(write->marked, ZRAM_LOG_WRITE_GRANULES);
	bitmap_zero(write->anew, ZRAM_LOG_WRITE_GRANULES);
	log->out.open[stream] = write;
	return 0;
}

/* ---- Entries ------------------------------------------------------------ */

/* Charges for the blocks that an entry begins. */
static int zram_log_charge(struct zram_writeback *wb,
			   struct zram_log_write *write, u32 granules)
{
	u32 blocks = DIV_ROUND_UP(write->used + granules,
				  ZRAM_LOG_BLOCK_GRANULES);
	bool limited;

	for (; write->charged < blocks; write->charged++) {
		if (!zram_block_charge(wb, &limited))
			return -EDQUOT;
	}
	return 0;
}

void *zram_log_reserve(struct zram_writeback *wb, enum zram_log_stream stream,
		       u32 size, u32 from, struct zram_log_write **write)
{
	struct zram_packed_log *log = wb->pass.zram->tier.backing->log;
	u32 granules = zram_entry_granules(size);
	struct zram_log_write *w = log->out.open[stream];
	int err;

	if (w && w->used + granules > w->room)
		zram_log_send(log, stream);
	if (!log->out.open[stream]) {
		err = zram_log_open(log, stream, from);
		if (err)
			return ERR_PTR(err);
	}
	w = log->out.open[stream];
	err = zram_log_charge(wb, w, granules);
	if (err)
		return ERR_PTR(err);
	*write = w;
	return w->data + w->used * ZRAM_LOG_GRANULE + sizeof(struct zram_entry);
}

void zram_log_commit(struct zram_packed_log *log, struct zram_log_write *write,
		     u32 index, u32 size, bool marked, bool anew)
{
	struct zram_entry *entry = write->data + write->used * ZRAM_LOG_GRANULE;
	u32 granules = zram_entry_granules(size);
	u32 bytes = sizeof(*entry) + size;
	u64 loc = write->loc + write->used;

	/* No other page's bytes go along. */
	memset((void *)entry + bytes, 0, granules * ZRAM_LOG_GRANULE - bytes);
	entry->slot = index;
	entry->less = size - 1;
	entry->check = zram_entry_check(zram_log_hash(log, loc, index,
						      entry + 1, size));
	if (marked)
		__set_bit(write->used, write->marked);
	if (anew)
		__set_bit(write->used, write->anew);
	write->used += granules;
	atomic64_inc(&log->backing->blocks.nr_used);
	spin_lock(&log->lock);
	zram_log_add(&log->core, zram_loc_segment(loc), granules);
	spin_unlock(&log->lock);
}
