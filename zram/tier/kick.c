// SPDX-License-Identifier: GPL-2.0
/* Asking a device's worker for a run. */
#include <linux/jiffies.h>
#include <linux/workqueue.h>

#include "zram/tier/backing.h"
#include "zram/tier/kick.h"

void zram_worker_kick(struct zram *zram)
{
	struct zram_worker *w = &zram->tier.worker;

	if (!zram_worker_on(w) || time_before(jiffies, READ_ONCE(w->paused)) ||
	    test_and_set_bit(0, &w->kicked))
		return;
	mod_delayed_work(zram->tier.backing->writers, &w->work, 0);
}
