/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The worker that writes cold pages back by itself, where writeback_auto says so. When,
 * which ones and how many is decided in core/zram: trigger.h, age.h, refault.h, quota.h.
 *
 * It is a work item that writes for a twentieth of a second at the most and then queues
 * itself again: nothing waits for it longer than for that and the writes in flight.
 * It allocates nothing, takes no lock that I/O takes but the slots', and only tries
 * work_lock. A suspend freezes it between two runs.
 */
#ifndef ZRAM_TIER_WORKER_H
#define ZRAM_TIER_WORKER_H

#include "zram_drv.h"

struct zram_backing;

/* Makes what runs the workers of a backing device's user. Return: 0 or -ENOMEM. */
int zram_worker_attach(struct zram_backing *backing);

/* Gives it back. May sleep. */
void zram_worker_detach(struct zram_backing *backing);

/* Prepares it. @zram is being made. */
void zram_worker_init(struct zram *zram);

/* Sets counters and settings to what they were. @zram has no size; after its settings. */
void zram_worker_forget(struct zram *zram);

/**
 * zram_worker_start() - let the worker run
 * @zram: a device that is set up and has a backing device; the caller holds init_lock
 *	for writing
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int zram_worker_start(struct zram *zram);

/**
 * zram_worker_stop() - end that, if it was so
 * @zram: the device; the caller holds init_lock for writing
 *
 * Writes that wait for room go on.
 *
 * Context: may sleep, until the writes that are in flight have ended.
 */
void zram_worker_stop(struct zram *zram);

/* A setting that it depends on has changed. The caller holds init_lock. */
void zram_worker_settings_changed(struct zram *zram);

/* writeback_age, writeback_rate or writeback_daily has. The caller holds init_lock. */
void zram_worker_age_changed(struct zram *zram);
void zram_worker_rate_changed(struct zram *zram);
void zram_worker_daily_changed(struct zram *zram);

#endif /* ZRAM_TIER_WORKER_H */
