// SPDX-License-Identifier: GPL-2.0
/*
 * The allocator as everybody builds it, and what the suites look at in it besides
 * what it exports anyway.
 */
#include "zsmalloc.c"
#include "kunit/zsm/zsm_exports.h"

EXPORT_SYMBOL_GPL(zsm_classes);

struct shrinker *zsm_shrinker_of(struct zsm_pool *pool)
{
	return pool->shrinker;
}
EXPORT_SYMBOL_GPL(zsm_shrinker_of);

struct delayed_work *zsm_work_of(struct zsm_pool *pool)
{
	return &pool->work;
}
EXPORT_SYMBOL_GPL(zsm_work_of);

unsigned int zsm_reserve_of(unsigned int cpu)
{
	return per_cpu(zsm_stash.reserve.nr, cpu);
}
EXPORT_SYMBOL_GPL(zsm_reserve_of);
