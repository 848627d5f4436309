/* SPDX-License-Identifier: GPL-2.0 */
/* Write-back: pages to blocks of the backing device. */
#ifndef ZRAM_WRITEBACK_H
#define ZRAM_WRITEBACK_H

#include "core/zram/pass.h"
#include "zram/tier/writeback_state.h"
#include "zram_drv.h"

/**
 * zram_writeback_begin() - prepare for writing pages back
 * @wb: receives what the next two want
 * @zram: a device that has a backing device; the caller is between zram_use_begin()
 *	and zram_use_end()
 *
 * Context: may sleep; takes work_lock, which zram_writeback_end() gives back.
 * Return: 0, or -EINTR if the task was killed.
 */
int zram_writeback_begin(struct zram_writeback *wb, struct zram *zram);

/**
 * zram_writeback_try_begin() - the same, for a task that may not wait for others
 * @wb: receives what zram_writeback_page() and zram_writeback_end() want
 * @zram: a device that has a backing device, and stays set up
 *
 * Until zram_writeback_end() nothing is allocated.
 *
 * Context: may sleep; takes work_lock, if it is free.
 * Return: whether it was.
 */
bool zram_writeback_try_begin(struct zram_writeback *wb, struct zram *zram);

/**
 * zram_writeback_page() - write a page back
 * @wb: what zram_writeback_try_begin() has made
 * @index: its slot, whose leaf is there
 *
 * Context: may sleep; waits for earlier writes.
 * Return: 0 if writing has begun; -ENOENT if there is no page to write; -EIO if the
 *	limit is reached, -ENOSPC if the backing device is full.
 */
int zram_writeback_page(struct zram_writeback *wb, u32 index);

/**
 * zram_writeback_range() - write pages back
 * @wb: what zram_writeback_begin() has made
 * @first: the first slot
 * @last: the last one, which the device has
 * @filter: which of them
 *
 * With a limit the largest pages are written first. Without one the order of the device
 * is kept, for reading it back.
 *
 * Context: may sleep; waits for earlier writes.
 * Return: 0 if writing has begun; -EIO if the limit is reached, -ENOSPC if the
 *	backing device is full, or what ended the pass: zram_pass_run().
 */
int zram_writeback_range(struct zram_writeback *wb, u64 first, u64 last,
			 const struct zram_filter *filter);

/**
 * zram_writeback_end() - wait for all writes
 * @wb: what zram_writeback_begin() has made
 *
 * Context: may sleep.
 * Return: 0, or the error of the last write that failed.
 */
int zram_writeback_end(struct zram_writeback *wb);

#endif /* ZRAM_WRITEBACK_H */
