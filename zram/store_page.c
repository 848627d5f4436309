// SPDX-License-Identifier: GPL-2.0
/* A page into a slot. store/put.c compresses it. */
#define pr_fmt(fmt) "zram: " fmt

#include <linux/gfp.h>
#include <linux/printk.h>

#include "store/put.h"
#include "zram/slot.h"
#include "zram/slots.h"
#include "zram/stat.h"
#include "zram/store_page.h"
#include "zram/times.h"

/*
 * Puts a value into a slot, whose leaf may have to be made: last, so that a page which
 * is refused leaves nothing behind. On an error its object is freed.
 */
static int zram_store_value(struct zram *zram, u32 index, struct zsm_word value)
{
	unsigned long *slot = zram_slot_make(zram, index);

	if (!slot) {
		zram_release(zram, value);
		return -ENOMEM;
	}
	zram_touch(zram, index);
	zram_publish(zram, slot, value);
	return 0;
}

static int zram_store_fill(struct zram *zram, u32 index, struct zsm_fill fill)
{
	struct zsm_word value = zram_slot_fill(fill);

	if (zram_slot_empty(value)) {
		struct zsm_loc loc;
		int err = zsm_alloc(zram->pool, ZRAM_FILL_SIZE, ZRAM_GFP, index,
				    &loc);

		if (err)
			return err;
		zsm_write(zram->pool, loc, &fill, ZRAM_FILL_SIZE);
		value = zram_slot_fill_outside(loc);
	}
	return zram_store_value(zram, index, value);
}

/* The flags of a page that the store keeps in an object. */
static u64 zram_object_flags(enum zsm_kind kind)
{
	return kind == ZSM_HUGE ? ZRAM_SLOT_HUGE : 0;
}

/*
 * Writes over the object that the slot has, if the new data are of the same
 * size class: no allocation, no free.
 */
static bool zram_overwrite(struct zram *zram, u32 index,
			   const struct zsm_put *put)
{
	unsigned long *slot = zram_slot_find(zram, index);
	struct zsm_loc loc;
	struct zsm_word value;
	struct zsm_word old;

	if (!slot || zram_slot_empty(zram_slot_get(slot)))
		return false;
	/* The time is set before the slot has a new value: see zram_touch(). */
	zram_touch(zram, index);

	zram_slot_lock(slot);
	old = zram_slot_get(slot);
	loc = zram_slot_loc(old);
	if (!(zram_slot_facts(old) & ZRAM_MAY_OVERWRITE) ||
	    !zsm_fits(zram->pool, loc, put->size)) {
		zram_slot_unlock(slot);
		return false;
	}
	zsm_write(zram->pool, loc, put->data, put->size);
	value = zram_slot_object(loc, put->size, zram_object_flags(put->kind));
	zram_slot_set(slot, value);
	zram_slot_unlock(slot);

	zram_account(zram, old, value);
	return true;
}

static int zram_store_failed(struct zram *zram, u32 index, int err)
{
	if (err == -EIO)
		pr_err_ratelimited("%s: slot %u: %s cannot compress\n",
				   zram->disk->disk_name, index,
				   zram->algos[0].codec->name);
	return err;
}

/* Gives the page a new object, which replaces what the slot has. */
static int zram_store_new(struct zram *zram, u32 index, struct zsm_put *put)
{
	struct zsm_stored stored = zsm_put_object(put, zram->pool, index,
						  ZRAM_GFP);
	int err;

	/* Making a leaf may wait for memory. */
	zsm_put_end(put);
	if (stored.kind == ZSM_ERROR)
		return zram_store_failed(zram, index, stored.err);
	err = zram_store_value(zram, index,
			       zram_slot_object(stored.loc, stored.size,
						zram_object_flags(stored.kind)));
	if (!err && stored.kind == ZSM_HUGE)
		zram_stat_inc(zram, huge_pages_since);
	return err;
}

int zram_store_page(struct zram *zram, u32 index, const void *page)
{
	struct zsm_put put;

	zsm_put_begin(&put, zram->algos[0].streams, page);
	if (put.kind == ZSM_FILL)
		return zram_store_fill(zram, index, put.fill);
	if (put.kind == ZSM_ERROR)
		return zram_store_failed(zram, index, put.err);
	if (!zram_overwrite(zram, index, &put))
		return zram_store_new(zram, index, &put);
	if (put.kind == ZSM_HUGE)
		zram_stat_inc(zram, huge_pages_since);
	zsm_put_end(&put);
	return 0;
}
