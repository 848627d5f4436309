/* SPDX-License-Identifier: GPL-2.0 */
/* Eviction: frees pages by asking owners to do without what is on them. */
#ifndef ZSM_RECLAIM_H
#define ZSM_RECLAIM_H

#include "zsm/pool.h"

/* Whether an owner may forget what it has in the pool. */
static inline bool zsm_may_evict(const struct zsm_pool *pool)
{
	return pool->ops && pool->ops->evict;
}

/**
 * zsm_reclaim_some() - zsm_reclaim() for a caller that has the lock already
 * @pool: the pool; it may evict
 * @pages: how many pages are wanted
 *
 * Context: may sleep. The caller holds @pool->shrink_lock.
 * Return: pages freed.
 */
unsigned long zsm_reclaim_some(struct zsm_pool *pool, unsigned long pages);

#endif /* ZSM_RECLAIM_H */
