/* SPDX-License-Identifier: GPL-2.0 */
/* Compaction for the kernel, which is short of memory. */
#ifndef ZSM_SHRINK_H
#define ZSM_SHRINK_H

struct zsm_pool;

/**
 * zsm_shrinker_create() - let the kernel ask a pool for memory
 * @pool: the pool, which may move objects
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int zsm_shrinker_create(struct zsm_pool *pool);

/**
 * zsm_shrinker_destroy() - end what zsm_shrinker_create() began
 * @pool: the pool
 *
 * Context: may sleep; waits for the shrinker to end.
 */
void zsm_shrinker_destroy(struct zsm_pool *pool);

#endif /* ZSM_SHRINK_H */
