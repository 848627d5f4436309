/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Pools of pairs and of triples: objects come and go. What is declared here does for
 * such a pool what zsmalloc.h says of the call of the same name.
 */
#ifndef ZSM_BUDDIES_H
#define ZSM_BUDDIES_H

#include "zsm/buddy.h"

/**
 * zsm_buddies_cache_create() - make the slab cache of descriptors
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int zsm_buddies_cache_create(void);

/**
 * zsm_buddies_cache_destroy() - destroy the slab cache
 *
 * Context: may sleep; no descriptor is left.
 */
void zsm_buddies_cache_destroy(void);

/**
 * zsm_buddies_init() - make a pool one of pairs or triples
 * @pool: the pool; receives @buddies
 * @kind: ZSM_PAIRS or ZSM_TRIPLES
 *
 * Context: may sleep; allocates with GFP_KERNEL.
 * Return: 0 or -ENOMEM.
 */
int zsm_buddies_init(struct zsm_pool *pool, enum zsm_kind kind);

/**
 * zsm_buddies_exit() - free all that is left in a pool that is being destroyed
 * @pool: the pool
 *
 * Context: may sleep; nobody else uses the pool.
 * Return: how many objects were left.
 */
unsigned int zsm_buddies_exit(struct zsm_pool *pool);

int zsm_buddies_alloc(struct zsm_pool *pool, size_t size, gfp_t gfp,
		      u64 limit, u32 owner, struct zsm_loc *loc);
void zsm_buddies_free(struct zsm_pool *pool, struct zsm_loc loc);

/**
 * zsm_buddies_resize() - change an object's size where it is
 * @pool: the pool
 * @loc: the location
 * @size: bytes, 1 to PAGE_SIZE
 *
 * Context: as zsm_free(); the owner keeps the object from being used.
 * Return: whether it could.
 */
bool zsm_buddies_resize(struct zsm_pool *pool, struct zsm_loc loc, size_t size);

/**
 * zsm_buddies_stats() - add what a pool of pairs or triples holds
 * @pool: the pool
 * @stats: receives what struct zsm_buddy_pool knows
 *
 * Context: takes the pool's lock; does not sleep.
 */
void zsm_buddies_stats(struct zsm_pool *pool, struct zsm_stats *stats);

/**
 * zsm_buddies_dispose() - free a page that has lost its last object
 * @pool: the pool
 * @page: the page, which is not in the pool any more; gone afterwards
 *
 * Context: does not sleep. The caller does not hold the pool's lock.
 */
void zsm_buddies_dispose(struct zsm_pool *pool, struct zsm_buddy_page *page);

#endif /* ZSM_BUDDIES_H */
