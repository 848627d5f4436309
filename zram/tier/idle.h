/* SPDX-License-Identifier: GPL-2.0 */
/* Marks of pages that were not accessed for long. */
#ifndef ZRAM_IDLE_H
#define ZRAM_IDLE_H

#include "zram_drv.h"

/**
 * zram_mark_all_idle() - mark every page that takes memory
 * @zram: the device; the caller is between zram_use_begin() and zram_use_end()
 *
 * Context: may sleep.
 * Return: 0, or what ended the pass: zram_pass_run().
 */
int zram_mark_all_idle(struct zram *zram);

/**
 * zram_mark_older() - mark the pages that were not accessed for so long, and no others
 * @zram: the device; the caller is between zram_use_begin() and zram_use_end()
 * @seconds: how long
 *
 * From then on the device keeps times of access.
 *
 * Context: may sleep; takes init_lock.
 * Return: 0, -ENOMEM, or what ended the pass: zram_pass_run().
 */
int zram_mark_older(struct zram *zram, u64 seconds);

#endif /* ZRAM_IDLE_H */
