/* SPDX-License-Identifier: GPL-2.0 */
/* What a pool tells of itself. A part of zsmalloc.h. */
#ifndef ZSM_STATISTICS_H
#define ZSM_STATISTICS_H

#include <linux/types.h>

struct zsm_pool;

/**
 * struct zsm_stats - what a pool holds and costs
 * @allocated_bytes: all the memory the pool takes: @pages, descriptors and
 *	the table of zspages
 * @max_allocated_bytes: the most that @allocated_bytes has been
 * @metadata_bytes: the part of @allocated_bytes that is not payload pages
 * @pages: payload pages
 * @zspages: zspages with at least one object; in pairs and triples, @pages
 * @objects: objects allocated
 * @object_bytes: sum of the sizes of their classes, or of their sizes rounded up to
 *	granules; what @pages exceed this by is fragmentation
 * @pages_compacted: pages that moving objects has freed
 * @pages_migrated: pages that the kernel has moved elsewhere
 */
struct zsm_stats {
	u64 allocated_bytes;
	u64 max_allocated_bytes;
	u64 metadata_bytes;
	u64 pages;
	u64 zspages;
	u64 objects;
	u64 object_bytes;
	u64 pages_compacted;
	u64 pages_migrated;
};

/**
 * zsm_allocated_bytes() - all the memory a pool takes
 * @pool: the pool
 *
 * One atomic read: for limits that are checked at every allocation.
 * Context: any.
 * Return: bytes, as in struct zsm_stats.
 */
u64 zsm_allocated_bytes(const struct zsm_pool *pool);

/**
 * zsm_stats() - a pool's statistics
 * @pool: the pool
 * @stats: receives them; each number is right, though not all at one instant
 *
 * Context: takes each class's lock in turn; does not sleep.
 */
void zsm_stats(struct zsm_pool *pool, struct zsm_stats *stats);

#endif /* ZSM_STATISTICS_H */
