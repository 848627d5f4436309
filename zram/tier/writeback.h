/* SPDX-License-Identifier: GPL-2.0 */
/* Writeback, for the knob that starts it. */
#ifndef ZRAM_WRITEBACK_H
#define ZRAM_WRITEBACK_H

#include <linux/types.h>

struct zram;
struct zram_writeback;

/**
 * struct zram_wb_type - which pages are written back
 * @wanted: flags that a page must have
 * @incompressible: no algorithm may have made it smaller
 */
struct zram_wb_type {
	u64 wanted;
	bool incompressible;
};

/**
 * zram_writeback_begin() - prepare for writing pages back
 * @zram: a device that is set up and has a backing device; the caller holds
 *	init_lock
 *
 * Context: may sleep; takes work_lock, which zram_writeback_end() gives back.
 * Return: the caller's until zram_writeback_end(); ERR_PTR(-ENOMEM), or -EINTR if
 *	the task was killed.
 */
struct zram_writeback *zram_writeback_begin(struct zram *zram);

/**
 * zram_writeback_range() - write pages back
 * @wb: what zram_writeback_begin() returned
 * @first: the first slot
 * @last: the last one, which the device has
 * @type: of which those that are of this type are written
 *
 * Context: may sleep; waits for earlier writes.
 * Return: 0 if writing has begun; -EIO if the budget is spent, -ENOSPC if the
 *	backing device is full, -ENOMEM, -EINTR if the task was killed.
 */
int zram_writeback_range(struct zram_writeback *wb, u64 first, u64 last,
			 const struct zram_wb_type *type);

/**
 * zram_writeback_end() - wait for all writes
 * @wb: what zram_writeback_begin() returned; gone afterwards
 *
 * Context: may sleep.
 * Return: 0, or the error of the last write that failed.
 */
int zram_writeback_end(struct zram_writeback *wb);

#endif /* ZRAM_WRITEBACK_H */
