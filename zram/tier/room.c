// SPDX-License-Identifier: GPL-2.0
/* What a write that exceeds mem_limit waits for. See room.h. */
#include <linux/jiffies.h>

#include "zram/tier/kick.h"
#include "zram/tier/room.h"

static bool zram_room_may_help(struct zram_worker *w, u64 progress)
{
	bool may;

	spin_lock(&w->lock);
	may = zram_worker_on(w) &&
	      zram_may_wait(&w->patience, w->trigger.state, progress);
	spin_unlock(&w->lock);
	return may;
}

static void zram_room_in_vain(struct zram_worker *w, u64 before)
{
	spin_lock(&w->lock);
	zram_waited_in_vain(&w->patience, before, atomic64_read(&w->stat.written));
	spin_unlock(&w->lock);
	atomic64_inc(&w->stat.waited_in_vain);
}

bool zram_make_room(struct zram *zram, unsigned long *until)
{
	struct zram_worker *w = &zram->tier.worker;
	u64 before = atomic64_read(&w->stat.written);
	long left;

	if (!zram_room_may_help(w, before))
		return false;
	if (!*until) {
		*until = jiffies + msecs_to_jiffies(ZRAM_TIER_WAIT_MS);
		atomic64_inc(&w->stat.waited);
	}
	atomic_set(&w->refused, 1);
	zram_worker_kick(zram);
	left = *until - jiffies;
	if (left > 0 &&
	    wait_event_timeout(w->room,
			       atomic64_read(&w->stat.written) != before ||
			       !zram_room_may_help(w, before), left))
		return atomic64_read(&w->stat.written) != before;
	zram_room_in_vain(w, before);
	return false;
}
