// SPDX-License-Identifier: GPL-2.0
/* What pools hold and cost: zsm/statistics.h declares it. */
#include <linux/export.h>
#include <linux/spinlock.h>

#include "zsm/buddies.h"
#include "zsm/pool.h"

static void classes_stats(struct zsm_pool *pool, struct zsm_stats *stats)
{
	unsigned int i;

	for (i = 0; i < zsm_classes.nr_classes; i++) {
		struct zsm_pool_class *class = &pool->classes[i];

		spin_lock(&class->lock);
		stats->pages += class->core.nr_pages;
		stats->zspages += class->core.nr_zspages;
		stats->objects += class->core.nr_used;
		stats->object_bytes +=
			class->core.nr_used * zsm_classes.rows[i].size;
		stats->pages_migrated += class->nr_migrated;
		spin_unlock(&class->lock);
	}
}

void zsm_stats(struct zsm_pool *pool, struct zsm_stats *stats)
{
	*stats = (struct zsm_stats){};
	if (pool->buddies)
		zsm_buddies_stats(pool, stats);
	else
		classes_stats(pool, stats);
	stats->metadata_bytes = atomic64_read(&pool->metadata_bytes);
	stats->allocated_bytes = atomic64_read(&pool->bytes);
	stats->max_allocated_bytes = atomic64_read(&pool->max_bytes);
	stats->pages_compacted = atomic64_read(&pool->pages_compacted);
}
EXPORT_SYMBOL_GPL(zsm_stats);

size_t zsm_huge_size(void)
{
	return zsm_classes.rows[zsm_classes.nr_classes - 2].size + 1;
}
EXPORT_SYMBOL_GPL(zsm_huge_size);

unsigned int zsm_size_class(size_t size)
{
	return zsm_class_of(size);
}
EXPORT_SYMBOL_GPL(zsm_size_class);
