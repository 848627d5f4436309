/* SPDX-License-Identifier: GPL-2.0 */
/* The bytes of objects: copied, or mapped where they are. */
#ifndef ZSM_ACCESS_H
#define ZSM_ACCESS_H

#include "zsm/buddy.h"

/**
 * zsm_gather_create() - make each CPU's buffer for mapped objects
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int zsm_gather_create(void);

/**
 * zsm_gather_destroy() - free the buffers
 *
 * Context: nothing is mapped.
 */
void zsm_gather_destroy(void);

/**
 * zsm_copy() - copy between objects
 * @dst: where to; may cross pages
 * @src: where from; may cross pages
 * @len: bytes
 *
 * Context: any. Nobody else uses either object.
 */
void zsm_copy(const struct zsm_extent *dst, const struct zsm_extent *src,
	      u32 len);

/**
 * zsm_find() - where an object's first bytes are
 * @pool: the pool
 * @loc: the location
 * @len: bytes, 1 to the size of the object's class
 *
 * Context: any. The owner keeps the object from being freed and moved.
 * Return: the extent.
 */
static inline struct zsm_extent zsm_find(const struct zsm_pool *pool, struct zsm_loc loc,
					 u32 len)
{
	if (unlikely(pool->buddies))
		return zsm_buddies_find(pool, loc);
	return zsm_extent(zsm_zspage_at(pool, loc), zsm_loc_obj(loc), len);
}

#endif /* ZSM_ACCESS_H */
