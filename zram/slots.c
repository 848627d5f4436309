// SPDX-License-Identifier: GPL-2.0
/*
 * Slots: 64 bits for each page of the device, whose meaning is told in
 * core/zram_core.h. They come in leaves of one page, made when one of their
 * slots is first written and kept until reset.
 *
 * The lock bit is a bit spinlock. Nothing sleeps, and no other lock is taken,
 * while it is held: objects are allocated before and freed after. So a slot
 * changes hands in a few instructions; only a read holds it for as long as
 * decompressing the page takes, and an overwrite in place for a copy.
 */
#define pr_fmt(fmt) "zram: " fmt

#include <linux/processor.h>	/* bit_spinlock.h does not include it */
#include <linux/bit_spinlock.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "../zram_drv.h"

static_assert(sizeof(unsigned long) == sizeof(u64));

/* ---- Leaves ------------------------------------------------------------- */

int zram_slots_create(struct zram *zram)
{
	size_t bytes = sizeof(*zram->leaves) *
		       DIV_ROUND_UP(zram->nr_slots, ZRAM_SLOTS_PER_LEAF);

	zram->leaves = vzalloc(bytes);
	if (!zram->leaves)
		return -ENOMEM;
	atomic64_set(&zram->metadata_bytes, PAGE_ALIGN(bytes));
	return 0;
}

/* Keeps the high-water mark after something was allocated. */
static void zram_note_used(struct zram *zram)
{
	s64 used = zram_used_bytes(zram);
	s64 max = atomic64_read(&zram->max_used_bytes);

	while (used > max && !atomic64_try_cmpxchg(&zram->max_used_bytes,
						   &max, used))
		;
}

/* The slot, or NULL if its leaf is not there, that is if it is empty. */
static unsigned long *zram_slot_find(struct zram *zram, u32 index)
{
	unsigned long **entry = &zram->leaves[index / ZRAM_SLOTS_PER_LEAF];
	/* Pairs with the cmpxchg() in zram_slot_make(): a leaf is zeroed. */
	unsigned long *leaf = smp_load_acquire(entry);

	return leaf ? &leaf[index % ZRAM_SLOTS_PER_LEAF] : NULL;
}

/* The slot, whose leaf is made if need be; NULL with no memory. May sleep. */
static unsigned long *zram_slot_make(struct zram *zram, u32 index)
{
	unsigned long **entry = &zram->leaves[index / ZRAM_SLOTS_PER_LEAF];
	unsigned long *slot = zram_slot_find(zram, index);
	unsigned long *leaf;

	if (likely(slot))
		return slot;
	leaf = (unsigned long *)get_zeroed_page(ZRAM_GFP);
	if (!leaf)
		return NULL;
	if (cmpxchg(entry, NULL, leaf)) {
		free_page((unsigned long)leaf);
	} else {
		atomic64_add(PAGE_SIZE, &zram->metadata_bytes);
		zram_note_used(zram);
	}
	return zram_slot_find(zram, index);
}

/* ---- One slot ----------------------------------------------------------- */

static void zram_slot_lock(unsigned long *slot)
	__acquires(bitlock)
{
	bit_spin_lock(ZRAM_SLOT_LOCK_BIT, slot);
}

static void zram_slot_unlock(unsigned long *slot)
	__releases(bitlock)
{
	bit_spin_unlock(ZRAM_SLOT_LOCK_BIT, slot);
}

/* What the slot holds. Without the lock it is a hint. */
static u64 zram_slot_get(const unsigned long *slot)
{
	return READ_ONCE(*slot) & ~ZRAM_SLOT_LOCK;
}

/* The caller holds the slot's lock, whose bit is kept as it is. */
static void zram_slot_set(unsigned long *slot, u64 value)
{
	VM_WARN_ON_ONCE(!bit_spin_is_locked(ZRAM_SLOT_LOCK_BIT, slot));
	WRITE_ONCE(*slot, value | (*slot & ZRAM_SLOT_LOCK));
}

