// SPDX-License-Identifier: GPL-2.0
/* Pages in hand for an operation, and how pages are given back. */
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
#include "zsm/frame.h"
#include "zsm/migrate.h"
#include "zsm/reserve.h"

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
	free_or_defer(zsm_frame_page(pfn));
}

/*
 * A page, and the number that descriptors keep of it, movable if the pool can move what
 * will be on it. NULL without memory, or with memory that cannot be used.
 */
static struct page *new_page(const struct zsm_pool *pool, gfp_t gfp, u32 *number)
{
	struct page *page = alloc_page(pool->ops ? gfp | COMPAT_GFP_MOVABLE :
						   gfp);

	if (!page)
		return NULL;
	if (!zsm_frame_number(page, number)) {
		pr_warn_once("memory at page %#lx cannot be used\n",
			     page_to_pfn(page));
		__free_page(page);
		return NULL;
	}
	compat_count_zspage(page);
	if (pool->ops)
		zsm_mark_movable(page);
	return page;
}

int zsm_reserve_fill(const struct zsm_pool *pool, struct zsm_reserve *reserve,
		     gfp_t gfp)
{
	u32 number;

	if (!new_page(pool, gfp, &number))
		return -ENOMEM;
	reserve->pfn[reserve->nr++] = number;
	return 0;
}

void zsm_reserve_drop(struct zsm_reserve *reserve)
{
	while (reserve->nr)
		zsm_free_pfn(reserve->pfn[--reserve->nr]);
}

bool zsm_reserve_keep(struct zsm_reserve *reserve, u32 pfn)
{
	if (reserve->nr == ZSM_RESERVE_PAGES || PageHWPoison(zsm_frame_page(pfn)))
		return false;
	reserve->pfn[reserve->nr++] = pfn;
	return true;
}

void zsm_free_deferred_wait(void)
{
	flush_work(&deferred_free_work);
}
