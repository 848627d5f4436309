// SPDX-License-Identifier: GPL-2.0
/* What a pool gives when the kernel is short of memory: by compaction, then eviction. */
#include <linux/jiffies.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/shrinker.h>
#include <linux/swap.h>
#include <linux/vmstat.h>

#include "compat/shrinker.h"
#include "zsm/compact.h"
#include "zsm/reclaim.h"
#include "zsm/shrink.h"

/* Moves that the shrinker makes at most for each page that it is asked for. */
#define SHRINK_MOVES 16

/*
 * What the loss of an object costs an owner that may forget, as the kernel counts it: it takes
 * 4 / SHRINK_SEEKS of the share that it takes of the page cache. What comes again costs two
 * reads, as the first is only noted.
 */
#define SHRINK_SEEKS 16

/* How long a thread waits for another one to shrink the pool. */
#define SHRINK_WAIT (HZ / 20 + 1)

/* How much more is taken when the cache has to go before anything else. */
#define SHRINK_FIRST 1024

/* The page cache has at least this part of the memory that both have. */
#define SHRINK_FILE_SHARE 4

/*
 * What the pages of an owner that may forget come to, as the kernel counts them: it takes from
 * each cache in proportion, and a page of the page cache is one block. The more objects share
 * a page, the more goes with it, and the less often it should.
 */
static u64 pages_worth(const struct zsm_occupancy *in)
{
	return DIV_ROUND_UP(in->pages * in->pages,
			    max3(in->objects, in->pages, 1ULL));
}

/* Whether memory has been swapped out since this was last asked for the pool. */
static bool is_swapping(struct zsm_pool *pool)
{
	long slots = get_nr_swap_pages();
	long before = READ_ONCE(pool->swap_slots);

	/* Another thread's value is as good. */
	WRITE_ONCE(pool->swap_slots, slots);
	return slots < before;
}

/* Whether the page cache has next to nothing left, so that programs' memory would be next. */
static bool is_alone(const struct zsm_occupancy *in)
{
	u64 file = global_node_page_state(NR_ACTIVE_FILE) +
		   global_node_page_state(NR_INACTIVE_FILE);

	return in->pages > file * (SHRINK_FILE_SHARE - 1);
}

/*
 * How many pages the kernel is told of, for an owner that may forget. Beside the page cache a
 * pool is worth what its blocks are. But its memory is lent: it must be the first to go when
 * programs want it.
 */
static u64 evictable(struct zsm_pool *pool, const struct zsm_occupancy *in)
{
	bool swapping = is_swapping(pool);

	return pages_worth(in) * (swapping || is_alone(in) ? SHRINK_FIRST : 1);
}

/*
 * The kernel may call the shrinker from an allocation of this module's own, or of an
 * owner. Neither holds a lock that is taken here, and owners' locks are only tried.
 */
static unsigned long shrink_count(struct shrinker *shrinker,
				  struct shrink_control *sc)
{
	struct zsm_pool *pool = compat_shrinker_private(shrinker);
	struct zsm_occupancy in;
	u64 gain = zsm_gain(pool, &in);

	/* An owner that may forget has no page that it cannot do without. */
	if (zsm_may_evict(pool))
		gain = max(gain, evictable(pool, &in));
	return gain ? gain : SHRINK_EMPTY;
}

/*
 * Takes @shrink_lock; false if another thread keeps it. Several threads would wait for the same
 * classes' locks, and writers with them: one compacts, and others have nothing to do. But where
 * all of a pool can be had they wait a little: the kernel kills a program when a thread finds
 * nothing, though another one is about to free pages. Who has the lock waits for no memory.
 */
static bool shrink_begin(struct zsm_pool *pool)
{
	unsigned long end = jiffies + SHRINK_WAIT;

	while (!mutex_trylock(&pool->shrink_lock)) {
		if (!zsm_may_evict(pool) || time_after(jiffies, end))
			return false;
		schedule_timeout_uninterruptible(1);
	}
	return true;
}

static unsigned long shrink_scan(struct shrinker *shrinker,
				 struct shrink_control *sc)
{
	struct zsm_effort effort = {
		.moves = sc->nr_to_scan * SHRINK_MOVES,
		.wanted = sc->nr_to_scan,
	};
	struct zsm_pool *pool = compat_shrinker_private(shrinker);
	unsigned long freed;

	if (!shrink_begin(pool))
		return SHRINK_STOP;
	zsm_compact_retry(pool);
	zsm_compact_some(pool, &effort);
	freed = zsm_effort_end(pool, &effort);
	if (zsm_may_evict(pool) && freed < sc->nr_to_scan)
		freed += zsm_reclaim_some(pool, sc->nr_to_scan - freed);
	mutex_unlock(&pool->shrink_lock);
	/* The kernel would go on as long as the count lets it. */
	return freed || !zsm_may_evict(pool) ? freed : SHRINK_STOP;
}

int zsm_shrinker_create(struct zsm_pool *pool)
{
	int err;

	pool->shrinker = compat_shrinker_alloc("zsm", pool);
	if (!pool->shrinker)
		return -ENOMEM;
	pool->shrinker->count_objects = shrink_count;
	pool->shrinker->scan_objects = shrink_scan;
	if (zsm_may_evict(pool))
		pool->shrinker->seeks = SHRINK_SEEKS;
	err = compat_shrinker_register(pool->shrinker, "zsm");
	if (err)
		compat_shrinker_free(pool->shrinker);
	return err;
}

void zsm_shrinker_destroy(struct zsm_pool *pool)
{
	compat_shrinker_free(pool->shrinker);
}
