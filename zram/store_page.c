// SPDX-License-Identifier: GPL-2.0
/* A page into a slot. */
#define pr_fmt(fmt) "zram: " fmt

#include <linux/gfp.h>
#include <linux/printk.h>

#include "zram/memory.h"
#include "zram/slot.h"
#include "zram/slots.h"
#include "zram/stat.h"
#include "zram/store_page.h"
#include "zram/times.h"

/* Allocates an object, unless that would take the device beyond its limit. */
static int zram_alloc(struct zram *zram, u32 index, u32 size, gfp_t gfp,
		      zsm_loc_t *loc)
{
	u64 limit = READ_ONCE(zram->memory.limit_bytes);

	if (zsm_alloc(zram->pool, size, gfp, index, loc))
		return -ENOMEM;
	if (limit && zram_used_bytes(zram) > limit) {
		zsm_free(zram->pool, *loc);
		return -EDQUOT;
	}
	zram_note_used(zram);
	return 0;
}

/* Fills a new object and puts it into the slot. */
static void zram_publish_object(struct zram *zram, unsigned long *slot,
				zsm_loc_t loc, const void *data, u32 size,
				u64 flags)
{
	zsm_write(zram->pool, loc, data, size);
	zram_publish(zram, slot, zram_slot_object(loc, size, flags));
}

static int zram_store_fill(struct zram *zram, unsigned long *slot, u32 index,
			   u64 fill)
{
	u64 value = zram_slot_fill(fill);

	if (!value) {
		zsm_loc_t loc;
		int err = zram_alloc(zram, index, ZRAM_FILL_SIZE, ZRAM_GFP,
				     &loc);

		if (err)
			return err;
		zsm_write(zram->pool, loc, &fill, ZRAM_FILL_SIZE);
		value = zram_slot_fill_outside(loc);
	}
	zram_publish(zram, slot, value);
	return 0;
}

/*
 * Writes over the object that the slot has, if the new data are of the same
 * size class: no allocation, no free.
 */
static bool zram_overwrite(struct zram *zram, unsigned long *slot,
			   const void *data, u32 size, u64 flags)
{
	zsm_loc_t loc;
	u64 value;
	u64 old;

	if (zram_slot_empty(zram_slot_get(slot)))
		return false;

	zram_slot_lock(slot);
	old = zram_slot_get(slot);
	if (old & ZRAM_SLOT_SAME || !zram_slot_has_object(old))
		goto unlock;
	loc = zram_slot_loc(old);
	if (zsm_realloc(zram->pool, &loc, size, 0))
		goto unlock;
	zsm_write(zram->pool, loc, data, size);
	value = zram_slot_object(loc, size, flags);
	zram_slot_set(slot, value);
	zram_slot_unlock(slot);

	zram_account(zram, old, value);
	return true;

unlock:
	zram_slot_unlock(slot);
	return false;
}

static int zram_store_huge(struct zram *zram, unsigned long *slot, u32 index,
			   const void *page)
{
	zsm_loc_t loc;
	int err;

	if (!zram_overwrite(zram, slot, page, PAGE_SIZE, ZRAM_SLOT_HUGE)) {
		err = zram_alloc(zram, index, PAGE_SIZE, ZRAM_GFP, &loc);
		if (err)
			return err;
		zram_publish_object(zram, slot, loc, page, PAGE_SIZE,
				    ZRAM_SLOT_HUGE);
	}
	zram_stat_inc(zram, huge_pages_since);
	return 0;
}

/*
 * Stores what a stream compressed, without waiting for memory: whoever makes
 * room may need the stream. Returns -EAGAIN if @have, an object allocated
 * before, is of another size class; it is used on success.
 */
static int zram_store_compressed(struct zram *zram, unsigned long *slot,
				 u32 index, const void *data, u32 size,
				 zsm_loc_t *have)
{
	zsm_loc_t loc;
	int err;

	if (have) {
		err = zsm_realloc(zram->pool, have, size, 0);
		if (!err)
			zram_publish_object(zram, slot, *have, data, size, 0);
		return err;
	}
	if (zram_overwrite(zram, slot, data, size, 0))
		return 0;
	err = zram_alloc(zram, index, size, GFP_NOWAIT | __GFP_NOWARN, &loc);
	if (!err)
		zram_publish_object(zram, slot, loc, data, size, 0);
	return err;
}

static int zram_store_failed(struct zram *zram, u32 index, int err)
{
	pr_err_ratelimited("%s: slot %u: %s cannot compress: %d\n",
			   zram->disk->disk_name, index,
			   zram->algos[0].codec->name, err);
	return -EIO;
}

/*
 * Compresses and stores. If that takes memory which is not at hand, the stream
 * is given back, an object is allocated, and the page is compressed again.
 */
static int zram_compress_and_store(struct zram *zram, unsigned long *slot,
				   u32 index, const void *page)
{
	zsm_loc_t *have = NULL;
	zsm_loc_t loc;
	int size;
	int err;

	for (;;) {
		struct zram_stream *stream = zram_stream_get(zram->algos[0].comp);

		err = -ENOSPC;
		size = zram_compress(stream, page);
		if (size > 0 && size < zsm_huge_size())
			err = zram_store_compressed(zram, slot, index,
						    stream->buffer, size, have);
		zram_stream_put(stream);
		if (!err)
			return 0;
		/* A page that changes meanwhile may come out in another size. */
		if (have)
			zsm_free(zram->pool, loc);
		if (size < 0)
			return zram_store_failed(zram, index, size);
		if (err == -ENOSPC)
			return zram_store_huge(zram, slot, index, page);
		if (err == -EDQUOT)
			return err;
		err = zram_alloc(zram, index, size, ZRAM_GFP, &loc);
		if (err)
			return err;
		have = &loc;
	}
}

int zram_store_page(struct zram *zram, u32 index, const void *page)
{
	unsigned long *slot = zram_slot_make(zram, index);
	u64 fill;

	if (!slot)
		return -ENOMEM;
	zram_touch(zram, index);
	if (zram_same_filled(page, &fill))
		return zram_store_fill(zram, slot, index, fill);
	return zram_compress_and_store(zram, slot, index, page);
}
