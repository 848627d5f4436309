/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which pages the worker writes: rounds through the slots that take the pages of some
 * age or more. A round goes on over several runs of the worker; the next one begins
 * where it ended. All of this is called by the worker alone.
 */
#ifndef ZRAM_TIER_SWEEP_H
#define ZRAM_TIER_SWEEP_H

#include "zram_drv.h"

/**
 * zram_sweep_survey() - count the pages by age
 * @zram: the device; its worker's @ages receive the numbers
 *
 * Context: may sleep.
 */
void zram_sweep_survey(struct zram *zram);

/**
 * zram_sweep_begin() - begin a round, unless one for the same reason goes on
 * @zram: the device
 * @goal: what for
 *
 * Context: may sleep.
 * Return: whether there are pages for it.
 */
bool zram_sweep_begin(struct zram *zram, const struct zram_trigger_goal *goal);

/**
 * zram_sweep_next() - the next slot of the round that may hold something
 * @zram: the device
 *
 * Context: may sleep.
 * Return: the slot; nr_slots at the end of the round.
 */
u64 zram_sweep_next(struct zram *zram);

/**
 * zram_sweep_takes() - whether a page is to be written
 * @zram: the device
 * @index: its slot, whose leaf is there
 * @now: nanoseconds since boot
 *
 * Context: any.
 * Return: whether it is in memory, and old enough.
 */
bool zram_sweep_takes(struct zram *zram, u64 index, u64 now);

#endif /* ZRAM_TIER_SWEEP_H */
