/* SPDX-License-Identifier: GPL-2.0 */
/* Pages at hand on each CPU for the next allocation, and how pages are given back. */
#ifndef ZSM_RESERVE_H
#define ZSM_RESERVE_H

#include <linux/local_lock.h>
#include <linux/percpu.h>

#include "zsm/pool.h"

/* Pages at hand on this CPU, for any pool. Taken before a class's lock. */
struct zsm_stash {
	local_lock_t lock;
	struct zsm_reserve reserve;
};

DECLARE_PER_CPU(struct zsm_stash, zsm_stash);

/**
 * zsm_stash_grow() - put one more page in reserve
 * @pool: the pool that will use it; if that may move objects, the page is movable
 * @gfp: how to allocate it
 *
 * The page goes to the reserve of the CPU that the caller runs on at the end.
 *
 * Context: may sleep if @gfp may.
 * Return: 0 or -ENOMEM.
 */
int zsm_stash_grow(const struct zsm_pool *pool, gfp_t gfp);

/**
 * zsm_reserve_fill() - bring one page for a move that needs one
 * @pool: the pool, which may move objects
 * @reserve: receives the page; has room
 *
 * The page is one of this CPU's or, without waiting, of the kernel's; of what the
 * kernel sets aside for those who free memory none is taken.
 *
 * Context: any but interrupts; does not sleep.
 * Return: whether there was one.
 */
bool zsm_reserve_fill(const struct zsm_pool *pool, struct zsm_reserve *reserve);

/**
 * zsm_stash_shrink() - give this CPU's reserve back to the kernel
 *
 * Context: any but interrupts; does not sleep.
 * Return: how many pages that were.
 */
unsigned int zsm_stash_shrink(void);

/**
 * zsm_stash_dead() - give the reserve of a CPU back that is down
 * @cpu: the CPU; nobody uses its reserve
 *
 * Context: any but interrupts; does not sleep.
 * Return: 0.
 */
int zsm_stash_dead(unsigned int cpu);

/**
 * zsm_release_pfn() - put a page in reserve, or free it
 * @pfn: the page, which no object touches
 *
 * Context: any but interrupts; does not sleep. The caller may hold spinlocks.
 */
void zsm_release_pfn(u32 pfn);

/**
 * zsm_free_pfn() - free a page
 * @pfn: the page, which no object touches
 *
 * A page that another thread has locked is freed by a work item, later.
 *
 * Context: any but interrupts; does not sleep. The caller may hold spinlocks.
 */
void zsm_free_pfn(u32 pfn);

/**
 * zsm_free_deferred_wait() - wait until all pages are free that had to wait
 *
 * Context: may sleep.
 */
void zsm_free_deferred_wait(void);

#endif /* ZSM_RESERVE_H */
