// SPDX-License-Identifier: GPL-2.0
/* What a pool gives when the kernel is short of memory: by compaction, then eviction. */
#include <linux/minmax.h>
#include <linux/mutex.h>
#include <linux/shrinker.h>

#include "compat/shrinker.h"
#include "zsm/compact.h"
#include "zsm/reclaim.h"
#include "zsm/shrink.h"

/* Moves that the shrinker makes at most for each page that it is asked for. */
#define SHRINK_MOVES 16

/*
 * The kernel may call the shrinker from an allocation of this module's own, or of an
 * owner. Neither holds a lock that is taken here, and owners' locks are only tried.
 */
static unsigned long shrink_count(struct shrinker *shrinker,
				  struct shrink_control *sc)
{
	u64 pages;
	u64 gain = zsm_gain(compat_shrinker_private(shrinker), &pages);

	/* An owner that may forget has no page that it cannot do without. */
	if (zsm_may_evict(compat_shrinker_private(shrinker)))
		gain = max(gain, pages);
	return gain ? gain : SHRINK_EMPTY;
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

	/* Several threads would wait for the same classes' locks, and writers with them. */
	if (!mutex_trylock(&pool->shrink_lock))
		return SHRINK_STOP;
	zsm_compact_retry(pool);
	zsm_compact_some(pool, &effort);
	freed = zsm_effort_end(pool, &effort);
	if (zsm_may_evict(pool) && freed < sc->nr_to_scan)
		freed += zsm_reclaim_some(pool, sc->nr_to_scan - freed);
	mutex_unlock(&pool->shrink_lock);
	return freed;
}

int zsm_shrinker_create(struct zsm_pool *pool)
{
	int err;

	pool->shrinker = compat_shrinker_alloc("zsm", pool);
	if (!pool->shrinker)
		return -ENOMEM;
	pool->shrinker->count_objects = shrink_count;
	pool->shrinker->scan_objects = shrink_scan;
	err = compat_shrinker_register(pool->shrinker, "zsm");
	if (err)
		compat_shrinker_free(pool->shrinker);
	return err;
}

void zsm_shrinker_destroy(struct zsm_pool *pool)
{
	compat_shrinker_free(pool->shrinker);
}
