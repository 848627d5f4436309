// SPDX-License-Identifier: GPL-2.0
/* A page into a slot. store/put.c compresses it. */
#define pr_fmt(fmt) "zram: " fmt

#include <linux/gfp.h>
#include <linux/printk.h>

#include "store/put.h"
#include "zram/memory.h"
#include "zram/slot.h"
#include "zram/slots.h"
#include "zram/stat.h"
#include "zram/store_page.h"
#include "zram/times.h"

/* Whether the device is within its limit with an object that was just allocated. */
static int zram_charge(struct zram *zram, zsm_loc_t loc)
{
	u64 limit = READ_ONCE(zram->memory.limit_bytes);

	if (limit && zram_used_bytes(zram) > limit) {
		zsm_free(zram->pool, loc);
		return -EDQUOT;
	}
	zram_note_used(zram);
	return 0;
}

static int zram_store_fill(struct zram *zram, unsigned long *slot, u32 index,
			   zsm_fill_t fill)
{
	u64 value = zram_slot_fill(fill);
	zsm_loc_t loc;
	int err;

	if (!value) {
		if (zsm_alloc(zram->pool, ZRAM_FILL_SIZE, ZRAM_GFP, index, &loc))
			return -ENOMEM;
		err = zram_charge(zram, loc);
		if (err)
			return err;
		zsm_write(zram->pool, loc, &fill, ZRAM_FILL_SIZE);
		value = zram_slot_fill_outside(loc);
	}
	zram_publish(zram, slot, value);
	return 0;
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
static bool zram_overwrite(struct zram *zram, unsigned long *slot,
			   const struct zsm_put *put)
{
	zsm_loc_t loc;
	u64 value;
	u64 old;

	if (zram_slot_empty(zram_slot_get(slot)))
		return false;

	zram_slot_lock(slot);
	old = zram_slot_get(slot);
	loc = zram_slot_loc(old);
	if (old & ZRAM_SLOT_SAME || !zram_slot_has_object(old) ||
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

/* Gives the page a new object, which replaces what the slot has. */
static enum zsm_kind zram_store_new(struct zram *zram, unsigned long *slot,
				    u32 index, struct zsm_put *put, int *err)
{
	struct zsm_stored stored = zsm_put_object(put, zram->pool, index,
						  ZRAM_GFP);

	*err = stored.kind == ZSM_ERROR ? stored.err :
					  zram_charge(zram, stored.loc);
	if (*err)
		return ZSM_ERROR;
	zram_publish(zram, slot,
		     zram_slot_object(stored.loc, stored.size,
				      zram_object_flags(stored.kind)));
	return stored.kind;
}

static int zram_store_failed(struct zram *zram, u32 index, int err)
{
	if (err != -EIO)
		return err;
	pr_err_ratelimited("%s: slot %u: %s cannot compress\n",
			   zram->disk->disk_name, index,
			   zram->algos[0].codec->name);
	return -EIO;
}

int zram_store_page(struct zram *zram, u32 index, const void *page)
{
	unsigned long *slot = zram_slot_make(zram, index);
	enum zsm_kind kind;
	struct zsm_put put;
	int err = 0;

	if (!slot)
		return -ENOMEM;
	zram_touch(zram, index);
	zsm_put_begin(&put, zram->algos[0].streams, page);
	if (put.kind == ZSM_FILL)
		return zram_store_fill(zram, slot, index, put.fill);
	kind = put.kind;
	if (kind == ZSM_ERROR)
		err = put.err;
	else if (!zram_overwrite(zram, slot, &put))
		kind = zram_store_new(zram, slot, index, &put, &err);
	zsm_put_end(&put);
	if (kind == ZSM_HUGE)
		zram_stat_inc(zram, huge_pages_since);
	return err ? zram_store_failed(zram, index, err) : 0;
}
