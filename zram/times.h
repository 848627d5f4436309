/* SPDX-License-Identifier: GPL-2.0 */
/* When pages were last accessed. */
#ifndef ZRAM_TIMES_H
#define ZRAM_TIMES_H

#include "zram_drv.h"

/*
 * A time of access is kept in 32 bits, in units of 2^24 ns, some 17 ms, since boot,
 * and wraps around after 2.3 years.
 */
#define ZRAM_TIME_SHIFT 24

/**
 * zram_times_make() - make room for the times of a slot and its neighbours
 * @zram: a device that keeps times
 * @index: the slot
 *
 * Context: may sleep; allocates with GFP_NOIO.
 * Return: 0, -ENOMEM, or -EDQUOT beyond the limit.
 */
int zram_times_make(struct zram *zram, u32 index);

/**
 * zram_times_start() - keep times of access
 * @zram: the device; the caller holds init_lock
 *
 * Pages that are there and have no time yet count as accessed now.
 *
 * Context: may sleep.
 * Return: 0; -ENOMEM, or -EDQUOT beyond the limit: some times may be missing, and a
 *	page without one counts as accessed just now.
 */
int zram_times_start(struct zram *zram);

/**
 * zram_times_destroy() - keep times no longer
 * @zram: a device that has no I/O
 *
 * Context: may sleep.
 */
void zram_times_destroy(struct zram *zram);

/* Notes the time of an access, if times are kept. See zram_touch(). */
void zram_time_set(struct zram *zram, u32 index);

/**
 * zram_accessed_ns() - when a page was last accessed
 * @zram: the device
 * @index: its slot
 *
 * Context: any.
 * Return: nanoseconds since boot, rounded down to the units of times; now, if no
 *	time is kept.
 */
u64 zram_accessed_ns(struct zram *zram, u32 index);

/* A page is being accessed. A new value is put into the slot after this. */
static inline void zram_touch(struct zram *zram, u32 index)
{
	if (unlikely(READ_ONCE(zram->times)))
		zram_time_set(zram, index);
}

#endif /* ZRAM_TIMES_H */