/* Whether the slot holds a page that has to be decompressed. */
static bool zram_is_compressed(u64 value)
{
	return !(value & (ZRAM_SLOT_SAME | ZRAM_SLOT_HUGE)) &&
	       zram_slot_size(value);
}

/* Counts a page that comes into a slot (@sign 1) or goes out of it (-1). */
static void zram_account(struct zram *zram, u64 value, int sign)
{
	if (zram_slot_empty(value))
		return;
	zram_stat_add(zram, pages_stored, sign);
	if (value & ZRAM_SLOT_SAME) {
		zram_stat_add(zram, same_pages, sign);
		return;
	}
	zram_stat_add(zram, compr_data_size,
		      sign * (s64)zram_slot_size(value));
	if (value & ZRAM_SLOT_HUGE)
		zram_stat_add(zram, huge_pages, sign);
}

/* Frees what was in a slot; nobody can reach it there any more. */
static void zram_release(struct zram *zram, u64 value)
{
	zram_account(zram, value, -1);
	if (zram_slot_has_object(value))
		zsm_free(zram->pool, zram_slot_loc(value));
}

/* Puts a value into a slot in place of what was there, which it frees. */
static void zram_publish(struct zram *zram, unsigned long *slot, u64 value)
{
	u64 old;

	zram_slot_lock(slot);
	old = zram_slot_get(slot);
	zram_slot_set(slot, value);
	zram_slot_unlock(slot);

	zram_account(zram, value, 1);
	zram_release(zram, old);
}

/* ---- Store -------------------------------------------------------------- */

/* Allocates an object, unless that would take the device beyond its limit. */
static int zram_alloc(struct zram *zram, u32 index, u32 size, gfp_t gfp,
		      zsm_loc_t *loc)
{
	u64 limit = READ_ONCE(zram->limit_bytes);

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

	zram_account(zram, value, 1);
	zram_account(zram, old, -1);
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
			   zram->disk->disk_name, index, zram->codec->name,
			   err);
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
		struct zram_stream *stream = zram_stream_get(zram->comp);

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
	if (zram_same_filled(page, &fill))
		return zram_store_fill(zram, slot, index, fill);
	return zram_compress_and_store(zram, slot, index, page);
}

/* ---- Load --------------------------------------------------------------- */

/* The value that a same-filled slot repeats. The caller holds the slot. */
static u64 zram_fill_value(struct zram *zram, u64 value)
{
	u64 fill;

	if (!zram_slot_has_object(value))
		return zram_slot_fill_value(value);
	zsm_read(zram->pool, zram_slot_loc(value), &fill, ZRAM_FILL_SIZE);
	return fill;
}

/* The caller holds the slot; @stream is NULL if the codec needs none to read. */
static int zram_load_value(struct zram *zram, struct zram_stream *stream,
			   u64 value, void *page)
{
	zsm_loc_t loc = zram_slot_loc(value);
	struct zsm_mapping map;
	u32 size;
	int err;

	if (zram_slot_empty(value)) {
		memset(page, 0, PAGE_SIZE);
		return 0;
	}
	if (value & ZRAM_SLOT_SAME) {
		memset_l(page, zram_fill_value(zram, value),
			 PAGE_SIZE / sizeof(unsigned long));
		return 0;
	}
	if (value & ZRAM_SLOT_HUGE) {
		zsm_read(zram->pool, loc, page, PAGE_SIZE);
		return 0;
	}
	size = zram_slot_size(value);
	zsm_map(zram->pool, loc, size, ZSM_MAP_READ, &map);
	err = zram_decompress(zram->comp, stream, map.addr, size, page);
	zsm_unmap(&map);
	return err;
}

