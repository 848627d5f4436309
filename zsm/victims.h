/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Eviction by owners that have to sleep for it, where zsm_ops.evict() may not: the objects
 * of one page are named, given up one after the other, and the page is freed.
 */
#ifndef ZSM_VICTIMS_H
#define ZSM_VICTIMS_H

#include "zsmalloc.h"

struct zsm_buddy_page;

/* Objects of a page of triples. */
#define ZSM_MAX_VICTIMS 3

/**
 * struct zsm_victims - the objects of a page that is being reclaimed
 * @nr: how many there are
 * @owners: their owners' numbers
 * @locs: their locations
 */
struct zsm_victims {
	unsigned int nr;
	u32 owners[ZSM_MAX_VICTIMS];
	struct zsm_loc locs[ZSM_MAX_VICTIMS];
/* private: */
	struct zsm_buddy_page *page;
};

/**
 * zsm_victims_begin() - name the objects of the page that was used least recently
 * @pool: the pool, of pairs or triples
 * @victims: receives them
 *
 * For owners that have to sleep to do without an object. Between the two calls they
 * free those that they can; others may free, map or read them meanwhile. Nothing is
 * allocated on the page, and none of its objects gets another location.
 *
 * A page is used when an object is allocated on it.
 *
 * Context: does not sleep. Several pages may be reclaimed at a time.
 * Return: whether there was a page; never of a pool of classes. If so, the caller
 *	calls zsm_victims_end().
 */
bool zsm_victims_begin(struct zsm_pool *pool, struct zsm_victims *victims);

/**
 * zsm_victims_end() - end what zsm_victims_begin() began
 * @pool: the pool
 * @victims: the objects; some may be left
 *
 * Context: does not sleep.
 * Return: whether the page was freed. One that has objects left is the one used last.
 */
bool zsm_victims_end(struct zsm_pool *pool, struct zsm_victims *victims);

#endif /* ZSM_VICTIMS_H */
