/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A run of the worker: it decides whether pages are to be written, writes some, and
 * queues the next one.
 */
#ifndef ZRAM_TIER_RUN_H
#define ZRAM_TIER_RUN_H

#include "zram_drv.h"

/* A run; of struct zram_worker's @work. May sleep, for the writes in flight too. */
void zram_worker_run(struct work_struct *work);

/**
 * zram_worker_tell() - tell programs that poll it about the worker's state
 * @w: the worker
 * @before: what its state was
 *
 * Context: process; only a run, or the task that starts and stops the worker.
 */
void zram_worker_tell(struct zram_worker *w, enum zram_trigger_state before);

#endif /* ZRAM_TIER_RUN_H */