int zram_load_page(struct zram *zram, u32 index, void *page)
{
	unsigned long *slot = zram_slot_find(zram, index);
	struct zram_stream *stream = NULL;
	u64 value;
	int err;

	if (!slot) {
		memset(page, 0, PAGE_SIZE);
		return 0;
	}

	/* A stream may have to be waited for, so it is taken before the slot. */
	if (zram->codec->decompress_needs_ctx &&
	    zram_is_compressed(zram_slot_get(slot)))
		stream = zram_stream_get(zram->comp);
	zram_slot_lock(slot);
	value = zram_slot_get(slot);
	while (zram->codec->decompress_needs_ctx && !stream &&
	       zram_is_compressed(value)) {
		zram_slot_unlock(slot);
		stream = zram_stream_get(zram->comp);
		zram_slot_lock(slot);
		value = zram_slot_get(slot);
	}
	err = zram_load_value(zram, stream, value, page);
	zram_slot_unlock(slot);
	if (stream)
		zram_stream_put(stream);

	if (!err)
		return 0;
	pr_err_ratelimited("%s: slot %u: %u bytes of %s do not decompress\n",
			   zram->disk->disk_name, index, zram_slot_size(value),
			   zram->codec->name);
	return -EIO;
}

/* ---- Drop --------------------------------------------------------------- */

static void zram_drop_slot(struct zram *zram, unsigned long *slot)
{
	if (!zram_slot_empty(zram_slot_get(slot)))
		zram_publish(zram, slot, 0);
}

void zram_drop_pages(struct zram *zram, u64 first, u64 count)
{
	u64 end = first + count;
	u64 index = first;

	while (index < end) {
		u64 leaf_end = min(round_down(index, ZRAM_SLOTS_PER_LEAF) +
				   ZRAM_SLOTS_PER_LEAF, end);
		unsigned long *slot = zram_slot_find(zram, index);

		for (; slot && index < leaf_end; index++)
			zram_drop_slot(zram, slot++);
		index = leaf_end;
		cond_resched();
	}
}

bool zram_try_drop_page(struct zram *zram, u32 index)
{
	unsigned long *slot = zram_slot_find(zram, index);
	u64 old;

	if (!slot)
		return true;
	if (!bit_spin_trylock(ZRAM_SLOT_LOCK_BIT, slot))
		return false;
	old = zram_slot_get(slot);
	zram_slot_set(slot, 0);
	zram_slot_unlock(slot);
	zram_release(zram, old);
	return true;
}

/* ---- Moves -------------------------------------------------------------- */

/*
 * The pool holds a lock that comes after the slot's, so the slot is tried. An
 * object that its slot does not point to is on its way in or out. The lock is
 * kept until thaw(), which sparse cannot follow.
 */
static bool zram_slot_freeze(void *priv, u32 owner, zsm_loc_t loc)
{
	unsigned long *slot = zram_slot_find(priv, owner);
	u64 value;

	if (!slot || !bit_spin_trylock(ZRAM_SLOT_LOCK_BIT, slot))
		return false;
	value = zram_slot_get(slot);
	if (zram_slot_has_object(value) && zram_slot_loc(value) == loc) {
		__release(bitlock);
		return true;
	}
	zram_slot_unlock(slot);
	return false;
}

static void zram_slot_thaw(void *priv, u32 owner, zsm_loc_t loc)
{
	unsigned long *slot = zram_slot_find(priv, owner);

	__acquire(bitlock);
	zram_slot_set(slot, zram_slot_moved(zram_slot_get(slot), loc));
	zram_slot_unlock(slot);
}

const struct zsm_ops zram_slot_ops = {
	.freeze = zram_slot_freeze,
	.thaw = zram_slot_thaw,
};

/* ---- The end ------------------------------------------------------------ */

void zram_slots_destroy(struct zram *zram)
{
	u64 nr_leaves = DIV_ROUND_UP(zram->nr_slots, ZRAM_SLOTS_PER_LEAF);
	u64 i;

	zram_drop_pages(zram, 0, zram->nr_slots);
	for (i = 0; i < nr_leaves; i++) {
		free_page((unsigned long)zram->leaves[i]);
		if (!(i % 1024))
			cond_resched();
	}
	vfree(zram->leaves);
	zram->leaves = NULL;
}
