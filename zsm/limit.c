// SPDX-License-Identifier: GPL-2.0
/* What pools take, and may take. zsmalloc.h declares it. */
#include <linux/compiler.h>
#include <linux/export.h>

#include "zsm/limit.h"

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
	return zsm_try_charge_metadata(pool, bytes,
				       zsm_limit_for(pool, bytes, __GFP_HIGH));
}
EXPORT_SYMBOL_GPL(zsm_charge_owner);

void zsm_uncharge_owner(struct zsm_pool *pool, u64 bytes)
{
	zsm_charge_metadata(pool, -(s64)bytes);
}
EXPORT_SYMBOL_GPL(zsm_uncharge_owner);
