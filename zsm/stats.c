// SPDX-License-Identifier: GPL-2.0
/* What pools hold and cost. zsmalloc.h declares it. */
#include <linux/export.h>
#include <linux/spinlock.h>

#include "zsm/pool.h"

u64 zsm_allocated_bytes(const struct zsm_pool *pool)
{
	return atomic64_read(&pool->bytes);
}
EXPORT_SYMBOL_GPL(zsm_allocated_bytes);

void zsm_reset_max(struct zsm_pool *pool)
{
	atomic64_set(&pool->max_bytes, atomic64_read(&pool->bytes));
}
EXPORT_SYMBOL_GPL(zsm_reset_max);

void zsm_set_limit(struct zsm_pool *pool, u64 bytes)
{
	WRITE_ONCE(pool->limit, bytes);
}
EXPORT_SYMBOL_GPL(zsm_set_limit);

int zsm_charge_owner(struct zsm_pool *pool, u64 bytes)
{
	u64 limit = READ_ONCE(pool->limit);

	return zsm_try_charge_metadata(pool, bytes, limit ? limit : ZSM_UNLIMITED);
}
EXPORT_SYMBOL_GPL(zsm_charge_owner);

void zsm_uncharge_owner(struct zsm_pool *pool, u64 bytes)
{
	zsm_charge_metadata(pool, -(s64)bytes);
}
EXPORT_SYMBOL_GPL(zsm_uncharge_owner);

void zsm_stats(struct zsm_pool *pool, struct zsm_stats *stats)
{
	unsigned int i;

	*stats = (struct zsm_stats){};
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
