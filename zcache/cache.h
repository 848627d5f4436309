/* SPDX-License-Identifier: GPL-2.0 */
/* A cache's life. */
#ifndef ZCACHE_CACHE_H
#define ZCACHE_CACHE_H

#include "zcache/zcache.h"

/**
 * zcache_create() - make an empty cache
 * @ti: the target; its length is set
 * @args: as its table line has them
 *
 * The caller sets @dev before the first bio comes.
 *
 * Context: may sleep.
 * Return: the cache, or an ERR_PTR of -ENOMEM.
 */
struct zcache *zcache_create(struct dm_target *ti,
			     const struct zcache_args *args);

/**
 * zcache_destroy() - free a cache and all that is in it
 * @zcache: the cache; no bio is under way
 *
 * Context: may sleep.
 */
void zcache_destroy(struct zcache *zcache);

#endif /* ZCACHE_CACHE_H */
