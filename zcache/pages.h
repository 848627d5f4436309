/* SPDX-License-Identifier: GPL-2.0 */
/* Tables whose pages are made when they are first needed. */
#ifndef ZCACHE_PAGES_H
#define ZCACHE_PAGES_H

#include <linux/atomic.h>
#include <linux/types.h>

/**
 * struct zcache_pages - a table
 * @nr: how many pages it may have
 * @pages: those that it has
 * @bytes: where what it takes is added
 */
struct zcache_pages {
	u32 nr;
	void **pages;
	atomic64_t *bytes;
};

/**
 * zcache_pages_create() - make a table without pages
 * @table: receives it, and stays all zero without memory
 * @nr: how many it may have
 * @bytes: where what it takes is added
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int zcache_pages_create(struct zcache_pages *table, u32 nr, atomic64_t *bytes);

/**
 * zcache_pages_destroy() - free a table, and its pages
 * @table: the table; nobody uses it any more. May be all zero.
 *
 * Context: may sleep.
 */
void zcache_pages_destroy(struct zcache_pages *table);

/* A page of the table, or NULL if it has not been made. Any context. */
static inline void *zcache_page(const struct zcache_pages *table, u32 i)
{
	/* Pairs with the cmpxchg() in zcache_page_make(): the page is zeroed. */
	return smp_load_acquire(&table->pages[i]);
}

/**
 * zcache_page_make() - a page of the table, made if there is none
 * @table: the table
 * @i: which
 *
 * Context: does not sleep; allocates with ZCACHE_GFP.
 * Return: the page, zeroed when it was made; NULL if there is no memory.
 */
void *zcache_page_make(struct zcache_pages *table, u32 i);

#endif /* ZCACHE_PAGES_H */
