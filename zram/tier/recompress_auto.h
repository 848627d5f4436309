/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Recompression that works by itself, where recompress_auto says so: pages that were not
 * accessed for recompress_age seconds are compressed again with the secondary
 * algorithms, in recompress_rate percent of a CPU's time at the most. How long it works
 * and rests is decided in core/zram/duty.h.
 *
 * It is a work item that works for a slice of some milliseconds and then queues itself
 * again, beside the worker that writes pages back: a device may have either. It takes
 * what recompression by hand takes, but only tries work_lock, and a reset waits for one
 * page at the most. The worker that writes back has precedence where it found work_lock
 * taken. A suspend freezes it between two slices.
 */
#ifndef ZRAM_TIER_RECOMPRESS_AUTO_H
#define ZRAM_TIER_RECOMPRESS_AUTO_H

#include "zram_drv.h"

/* Makes what runs all devices' workers. Return: 0 or -ENOMEM. */
int zram_recompress_auto_init(void);

/* Gives it back. There is no device any more. */
void zram_recompress_auto_exit(void);

/* Prepares a device's. @zram is being made. */
void zram_recompress_auto_prepare(struct zram *zram);

/**
 * zram_recompress_auto_changed() - go by the settings from now on
 * @zram: the device; the caller holds init_lock for writing. Has no effect without a
 *	size, or without a secondary algorithm
 *
 * Context: may sleep, until a page that is being worked on is done.
 */
void zram_recompress_auto_changed(struct zram *zram);

/* Ends it, whatever the settings say; the context is the same. */
void zram_recompress_auto_stop(struct zram *zram);

#endif /* ZRAM_TIER_RECOMPRESS_AUTO_H */
