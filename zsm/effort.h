/* SPDX-License-Identifier: GPL-2.0 */
/* What there is in a pool, and how much compaction may do, for every kind of pool. */
#ifndef ZSM_EFFORT_H
#define ZSM_EFFORT_H

#include <linux/freezer.h>
#include <linux/sched/signal.h>

#include "zsm/pool.h"

/**
 * struct zsm_effort - how much compaction may do, and what it has done
 * @moves: objects that may yet be moved
 * @wanted: at so many pages freed it ends
 * @freed: pages freed, less those that were populated for it
 * @reserve: pages for the moves that need one, taken from those that moves have freed
 */
struct zsm_effort {
	unsigned long moves;
	long wanted;
	long freed;
	struct zsm_reserve reserve;
};

/* Whether to go on. A thread that is to be frozen is not held up. */
static inline bool zsm_effort_left(const struct zsm_effort *effort)
{
	return effort->moves && effort->freed < effort->wanted &&
	       !fatal_signal_pending(current) && !freezing(current);
}

/**
 * struct zsm_occupancy - what is in a pool, as it was a moment ago
 * @pages: pages populated
 * @objects: objects allocated
 */
struct zsm_occupancy {
	u64 pages;
	u64 objects;
};

#endif /* ZSM_EFFORT_H */
