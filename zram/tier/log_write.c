// SPDX-License-Identifier: GPL-2.0
/* Pages that leave memory for the packed log. See log_write.h. */
#include <linux/err.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "zram/claim.h"
#include "zram/slot.h"
#include "zram/tier/log_append.h"
#include "zram/tier/log_clean.h"
#include "zram/tier/log_write.h"

/* Room for an entry, after cleaning if that has to be. As zram_log_reserve(). */
static void *zram_log_find_room(struct zram_writeback *wb, u32 size,
				struct zram_log_write **write)
{
	u64 failed = wb->nr_failed;

	for (;;) {
		void *data = zram_log_reserve(wb, ZRAM_LOG_NEW, size,
					      ZRAM_NO_SEGMENT, write);
		int err;

		if (data != ERR_PTR(-EAGAIN))
			return data;
		err = zram_log_clean_one(wb);
		/* A disk that fails is not tried with one segment after the other. */
		if (!err && wb->nr_failed != failed)
			err = -EIO;
		if (err)
			return ERR_PTR(err);
	}
}

/* ---- As it is stored ---------------------------------------------------- */

static int zram_log_write_stored(struct zram_writeback *wb, u32 index, struct zsm_word seen)
{
	struct zram *zram = wb->pass.zram;
	u32 size = zram_slot_size(seen);
	struct zram_log_write *write;
	void *data = zram_log_find_room(wb, size, &write);

	if (IS_ERR(data))
		return PTR_ERR(data);
	if (zram_claim_stored(zram, index, seen, ZRAM_SLOT_IDLE, data))
		return -EAGAIN;
	zram_log_commit(zram->tier.backing->log, write, index, size,
			!(seen.bits & ZRAM_SLOT_IDLE), false);
	return 0;
}

/* ---- Compressed anew ---------------------------------------------------- */

/* Whether the page should be: the last algorithm was not tried on it. */
static bool zram_log_wants_anew(const struct zram *zram, struct zsm_word seen)
{
	return READ_ONCE(zram->settings.writeback_recompress) &&
	       zram->last_prio && zram_slot_tried(seen) < zram->last_prio;
}

/* Compresses log->page to log->data. Returns the size; 0 if it is not worth it. */
static u32 zram_log_compress(struct zram *zram, u32 old_size)
{
	struct zram_packed_log *log = zram->tier.backing->log;
	struct zsm_stream *stream =
		zsm_stream_get(zram->algos[zram->last_prio].streams);
	int size = zsm_compress(stream, log->page);

	if (size <= 0 || size >= PAGE_SIZE ||
	    zram_entry_granules(size) >= zram_entry_granules(old_size))
		size = 0;
	memcpy(log->data, stream->buffer, size);
	zsm_stream_put(stream);
	return size;
}

/* Writes log->data for a slot that is claimed. */
static int zram_log_write_anew(struct zram_writeback *wb, u32 index, u32 size,
			       bool marked)
{
	struct zram_packed_log *log = wb->pass.zram->tier.backing->log;
	struct zram_log_write *write;
	void *data = zram_log_find_room(wb, size, &write);

	if (IS_ERR(data))
		return PTR_ERR(data);
	memcpy(data, log->data, size);
	zram_log_commit(log, write, index, size, marked, true);
	return 0;
}

/*
 * Writes the page in a smaller form. Returns -ENODATA if there is none: the page is
 * not claimed then, and should be written as it is stored.
 */
static int zram_log_recompress(struct zram_writeback *wb, u32 index, struct zsm_word seen)
{
	struct zram *zram = wb->pass.zram;
	bool marked = !(seen.bits & ZRAM_SLOT_IDLE);
	int err = zram_claim_page(zram, index, seen, ZRAM_SLOT_IDLE,
				  zram->tier.backing->log->page);
	u32 size;

	if (err)
		return err;
	size = zram_log_compress(zram, zram_slot_size(seen));
	err = size ? zram_log_write_anew(wb, index, size, marked) : -ENODATA;
	if (err)
		zram_claim_end(zram, index, marked ? ZRAM_SLOT_IDLE : 0, 0);
	return err;
}

/* ---- Pages -------------------------------------------------------------- */

static int zram_log_try_page(struct zram_writeback *wb, u32 index, struct zsm_word seen)
{
	int err = -ENODATA;

	if (zram_log_wants_anew(wb->pass.zram, seen))
		err = zram_log_recompress(wb, index, seen);
	/* The slot holds what it held, but for marks: if not, it is looked at again. */
	return err == -ENODATA ? zram_log_write_stored(wb, index, seen) : err;
}

int zram_log_write_page(struct zram_writeback *wb, u32 index, struct zsm_word seen)
{
	struct zram *zram = wb->pass.zram;
	struct zram_packed_log *log = zram->tier.backing->log;
	const unsigned long *slot = zram_slot_find(zram, index);
	int err;

	/* A slot whose write is in flight may not be claimed again: see writeback.c. */
	if (index <= wb->last_index && zram_log_out_has(&log->out, index))
		zram_log_flush(log);
	wb->last_index = max_t(u64, wb->last_index, index);
	while ((err = zram_log_try_page(wb, index, seen)) == -EAGAIN) {
		seen = zram_slot_get(slot);
		if (!zram_plan_takes(&wb->pass.plan, seen))
			return -ENOENT;
	}
	if (err == -EIO) {
		/* It does not decompress, or no room could be made: others are tried. */
		wb->err = err;
		return -ENOENT;
	}
	return err == -EDQUOT ? -EIO : err;
}
