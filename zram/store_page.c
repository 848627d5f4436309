// SPDX-License-Identifier: GPL-2.0
/* A page into a slot. store/put.c compresses it. */
#define pr_fmt(fmt) "zram: " fmt

#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/printk.h>

#include "core/zram/age.h"
#include "store/put.h"
#include "zram/slot.h"
#include "zram/slots.h"
#include "zram/stat.h"
#include "zram/store_page.h"
#include "zram/tier/kick.h"
#include "zram/tier/room.h"
#include "zram/times.h"

/*
 * Puts a value into a slot, whose leaf may have to be made: last, so that a page which
 * is refused leaves nothing behind. On an error its object is freed.
 */
static int zram_store_value(struct zram *zram, u32 index, struct zsm_word value)
{
	unsigned long *slot = zram_slot_make(zram, index);

	if (IS_ERR(slot)) {
		zram_release(zram, value);
		return PTR_ERR(slot);
	}
	zram_touch(zram, index);
	zram_publish(zram, slot, value);
	zram_worker_kick_above(zram);
	return 0;
}

/* Whether so many bytes are to be written over an object. */
static bool zram_overwrites(struct zram *zram, struct zsm_loc loc, u32 size,
			    bool refused)
{
	return refused ? zsm_room(zram->pool, loc) >= size :
			 zsm_fits(zram->pool, loc, size);
}

/*
 * Writes over the object that the slot has, if the new data are of the same size class,
 * or not larger and @refused a new object: no allocation, no free. @value is the slot's
 * new one, but for the object's location.
 */
static bool zram_overwrite(struct zram *zram, u32 index, struct zsm_word value,
			   const void *data, u32 size, bool refused)
{
	unsigned long *slot = zram_slot_find(zram, index);
	struct zsm_loc loc;
	struct zsm_word old;

	if (!slot || zram_slot_empty(zram_slot_get(slot)))
		return false;
	/* The time is set before the slot has a new value: see zram_touch(). */
	zram_touch(zram, index);

	zram_slot_lock(slot);
	old = zram_slot_get(slot);
	loc = zram_slot_loc(old);
	if (!zram_slot_has_object(old) ||
	    !zram_overwrites(zram, loc, size, refused)) {
		zram_slot_unlock(slot);
		return false;
	}
	zsm_write(zram->pool, loc, data, size);
	value = zram_slot_moved(value, loc);
	zram_slot_set(slot, value);
	zram_slot_unlock(slot);

	zram_account(zram, old, value);
	return true;
}

/* Keeps a value that does not fit into a slot in an object. */
static int zram_store_fill_outside(struct zram *zram, u32 index,
				   struct zsm_fill fill, gfp_t gfp)
{
	struct zsm_word value = zram_slot_fill_outside((struct zsm_loc){});
	struct zsm_loc loc;
	int err;

	if (zram_overwrite(zram, index, value, &fill, ZRAM_FILL_SIZE, false))
		return 0;
	err = zsm_alloc(zram->pool, ZRAM_FILL_SIZE, gfp, index, &loc);
	if (err)
		return zram_overwrite(zram, index, value, &fill, ZRAM_FILL_SIZE,
				      true) ? 0 : err;
	zsm_write(zram->pool, loc, &fill, ZRAM_FILL_SIZE);
	return zram_store_value(zram, index, zram_slot_fill_outside(loc));
}

static int zram_store_fill(struct zram *zram, u32 index, struct zsm_fill fill,
			   gfp_t gfp)
{
	struct zsm_word value = zram_slot_fill(fill);

	return zram_slot_empty(value) ?
		       zram_store_fill_outside(zram, index, fill, gfp) :
		       zram_store_value(zram, index, value);
}

/* The slot of a page that the store keeps in an object, but for the location. */
static struct zsm_word zram_object_value(const struct zram *zram,
					 enum zsm_form form, u32 size)
{
	u64 flags = form == ZSM_HUGE ? ZRAM_SLOT_HUGE : 0;

	return zram_slot_used(zram_slot_object((struct zsm_loc){}, size, flags),
			      READ_ONCE(zram->generation));
}

/* Writes a page over the slot's object; as zram_overwrite(). */
static bool zram_overwrite_page(struct zram *zram, u32 index,
				const struct zsm_put *put, bool refused)
{
	if ((put->form != ZSM_OBJECT && put->form != ZSM_HUGE) ||
	    !zram_overwrite(zram, index,
			    zram_object_value(zram, put->form, put->size),
			    put->data, put->size, refused))
		return false;
	if (put->form == ZSM_HUGE)
		zram_stat_inc(zram, huge_pages_since);
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

/*
 * Gives the page a new object, which replaces what the slot has. If there is none to be
 * had, the one that the slot has will do if it is large enough.
 */
static int zram_store_new(struct zram *zram, u32 index, struct zsm_put *put,
			  gfp_t gfp)
{
	struct zsm_stored stored = zsm_put_object(put, zram->pool, index, gfp);
	bool overwritten = stored.form == ZSM_ERROR &&
			   zram_overwrite_page(zram, index, put, true);
	int err;

	/* Making a leaf may wait for memory. */
	zsm_put_end(put);
	if (overwritten)
		return 0;
	if (stored.form == ZSM_ERROR)
		return zram_store_failed(zram, index, stored.err);
	err = zram_store_value(zram, index,
			       zram_slot_moved(zram_object_value(zram,
								 stored.form,
								 stored.size),
					       stored.loc));
	if (!err && stored.form == ZSM_HUGE)
		zram_stat_inc(zram, huge_pages_since);
	return err;
}

/* Tries once. No stream is held afterwards. */
static int zram_try_store(struct zram *zram, u32 index, const void *page,
			  gfp_t gfp)
{
	struct zsm_put put;

	zsm_put_begin(&put, zram->algos[0].streams, page);
	if (put.form == ZSM_FILL)
		return zram_store_fill(zram, index, put.fill, gfp);
	if (put.form == ZSM_ERROR)
		return zram_store_failed(zram, index, put.err);
	if (!zram_overwrite_page(zram, index, &put, false))
		return zram_store_new(zram, index, &put, gfp);
	zsm_put_end(&put);
	return 0;
}

int zram_store_page(struct zram *zram, u32 index, const void *page, gfp_t gfp)
{
	unsigned long until = 0;
	int err;

	do {
		err = zram_try_store(zram, index, page, gfp);
	} while (err == -EDQUOT && zram_make_room(zram, &until));
	return err;
}
