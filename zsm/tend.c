// SPDX-License-Identifier: GPL-2.0
/* Compaction by itself: the work of a pool that has become wasteful. */
#include <linux/compiler.h>
#include <linux/export.h>
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/workqueue.h>

#include "zsm/compact.h"
#include "zsm/tend.h"

/*
 * How many moves the work makes in a row, by how many pages there are to gain, and how
 * long it lets others work then, at least.
 */
#define TEND_MOVES_MIN 128UL
#define TEND_MOVES_MAX 8192UL
#define TEND_MOVES_SHARE 16
#define TEND_PAUSE msecs_to_jiffies(20)

/*
 * The pages to be gained if the pool has to be compacted, or more than it was; or 0.
 */
static u64 wasted(struct zsm_pool *pool)
{
	unsigned int max = READ_ONCE(pool->max_waste);
	struct zsm_occupancy in;
	u64 gain = zsm_gain(pool, &in);

	if (!max ||
	    gain * (pool->tending.compacting ? 200 : 100) <= in.pages * max)
		return 0;
	return gain;
}

/*
 * Waits as long as the moves took: where other tasks want the CPU these take longer, so
 * that the work leaves more of it to them.
 */
static void work_again(struct zsm_pool *pool, unsigned long began)
{
	queue_delayed_work(zsm_workqueue, &pool->tending.work,
			   max(TEND_PAUSE, jiffies - began));
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

	for (i = 0; i < zsm_nr_classes(pool); i++) {
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
					     struct zsm_pool, tending.work);
	struct zsm_effort effort = { .wanted = LONG_MAX };
	unsigned long began = jiffies, moves;
	bool again;
	u64 gain;

	if (!READ_ONCE(pool->max_waste)) {
		/* zsm_set_max_waste() queues the work when that changes. */
		WRITE_ONCE(pool->tended, true);
		return;
	}
	gain = wasted(pool);
	moves = clamp_t(u64, gain / TEND_MOVES_SHARE, TEND_MOVES_MIN,
			TEND_MOVES_MAX);
	effort.moves = moves;
	if (gain && !pool->tending.compacting)
		zsm_compact_retry(pool);
	if (gain)
		zsm_compact_some(pool, &effort);
	/* Owners who refused all that is left are asked again in the next run. */
	pool->tending.compacting = effort.moves < moves;
	if (pool->tending.compacting) {
		zsm_effort_end(pool, &effort);
		work_again(pool, began);
		return;
	}

	/* There was nothing to do, or nothing that the owner let it do. */
	again = merge_quiet(pool, &effort);
	zsm_effort_end(pool, &effort);
	if (again || effort.moves < moves) {
		queue_delayed_work(zsm_workqueue, &pool->tending.work, ZSM_TEND_AFTER);
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
		if (wasted(pool))
			zsm_tend(pool);
	}
}

void zsm_set_max_waste(struct zsm_pool *pool, unsigned int percent)
{
	WRITE_ONCE(pool->max_waste, percent);
	if (pool->ops)
		mod_delayed_work(zsm_workqueue, &pool->tending.work, ZSM_TEND_AFTER);
}
EXPORT_SYMBOL_GPL(zsm_set_max_waste);
