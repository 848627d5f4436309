/* SPDX-License-Identifier: GPL-2.0 */
/* Pools of pairs and of triples: objects are moved together, or evicted. */
#ifndef ZSM_BUDDIES_MOVE_H
#define ZSM_BUDDIES_MOVE_H

#include "zsm/buddy.h"
#include "zsm/effort.h"

/**
 * zsm_buddies_compact() - empty pages into others, as long as that works
 * @pool: the pool, which may move objects
 * @effort: how much to do; receives what was done
 *
 * Context: may sleep. Each move takes the pool's lock for one copy.
 */
void zsm_buddies_compact(struct zsm_pool *pool, struct zsm_effort *effort);

/**
 * zsm_buddies_gain() - as zsm_gain() of a pool of pairs or triples
 * @pool: the pool
 * @in: receives what is in it
 *
 * Context: any; takes no lock.
 * Return: pages.
 */
u64 zsm_buddies_gain(const struct zsm_pool *pool, struct zsm_occupancy *in);

/**
 * zsm_buddies_reclaim() - evict what is on the oldest pages
 * @pool: the pool, whose owner may forget objects
 * @pages: how many are wanted
 *
 * Asks for two or three objects a page. Those that are kept are moved to pages that
 * have a hole; a page that cannot be emptied becomes the newest.
 *
 * Context: may sleep. Takes the pool's lock for the eviction of one page.
 * Return: pages freed.
 */
unsigned long zsm_buddies_reclaim(struct zsm_pool *pool, unsigned long pages);

/**
 * zsm_buddies_release() - end the holding of a page that was to be emptied
 * @pool: the pool
 * @page: the page, which zsm_core_buddies_hold() gave
 *
 * Context: the caller holds the pool's lock, and then calls zsm_buddies_dispose() without.
 * Return: whether the page is empty, and so to be disposed of.
 */
bool zsm_buddies_release(struct zsm_pool *pool, struct zsm_buddy_page *page);

#endif /* ZSM_BUDDIES_MOVE_H */
