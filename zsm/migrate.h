/* SPDX-License-Identifier: GPL-2.0 */
/* The pages of zspages as the kernel sees them: movable, if the pool may move objects. */
#ifndef ZSM_MIGRATE_H
#define ZSM_MIGRATE_H

#include "zsm/pool.h"

struct page;
struct zsm_buddy_page;

/**
 * zsm_pool_publish() - let pages find their pool
 * @pool: the pool, which may move objects; receives its number
 *
 * Context: may sleep; allocates with GFP_KERNEL.
 * Return: 0 or -ENOMEM.
 */
int zsm_pool_publish(struct zsm_pool *pool);

/**
 * zsm_pool_unpublish() - end what zsm_pool_publish() began
 * @pool: the pool
 *
 * Context: may sleep; waits for migrations that have found the pool.
 */
void zsm_pool_unpublish(struct zsm_pool *pool);

/**
 * zsm_mark_movable() - make a new page one that the kernel may move
 * @page: a page that no zspage has yet, allocated with COMPAT_GFP_MOVABLE
 *
 * Context: any but interrupts; only tries the page's lock, and leaves the page
 *	immovable if another thread holds that.
 */
void zsm_mark_movable(struct page *page);

/**
 * zsm_attach_page() - note on a page where it is
 * @pool: the pool, which may move objects
 * @class: the class of @zspage, locked
 * @zspage: the zspage that the page has become part of
 * @page_idx: which of its pages it is
 *
 * Context: the caller holds @class->lock.
 */
void zsm_attach_page(const struct zsm_pool *pool,
		     const struct zsm_pool_class *class,
		     struct zsm_zspage *zspage, unsigned int page_idx)
	__must_hold(&class->lock);

/**
 * zsm_attach_buddy_page() - note on a page of pairs or triples where it is
 * @pool: the pool, which may move objects
 * @page: the page's descriptor
 *
 * Context: the caller holds the pool's lock.
 */
void zsm_attach_buddy_page(const struct zsm_pool *pool,
			   const struct zsm_buddy_page *page);

/**
 * zsm_detach_released() - take released pages away from the kernel's migration
 * @class: the class, locked
 * @released: the pages, which no object touches any more
 *
 * Context: the caller holds @class->lock.
 */
void zsm_detach_released(const struct zsm_pool_class *class,
			 const struct zsm_released *released)
	__must_hold(&class->lock);

/**
 * zsm_detach_page() - take one page away from the kernel's migration
 * @page: the page
 *
 * Context: the caller holds the lock of the page's class, or no other thread uses the pool.
 */
void zsm_detach_page(struct page *page);

#endif /* ZSM_MIGRATE_H */
