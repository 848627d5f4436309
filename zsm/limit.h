/* SPDX-License-Identifier: GPL-2.0 */
/* What pools take of the machine's memory, and how far they may go: zsm_set_limit(). */
#ifndef ZSM_LIMIT_H
#define ZSM_LIMIT_H

#include <linux/atomic.h>
#include <linux/errno.h>
#include <linux/gfp_types.h>
#include <linux/limits.h>
#include <linux/minmax.h>

#include "zsm/pool.h"

static inline void zsm_note_max(struct zsm_pool *pool, s64 now)
{
	s64 max = atomic64_read(&pool->max_bytes);

	while (now > max &&
	       !atomic64_try_cmpxchg(&pool->max_bytes, &max, now))
		;
}

/* Counts memory that is taken, or given back, whatever the limit. */
static inline void zsm_charge(struct zsm_pool *pool, s64 bytes)
{
	zsm_note_max(pool, atomic64_add_return(bytes, &pool->bytes));
}

/* What a pool's bytes may come to where nothing limits them. */
#define ZSM_UNLIMITED U64_MAX

/*
 * What the pool's bytes may come to by the allocation of an object: see zsm_set_limit().
 * Any context.
 */
static inline u64 zsm_limit_for(const struct zsm_pool *pool, size_t size,
				gfp_t gfp)
{
	u64 limit = READ_ONCE(pool->limit);
	u64 kept;

	if (!limit)
		return ZSM_UNLIMITED;
	if (gfp & __GFP_HIGH)
		return limit;
	kept = min(limit / ZSM_KEPT_SHARE, ZSM_KEPT_MAX);
	return limit - (size < PAGE_SIZE ? kept / ZSM_KEPT_URGENT : kept);
}

/* Counts memory before it is taken. Returns -EDQUOT beyond @limit. Any context. */
static inline int zsm_try_charge(struct zsm_pool *pool, u64 bytes, u64 limit)
{
	s64 now = atomic64_read(&pool->bytes);

	do {
		if (now + bytes > limit)
			return -EDQUOT;
	} while (!atomic64_try_cmpxchg(&pool->bytes, &now, now + bytes));
	zsm_note_max(pool, now + bytes);
	return 0;
}

static inline void zsm_charge_metadata(struct zsm_pool *pool, s64 bytes)
{
	atomic64_add(bytes, &pool->metadata_bytes);
	zsm_charge(pool, bytes);
}

static inline int zsm_try_charge_metadata(struct zsm_pool *pool, u64 bytes,
					  u64 limit)
{
	int err = zsm_try_charge(pool, bytes, limit);

	if (!err)
		atomic64_add(bytes, &pool->metadata_bytes);
	return err;
}

#endif /* ZSM_LIMIT_H */
