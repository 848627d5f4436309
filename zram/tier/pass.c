// SPDX-License-Identifier: GPL-2.0
/* Passes over slots. See pass.h. */
#include <linux/sched.h>
#include <linux/sched/signal.h>

#include "zram/slot.h"
#include "zram/slots.h"
#include "zram/tier/pass.h"

int zram_use_begin(struct zram *zram)
{
	bool set_up;

	down_read(&zram->use_lock);
	down_read(&zram->init_lock);
	set_up = zram_is_set_up(zram);
	up_read(&zram->init_lock);
	if (set_up)
		return 0;
	up_read(&zram->use_lock);
	return -EINVAL;
}

void zram_use_end(struct zram *zram)
{
	up_read(&zram->use_lock);
}

void zram_stop_passes(struct zram *zram)
{
	atomic_inc(&zram->stops);
}

void zram_allow_passes(struct zram *zram)
{
	atomic_dec(&zram->stops);
}

/* Whether the pass has to end before it is through. */
static int zram_pass_stopped(const struct zram *zram)
{
	if (atomic_read(&zram->stops))
		return -ECANCELED;
	return fatal_signal_pending(current) ? -EINTR : 0;
}

/* Walks once, for the band whose turn it is. */
static int zram_pass_band(struct zram_pass *pass, u64 first, u64 last)
{
	struct zram *zram = pass->zram;
	u64 index = zram_next_slot(zram, first);

	while (index <= last && pass->plan.left) {
		struct zsm_word seen = zram_slot_get(zram_slot_find(zram, index));
		int err = zram_pass_stopped(zram);

		if (!err && zram_plan_takes(&pass->plan, seen))
			err = pass->visit(pass, index, seen);
		if (err)
			return err;
		cond_resched();
		index = zram_next_slot(zram, index + 1);
	}
	return 0;
}

int zram_pass_run(struct zram_pass *pass, u64 first, u64 last)
{
	int err;

	lockdep_assert_held(&pass->zram->use_lock);
	do {
		err = zram_pass_band(pass, first, last);
	} while (!err && zram_plan_next_band(&pass->plan));
	return err;
}
