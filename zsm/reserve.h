/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The pages that an operation has in hand before it takes a class's lock, and how pages
 * are given back. Nothing stays in hand when the operation is done: what the kernel wants
 * to move, to take offline or never to use again is in a zspage or is the kernel's own.
 */
#ifndef ZSM_RESERVE_H
#define ZSM_RESERVE_H

#include "zsm/pool.h"

/**
 * zsm_reserve_fill() - have one more page in hand
 * @pool: the pool that will use it; if that may move objects, the page is movable
 * @reserve: receives the page; has room
 * @gfp: how to allocate it
 *
 * Context: may sleep if @gfp may.
 * Return: 0 or -ENOMEM.
 */
int zsm_reserve_fill(const struct zsm_pool *pool, struct zsm_reserve *reserve,
		     gfp_t gfp);

/**
 * zsm_reserve_drop() - give back what is left in hand
 * @reserve: the pages; empty afterwards
 *
 * Context: any but interrupts; does not sleep. The caller may hold spinlocks.
 */
void zsm_reserve_drop(struct zsm_reserve *reserve);

/**
 * zsm_reserve_keep() - keep a page in hand that no object touches any more
 * @reserve: the pages in hand
 * @pfn: the page
 *
 * A page on which the kernel has seen an error is not kept.
 *
 * Context: any.
 * Return: whether it is kept; if not, it is the caller's.
 */
bool zsm_reserve_keep(struct zsm_reserve *reserve, u32 pfn);

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
