/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The ground that the parts of pools of pairs and triples share: what such a pool has in
 * place of classes, and how its objects are found and frozen.
 */
#ifndef ZSM_BUDDY_H
#define ZSM_BUDDY_H

#include "core/kinds/buddies.h"
#include "zsm/frame.h"
#include "zsm/pool.h"

/**
 * struct zsm_buddy_pool - what a pool of pairs or triples has in place of classes
 * @lock: guards the rest but for @loc_base, and the descriptors of the pool's pages
 * @core: what the core knows of it
 * @loc_base: what all locations of the pool have in common; does not change
 * @nr_slid: objects that were slid to make room
 * @nr_moved: objects that were moved to another page
 * @nr_migrated: pages that the kernel has moved
 */
struct zsm_buddy_pool {
	spinlock_t lock;
	struct zsm_buddies core __guarded_by(&lock);
	u64 loc_base;
	u64 nr_slid __guarded_by(&lock);
	u64 nr_moved __guarded_by(&lock);
	u64 nr_migrated __guarded_by(&lock);
};

/**
 * zsm_buddies_freeze() - freeze all objects of a page, or none
 * @pool: the pool, which may move objects
 * @page: the page
 *
 * Context: the caller holds the pool's lock, and calls zsm_buddies_thaw() under it.
 * Return: whether it could.
 */
bool zsm_buddies_freeze(struct zsm_pool *pool, struct zsm_buddy_page *page);

/**
 * zsm_buddies_thaw() - end what zsm_buddies_freeze() began
 * @pool: the pool
 * @page: the page
 *
 * Context: the caller holds the pool's lock.
 */
void zsm_buddies_thaw(struct zsm_pool *pool, struct zsm_buddy_page *page);

/* The page at an id, or an odd number if that was given back. */
static inline struct zsm_buddy_page *
zsm_buddies_entry(const struct zsm_pool *pool, u32 id)
{
	return (struct zsm_buddy_page *)zsm_table_entry(&pool->table, id);
}

/* The page of an object whose owner keeps it from being freed. */
static inline struct zsm_buddy_page *
zsm_buddies_page_at(const struct zsm_pool *pool, struct zsm_loc loc)
{
	return zsm_buddies_entry(pool, zsm_buddy_loc_id(loc));
}

/* The first byte of an object. */
static inline void *zsm_buddies_addr(const struct zsm_buddy_page *page,
				     u32 which)
{
	return zsm_frame_addr(page->pfn) + zsm_buddy_offset(page, which);
}

/* As zsm_find(). */
static inline struct zsm_extent
zsm_buddies_find(const struct zsm_pool *pool, struct zsm_loc loc)
{
	const struct zsm_buddy_page *page = zsm_buddies_page_at(pool, loc);

	return (struct zsm_extent){
		.pfn = { page->pfn },
		.offset = zsm_buddy_offset(page, zsm_buddy_loc_which(loc)),
	};
}

/* Who an object belongs to, and how many bytes it has room for. */
static inline u32 zsm_buddies_owner(const struct zsm_pool *pool, struct zsm_loc loc,
				    u32 *size)
{
	const struct zsm_buddy_page *page = zsm_buddies_page_at(pool, loc);
	u32 which = zsm_buddy_loc_which(loc);

	*size = zsm_buddy_size(page, which);
	return page->owners[which];
}

/* An object's location. */
static inline struct zsm_loc
zsm_buddies_loc(const struct zsm_buddy_pool *buddies,
		const struct zsm_buddy_page *page, u32 which)
{
	return zsm_buddy_loc_pack(buddies->loc_base, page->id, which);
}

#endif /* ZSM_BUDDY_H */
