// SPDX-License-Identifier: GPL-2.0
/* Pages at hand on each CPU for the next allocation, and how pages are given back. */
#define pr_fmt(fmt) "zsm: " fmt

#include <linux/gfp.h>
#include <linux/llist.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/printk.h>
#include <linux/workqueue.h>

#include "compat/migrate.h"
#include "compat/vmstat.h"
#include "compat/workqueue.h"
#include "zsm/migrate.h"
#include "zsm/reserve.h"

DEFINE_PER_CPU(struct zsm_stash, zsm_stash) = {
	.lock = INIT_LOCAL_LOCK(lock),
};

/* Pages to free that another thread had locked, linked by their private numbers. */
static LLIST_HEAD(deferred_free);

static void give_page(struct page *page)
{
	compat_uncount_zspage(page);
	__free_page(page);
}

static void free_locked_page(struct page *page)
{
	compat_page_unmark(page);
	unlock_page(page);
	give_page(page);
}

static void free_deferred(struct work_struct *work)
{
	struct llist_node *node = llist_del_all(&deferred_free);

	while (node) {
		struct page *page = container_of((unsigned long *)node,
						 struct page, private);

		node = node->next;
		set_page_private(page, 0);
		lock_page(page);
		free_locked_page(page);
		cond_resched();
	}
}

static DECLARE_WORK(deferred_free_work, free_deferred);

/*
 * A page that the kernel may move must be locked to end that. The caller may hold
 * spinlocks, so the lock is only tried. The thread that holds it is inspecting the page,
 * or will fail to migrate it.
 */
static void free_or_defer(struct page *page)
{
	static_assert(sizeof(page->private) == sizeof(struct llist_node));

	if (!compat_page_is_marked(page)) {
		give_page(page);
	} else if (trylock_page(page)) {
		free_locked_page(page);
	} else {
		llist_add((struct llist_node *)&page->private, &deferred_free);
		queue_work(compat_unbound_wq, &deferred_free_work);
	}
}

void zsm_free_pfn(u32 pfn)
{
	free_or_defer(pfn_to_page(pfn));
}

/* Puts a page into this CPU's reserve; false if that is full. */
static bool stash_put(u32 pfn)
{
	struct zsm_reserve *reserve;
	bool room;

	local_lock(&zsm_stash.lock);
	reserve = this_cpu_ptr(&zsm_stash.reserve);
	room = reserve->nr < ZSM_RESERVE_PAGES;
	if (room)
		reserve->pfn[reserve->nr++] = pfn;
	local_unlock(&zsm_stash.lock);
	return room;
}

void zsm_release_pfn(u32 pfn)
{
	if (!stash_put(pfn))
		zsm_free_pfn(pfn);
}

/* Makes the page movable if the pool can move what will be on it. */
static struct page *new_page(const struct zsm_pool *pool, gfp_t gfp)
{
	struct page *page = alloc_page(pool->ops ? gfp | COMPAT_GFP_MOVABLE :
						   gfp);

	if (!page)
		return NULL;
	if (page_to_pfn(page) > ZSM_MAX_PFN) {
		pr_warn_once("memory beyond page %#x cannot be used\n",
			     ZSM_MAX_PFN);
		__free_page(page);
		return NULL;
	}
	compat_count_zspage(page);
	if (pool->ops)
		zsm_mark_movable(page);
	return page;
}

int zsm_stash_grow(const struct zsm_pool *pool, gfp_t gfp)
{
	struct page *page = new_page(pool, gfp);

	if (!page)
		return -ENOMEM;
	zsm_release_pfn(page_to_pfn(page));
	return 0;
}

bool zsm_reserve_fill(const struct zsm_pool *pool, struct zsm_reserve *reserve)
{
	struct zsm_reserve *stash;
	struct page *page;

	local_lock(&zsm_stash.lock);
	stash = this_cpu_ptr(&zsm_stash.reserve);
	if (stash->nr)
		reserve->pfn[reserve->nr++] = stash->pfn[--stash->nr];
	local_unlock(&zsm_stash.lock);
	if (reserve->nr)
		return true;
	page = new_page(pool, GFP_NOWAIT | __GFP_NOWARN | __GFP_NOMEMALLOC);
	if (!page)
		return false;
	reserve->pfn[reserve->nr++] = page_to_pfn(page);
	return true;
}

/* Gives this CPU's reserve back; returns how many pages that were. */
unsigned int zsm_stash_shrink(void)
{
	struct zsm_reserve taken;
	unsigned int i;

	local_lock(&zsm_stash.lock);
	taken = *this_cpu_ptr(&zsm_stash.reserve);
	this_cpu_write(zsm_stash.reserve.nr, 0);
	local_unlock(&zsm_stash.lock);
	for (i = 0; i < taken.nr; i++)
		zsm_free_pfn(taken.pfn[i]);
	return taken.nr;
}

int zsm_stash_dead(unsigned int cpu)
{
	struct zsm_reserve *reserve = &per_cpu_ptr(&zsm_stash, cpu)->reserve;

	while (reserve->nr)
		zsm_free_pfn(reserve->pfn[--reserve->nr]);
	return 0;
}

void zsm_free_deferred_wait(void)
{
	flush_work(&deferred_free_work);
}
