// SPDX-License-Identifier: GPL-2.0
/*
 * Times take 4 bytes a slot, in leaves beside those of the slots. They are kept
 * where an age is good for something: a device that has a backing device or a
 * secondary algorithm when it is set up keeps them from its first page on. Any
 * other begins when an age, or block_state, is first asked for; a page that it
 * had by then counts as accessed at that moment.
 */
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/ktime.h>
#include <linux/vmalloc.h>

#include "zram/slot.h"
#include "zram/times.h"

#define ZRAM_TIMES_BYTES (ZRAM_SLOTS_PER_LEAF * sizeof(u32))

static u64 zram_leaves(const struct zram *zram)
{
	return DIV_ROUND_UP(zram->nr_slots, ZRAM_SLOTS_PER_LEAF);
}

static u32 zram_now(void)
{
	return ktime_get_coarse_boottime() >> ZRAM_TIME_SHIFT;
}

int zram_times_make(struct zram *zram, u32 index)
{
	u32 **entry = &zram->times[index / ZRAM_SLOTS_PER_LEAF];
	u32 *leaf;
	int err;

	if (likely(READ_ONCE(*entry)))
		return 0;
	err = zsm_charge_owner(zram->pool, ZRAM_TIMES_BYTES);
	if (err)
		return err;
	leaf = kmalloc(ZRAM_TIMES_BYTES, ZRAM_GFP);
	if (leaf) {
		memset32(leaf, zram_now(), ZRAM_SLOTS_PER_LEAF);
		if (!cmpxchg(entry, NULL, leaf))
			return 0;
	}
	/* There is no memory, or another task was first. */
	zsm_uncharge_owner(zram->pool, ZRAM_TIMES_BYTES);
	err = leaf ? 0 : -ENOMEM;
	kfree(leaf);
	return err;
}

/* Where the time of a slot is; NULL if none is kept. */
static u32 *zram_time_find(struct zram *zram, u32 index)
{
	u32 **times = READ_ONCE(zram->times);
	u32 *leaf;

	if (!times)
		return NULL;
	leaf = READ_ONCE(times[index / ZRAM_SLOTS_PER_LEAF]);
	return leaf ? &leaf[index % ZRAM_SLOTS_PER_LEAF] : NULL;
}

void zram_time_set(struct zram *zram, u32 index)
{
	u32 *time = zram_time_find(zram, index);
	u32 now = zram_now();

	/* Other CPUs' lines stay clean while the clock shows the same. */
	if (time && READ_ONCE(*time) != now)
		WRITE_ONCE(*time, now);
}

u64 zram_accessed_ns(struct zram *zram, u32 index)
{
	const u32 *time = zram_time_find(zram, index);
	/* Before the clock, which an access just now would else be ahead of. */
	u32 then = time ? READ_ONCE(*time) : 0;
	u64 now = ktime_get_coarse_boottime();
	u64 units = now >> ZRAM_TIME_SHIFT;

	if (!time)
		return now;
	/* What is older than the units wrap around seems younger. */
	return (units - (u32)(units - then)) << ZRAM_TIME_SHIFT;
}

/* Makes the table of leaves, if nobody has yet. */
static int zram_times_create(struct zram *zram)
{
	size_t bytes = zram_leaves(zram) * sizeof(*zram->times);
	u32 **times;
	int err;

	if (READ_ONCE(zram->times))
		return 0;
	err = zsm_charge_owner(zram->pool, PAGE_ALIGN(bytes));
	if (err)
		return err;
	times = vzalloc(bytes);
	if (times && !cmpxchg(&zram->times, NULL, times))
		return 0;
	/* There is no memory, or another task was first. */
	zsm_uncharge_owner(zram->pool, PAGE_ALIGN(bytes));
	err = times ? 0 : -ENOMEM;
	vfree(times);
	return err;
}

int zram_times_start(struct zram *zram)
{
	u64 leaf;
	int err;

	lockdep_assert_held(&zram->init_lock);
	err = zram_times_create(zram);
	if (err)
		return err;
	/*
	 * Leaves that come from now on get theirs when they are stored to. One that
	 * a task was making when there was no table yet may have been missed, and
	 * is found the next time.
	 */
	for (leaf = 0; leaf < zram_leaves(zram) && !err; leaf++) {
		if (READ_ONCE(zram->leaves[leaf]))
			err = zram_times_make(zram, leaf * ZRAM_SLOTS_PER_LEAF);
		cond_resched();
	}
	return err;
}

void zram_times_destroy(struct zram *zram)
{
	u64 leaf;

	if (!zram->times)
		return;
	for (leaf = 0; leaf < zram_leaves(zram); leaf++) {
		kfree(zram->times[leaf]);
		cond_resched();
	}
	vfree(zram->times);
	zram->times = NULL;
}
