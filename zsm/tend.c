// SPDX-License-Identifier: GPL-2.0
/* Compaction by itself: the work of a pool that has become wasteful. */
#include <linux/compiler.h>
#include <linux/export.h>
#include <linux/workqueue.h>

#include "zsm/compact.h"
#include "zsm/tend.h"

/* How many moves the work makes in a row, and how long it lets others work then. */
#define TEND_MOVES 128
#define TEND_PAUSE msecs_to_jiffies(20)

/* Whether the pool has to be compacted, or more than it was. */
static bool is_wasteful(struct zsm_pool *pool)
{
	unsigned int max = READ_ONCE(pool->max_waste);
	u64 pages;
	u64 gain = zsm_gain(pool, &pages);

	if (!max)
		return false;
	return gain * (pool->compacting ? 200 : 100) > pages * max;
}

/*
 * Merges the classes that have as many objects as when this was last called: most of
 * them are at rest. One in which an object comes for each that goes is taken for one of
 * these; what it loses is little (ZSM_MERGE_SHARE). Returns whether there are others, to
 * be looked at again. Only the pool's work calls it, and so needs no lock for @nr_seen.
 */
static bool merge_quiet(struct zsm_pool *pool, struct zsm_effort *effort)
{
	bool others = false;
	unsigned int i;

	for (i = 0; i < zsm_classes.nr_classes; i++) {
		struct zsm_pool_class *class = &pool->classes[i];
		u64 nr_used = READ_ONCE(class->core.nr_used);

		if (class->nr_seen == nr_used) {
			zsm_merge_class(pool, i, effort);
		} else {
			others = true;
			class->nr_seen = nr_used;
		}
	}
	return others;
}

/*
 * zsm_tend() queues the work at the first free, or the first page needed, in a while; it
 * queues itself as long as there is something to do. A pool that is not used costs
 * nothing. What classes can gain by themselves comes first. They are merged when that is
 * done and they have come to rest, since the next allocation needs a page again.
 */
void zsm_work(struct work_struct *work)
{
	struct zsm_pool *pool = container_of(to_delayed_work(work),
					     struct zsm_pool, work);
	struct zsm_effort effort = {
		.moves = TEND_MOVES,
		.wanted = LONG_MAX,
	};
	bool wasteful, again;

	if (!READ_ONCE(pool->max_waste)) {
		/* zsm_set_max_waste() queues the work when that changes. */
		WRITE_ONCE(pool->tended, true);
		return;
	}
	wasteful = is_wasteful(pool);
	if (wasteful && !pool->compacting)
		zsm_compact_retry(pool);
	pool->compacting = wasteful;
	if (wasteful)
		zsm_compact_some(pool, &effort);
	/* Owners who refused all that is left are asked again in the next run. */
	if (effort.moves == TEND_MOVES)
		pool->compacting = false;
	if (effort.moves < TEND_MOVES) {
		zsm_effort_end(pool, &effort);
		queue_delayed_work(zsm_workqueue, &pool->work, TEND_PAUSE);
		return;
	}

	/* There was nothing to do, or nothing that the owner let it do. */
	again = merge_quiet(pool, &effort);
	zsm_effort_end(pool, &effort);
	if (again || effort.moves < TEND_MOVES) {
		queue_delayed_work(zsm_workqueue, &pool->work, ZSM_TEND_AFTER);
	} else {
		/*
		 * A free that ran during the check saw @tended set and did not queue
		 * the work. It may have been the last, so check again.
		 */
		WRITE_ONCE(pool->tended, false);
		/*
		 * Orders the store to @tended before the check below. zsm_free() has no
		 * matching barrier: a free can still be missed, until the next one.
		 */
		smp_mb();
		if (is_wasteful(pool))
			zsm_tend(pool);
	}
}

void zsm_set_max_waste(struct zsm_pool *pool, unsigned int percent)
{
	WRITE_ONCE(pool->max_waste, percent);
	if (pool->ops)
		mod_delayed_work(zsm_workqueue, &pool->work, ZSM_TEND_AFTER);
}
EXPORT_SYMBOL_GPL(zsm_set_max_waste);
