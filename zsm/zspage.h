/* SPDX-License-Identifier: GPL-2.0 */
/* Descriptors of zspages: made, found by their ids, and destroyed. */
#ifndef ZSM_ZSPAGE_H
#define ZSM_ZSPAGE_H

#include "zsm/pool.h"

/**
 * zsm_caches_create() - make the slab caches of descriptors
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int zsm_caches_create(void);

/**
 * zsm_caches_destroy() - destroy the slab caches
 *
 * Context: may sleep; no descriptor is left.
 */
void zsm_caches_destroy(void);

/**
 * zsm_table_insert() - give a descriptor an id
 * @pool: the pool
 * @entry: the descriptor; receives its @id
 * @gfp: how to allocate what the table may need
 * @limit: what the pool's bytes may come to
 *
 * Context: may sleep if @gfp may; takes @pool->table_lock.
 * Return: 0, -ENOMEM, -EDQUOT beyond the limit, or -ENOSPC if there is no id left.
 */
int zsm_table_insert(struct zsm_pool *pool, struct zsm_zspage *entry, gfp_t gfp,
		     u64 limit);

/**
 * zsm_zspage_create() - make a descriptor and give it an id
 * @pool: the pool
 * @class_idx: the class
 * @gfp: how to allocate
 * @limit: what the pool's bytes may come to; ZSM_UNLIMITED: anything
 *
 * Context: may sleep if @gfp may; takes @pool->table_lock.
 * Return: the zspage, the caller's until an allocation consumes it, or
 *	ERR_PTR(-ENOMEM), or ERR_PTR(-ENOSPC) if there is no id left.
 */
struct zsm_zspage *zsm_zspage_create(struct zsm_pool *pool,
				     unsigned int class_idx, gfp_t gfp,
				     u64 limit);

/**
 * zsm_zspage_destroy() - take a zspage's id back and free its descriptor
 * @pool: the pool
 * @zspage: the zspage; it has no object, or never had one
 *
 * Context: does not sleep; takes @pool->table_lock.
 */
void zsm_zspage_destroy(struct zsm_pool *pool, struct zsm_zspage *zspage);

/**
 * zsm_zspage_reclaim() - free a zspage with all that is in it
 * @zspage: the zspage of a pool that is being destroyed
 *
 * Context: does not sleep; no other thread uses the pool.
 */
void zsm_zspage_reclaim(struct zsm_zspage *zspage);

/**
 * zsm_dispose_slow() - zsm_dispose() of what is not nothing
 * @pool: the pool
 * @zspage: the zspage
 * @released: what it has released
 *
 * Context: as zsm_dispose().
 */
void zsm_dispose_slow(struct zsm_pool *pool, struct zsm_zspage *zspage,
		      const struct zsm_released *released);

/**
 * zsm_dispose() - give back what a free or a move has released
 * @pool: the pool
 * @zspage: the zspage that the object was in; gone afterwards if it was its last
 * @released: what it has released
 *
 * Context: does not sleep. The caller holds no lock of the pool's.
 */
static inline void zsm_dispose(struct zsm_pool *pool, struct zsm_zspage *zspage,
			       const struct zsm_released *released)
{
	if (released->nr || released->state == ZSM_FREED_LAST)
		zsm_dispose_slow(pool, zspage, released);
}

#endif /* ZSM_ZSPAGE_H */
