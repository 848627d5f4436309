/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Passes: one walk over the slots of a device, for what works on many pages. Which
 * pages, in which order and how many is decided in core/zram/pass.h.
 *
 * A pass takes its time, so it does not hold init_lock: a task that waited for that lock
 * to write would keep all readers from it. use_lock keeps what set-up has made
 * there instead. Reset and removal stop the passes that run.
 */
#ifndef ZRAM_PASS_H
#define ZRAM_PASS_H

#include "core/zram/pass.h"
#include "zram_drv.h"

/**
 * struct zram_pass - a walk over slots
 * @zram: the device
 * @plan: which pages; zram_plan_begin() makes it
 * @visit: is called for each slot that the plan takes. @seen is what it held. May
 *	sleep, and tells the plan if it took the page. Its error ends the pass
 */
struct zram_pass {
	struct zram *zram;
	struct zram_plan plan;
	int (*visit)(struct zram_pass *pass, u32 index, struct zsm_word seen);
};

/**
 * zram_use_begin() - work on a device's pages for long
 * @zram: the device; stays set up until zram_use_end()
 *
 * Context: may sleep; takes use_lock. The caller holds no lock.
 * Return: 0, or -EINVAL if it has no size.
 */
int zram_use_begin(struct zram *zram);

/* Ends what zram_use_begin() began. */
void zram_use_end(struct zram *zram);

/**
 * zram_pass_run() - walk over slots
 * @pass: the pass; the caller is between zram_use_begin() and zram_use_end()
 * @first: the first slot
 * @last: the last one
 *
 * Context: may sleep.
 * Return: 0; -EINTR if the task was killed, -ECANCELED if the device is being reset or
 *	removed; or the error of @pass->visit().
 */
int zram_pass_run(struct zram_pass *pass, u64 first, u64 last);

/**
 * zram_stop_passes() - make passes end
 * @zram: the device
 *
 * Those that run end after the page they are at, and so does every one that begins,
 * until zram_allow_passes(). Does not wait for them.
 *
 * Context: any.
 */
void zram_stop_passes(struct zram *zram);

/* Undoes one zram_stop_passes(). */
void zram_allow_passes(struct zram *zram);

#endif /* ZRAM_PASS_H */
