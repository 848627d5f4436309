/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory pressure: a shrinker that says how much memory old pages take, and asks the
 * worker to write them back. A module has no other way to hear of it.
 */
#ifndef ZRAM_TIER_PRESSURE_H
#define ZRAM_TIER_PRESSURE_H

#include "zram_drv.h"

/**
 * zram_pressure_start() - tell the worker of memory pressure
 * @zram: a device that is set up; the caller holds init_lock for writing
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int zram_pressure_start(struct zram *zram);

/* Does so no longer. May sleep; the caller holds init_lock for writing. */
void zram_pressure_stop(struct zram *zram);

#endif /* ZRAM_TIER_PRESSURE_H */
