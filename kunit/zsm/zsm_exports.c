// SPDX-License-Identifier: GPL-2.0
/* Part of zsm.ko in a build for the suites: what they look at in it. */
#include <linux/export.h>

#include "kunit/zsm/zsm_exports.h"
#include "zsm/pool.h"

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
