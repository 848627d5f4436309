// SPDX-License-Identifier: GPL-2.0
/*
 * Pools of pairs and of triples: objects come and go.
 *
 * One lock a pool. An allocation first looks under it for a page that has room; only if
 * there is none does it get a descriptor and a page, and looks again.
 */
#include <linux/bug.h>
#include <linux/err.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "zsm/buddies.h"
#include "zsm/limit.h"
#include "zsm/migrate.h"
#include "zsm/reserve.h"
#include "zsm/zspage.h"

/* Owners that an allocation asks to let an object slide, before it takes a page. */
#define SLIDE_TRIES 4

/* One table serves zspages and these pages: it knows of both no more than the id. */
static_assert(offsetof(struct zsm_buddy_page, id) ==
	      offsetof(struct zsm_zspage, id));

static struct kmem_cache *cache __ro_after_init;

int __init zsm_buddies_cache_create(void)
{
	/* kmemleak does not see the table that points to them. */
	cache = kmem_cache_create("zsm_buddy_page",
				  sizeof(struct zsm_buddy_page),
				  sizeof(struct zsm_buddy_page),
				  SLAB_NOLEAKTRACE, NULL);
	return cache ? 0 : -ENOMEM;
}

void zsm_buddies_cache_destroy(void)
{
	kmem_cache_destroy(cache);
}

/* ---- Pages -------------------------------------------------------------- */

static struct zsm_zspage *as_entry(struct zsm_buddy_page *page)
{
	return (struct zsm_zspage *)page;
}

/* Makes a descriptor and gives it an id. */
static struct zsm_buddy_page *page_create(struct zsm_pool *pool, gfp_t gfp,
					  u64 limit)
{
	struct zsm_buddy_page *page;
	int err = zsm_try_charge_metadata(pool, sizeof(*page), limit);

	if (err)
		return ERR_PTR(err);
	err = -ENOMEM;
	page = kmem_cache_alloc(cache, gfp);
	if (!page)
		goto err_charge;
	/* A wrong free may find it from now on, and finds no object. */
	page->used = 0;
	err = zsm_table_insert(pool, as_entry(page), gfp, limit);
	if (err)
		goto err_free;
	return page;

err_free:
	kmem_cache_free(cache, page);
err_charge:
	zsm_charge_metadata(pool, -(s64)sizeof(*page));
	return ERR_PTR(err);
}

static void page_destroy(struct zsm_pool *pool, struct zsm_buddy_page *page)
{
	spin_lock(&pool->table_lock);
	zsm_core_table_remove(&pool->table, as_entry(page));
	spin_unlock(&pool->table_lock);
	kmem_cache_free(cache, page);
	zsm_charge_metadata(pool, -(s64)sizeof(*page));
}

void zsm_buddies_dispose(struct zsm_pool *pool, struct zsm_buddy_page *page)
{
	zsm_free_pfn(page->pfn);
	zsm_charge(pool, -(s64)PAGE_SIZE);
	page_destroy(pool, page);
}

/* ---- Allocation --------------------------------------------------------- */

/*
 * Slides an object and makes the new one in the hole. The order of locks is the owner's,
 * then the pool's: with the pool's held, the owner's may only be tried.
 */
static bool slide_and_place(struct zsm_pool *pool, const struct zsm_placing *p,
			    u32 owner)
{
	struct zsm_buddy_pool *buddies = pool->buddies;
	u32 slid_owner = p->page->owners[p->slid];
	struct zsm_loc loc = zsm_buddies_loc(buddies, p->page, p->slid);

	lockdep_assert_held(&buddies->lock);
	if (!pool->ops->freeze(pool->priv, slid_owner, loc))
		return false;
	memmove(zsm_frame_addr(p->page->pfn) + (p->slid_to << ZSM_GRANULE_SHIFT),
		zsm_buddies_addr(p->page, p->slid),
		zsm_buddy_size(p->page, p->slid));
	zsm_core_buddies_place(&buddies->core, p, owner);
	buddies->nr_slid++;
	pool->ops->thaw(pool->priv, slid_owner, loc);
	return true;
}

/* Makes an object on a page that is there; false if a fresh one is needed. */
static bool place(struct zsm_pool *pool, u32 granules, u32 owner,
		  struct zsm_placing *p)
{
	struct zsm_buddy_pool *buddies = pool->buddies;
	const struct zsm_buddy_page *refused = NULL;
	unsigned int tries;

	lockdep_assert_held(&buddies->lock);
	for (tries = 0; tries < SLIDE_TRIES; tries++) {
		if (!zsm_core_buddies_pick(&buddies->core, granules, refused, p))
			return false;
		if (!p->slides) {
			zsm_core_buddies_place(&buddies->core, p, owner);
			return true;
		}
		if (slide_and_place(pool, p, owner))
			return true;
		refused = p->page;
	}
	return false;
}

/* Makes an object on a page of its own. */
static void place_fresh(struct zsm_pool *pool, struct zsm_buddy_page *fresh,
			u32 granules, u32 owner, struct zsm_placing *p)
{
	lockdep_assert_held(&pool->buddies->lock);
	p->page = fresh;
	p->which = zsm_core_buddies_add(&pool->buddies->core, fresh, granules,
					owner);
	if (pool->ops)
		zsm_attach_buddy_page(pool, fresh);
}

/*
 * There was no page with room. With a page and a descriptor in hand, looks again, and
 * uses them if there still is none.
 */
static int alloc_slow(struct zsm_pool *pool, u32 granules, gfp_t gfp,
		      u64 limit, u32 owner, struct zsm_placing *p)
{
	struct zsm_buddy_pool *buddies = pool->buddies;
	struct zsm_reserve reserve = {};
	struct zsm_buddy_page *fresh;
	int err = zsm_try_charge(pool, PAGE_SIZE, limit);

	if (err)
		return err;
	err = zsm_reserve_fill(pool, &reserve, gfp);
	if (err)
		goto err_charge;
	fresh = page_create(pool, gfp, limit);
	if (IS_ERR(fresh)) {
		err = PTR_ERR(fresh);
		goto err_reserve;
	}

	fresh->pfn = reserve.pfn[0];
	spin_lock(&buddies->lock);
	if (!place(pool, granules, owner, p))
		place_fresh(pool, fresh, granules, owner, p);
	spin_unlock(&buddies->lock);
	if (p->page == fresh) {
		zsm_tend(pool);
		return 0;
	}
	page_destroy(pool, fresh);
err_reserve:
	zsm_reserve_drop(&reserve);
err_charge:
	zsm_charge(pool, -(s64)PAGE_SIZE);
	return err;
}

int zsm_buddies_alloc(struct zsm_pool *pool, size_t size, gfp_t gfp,
		      u64 limit, u32 owner, struct zsm_loc *loc)
{
	struct zsm_buddy_pool *buddies = pool->buddies;
	u32 granules = zsm_granules(size);
	struct zsm_placing p;
	bool placed;
	int err = 0;

	spin_lock(&buddies->lock);
	placed = place(pool, granules, owner, &p);
	spin_unlock(&buddies->lock);
	if (!placed)
		err = alloc_slow(pool, granules, gfp, limit, owner, &p);
	if (!err)
		*loc = zsm_buddies_loc(buddies, p.page, p.which);
	return err;
}

/* ---- Free, and change of size ------------------------------------------- */

/* The page of a location, or NULL, with a warning, if it can be none of the pool's. */
static struct zsm_buddy_page *page_to_free(const struct zsm_pool *pool,
					   struct zsm_loc loc)
{
	struct zsm_buddy_page *page;

	if (WARN_ONCE(!zsm_buddy_loc_is_of(loc, pool->buddies->loc_base),
		      "zsm: free of %#llx: of another pool or kind\n", loc.value))
		return NULL;
	if (WARN_ONCE(zsm_buddy_loc_id(loc) >= READ_ONCE(pool->table.nr_ids),
		      "zsm: free of %#llx: no such page\n", loc.value))
		return NULL;
	page = zsm_buddies_page_at(pool, loc);
	if (WARN_ONCE(!zsm_table_is_zspage(as_entry(page)),
		      "zsm: free of %#llx: freed before\n", loc.value))
		return NULL;
	return page;
}

void zsm_buddies_free(struct zsm_pool *pool, struct zsm_loc loc)
{
	struct zsm_buddy_pool *buddies = pool->buddies;
	struct zsm_buddy_page *page = page_to_free(pool, loc);
	enum zsm_buddy_outcome outcome;

	if (!page)
		return;
	spin_lock(&buddies->lock);
	outcome = zsm_core_buddies_free(&buddies->core, page,
					zsm_buddy_loc_which(loc));
	if (outcome == ZSM_BUDDY_FREED_PAGE)
		zsm_detach_page(zsm_frame_page(page->pfn));
	spin_unlock(&buddies->lock);

	if (WARN_ONCE(outcome == ZSM_BUDDY_NOT_ALLOCATED,
		      "zsm: free of %#llx: not allocated\n", loc.value))
		return;
	if (outcome == ZSM_BUDDY_FREED_PAGE)
		zsm_buddies_dispose(pool, page);
	zsm_tend(pool);
}

bool zsm_buddies_resize(struct zsm_pool *pool, struct zsm_loc loc, size_t size)
{
	struct zsm_buddy_pool *buddies = pool->buddies;
	bool resized;

	spin_lock(&buddies->lock);
	resized = zsm_core_buddies_resize(&buddies->core,
					  zsm_buddies_page_at(pool, loc),
					  zsm_buddy_loc_which(loc),
					  zsm_granules(size));
	spin_unlock(&buddies->lock);
	return resized;
}

/* ---- The pool ----------------------------------------------------------- */

void zsm_buddies_stats(struct zsm_pool *pool, struct zsm_stats *stats)
{
	struct zsm_buddy_pool *buddies = pool->buddies;

	spin_lock(&buddies->lock);
	stats->pages = buddies->core.nr_pages;
	stats->zspages = buddies->core.nr_pages;
	stats->objects = buddies->core.nr_used;
	stats->object_bytes = buddies->core.nr_granules << ZSM_GRANULE_SHIFT;
	stats->pages_migrated = buddies->nr_migrated;
	spin_unlock(&buddies->lock);
}

int zsm_buddies_init(struct zsm_pool *pool, enum zsm_kind kind)
{
	/* Tells the locations of pools made one after the other apart. */
	static atomic_t last_tag;
	struct zsm_buddy_pool *buddies = kzalloc(sizeof(*buddies), GFP_KERNEL);

	if (!buddies)
		return -ENOMEM;
	spin_lock_init(&buddies->lock);
	buddies->core.per_page = kind == ZSM_PAIRS ? 2 : 3;
	buddies->core.slides = !!pool->ops;
	buddies->loc_base = zsm_buddy_loc_base(buddies->core.per_page,
					       atomic_inc_return(&last_tag));
	pool->buddies = buddies;
	zsm_charge_metadata(pool, sizeof(*buddies));
	return 0;
}

unsigned int zsm_buddies_exit(struct zsm_pool *pool)
{
	unsigned int left = 0;
	u32 id;

	for (id = 0; id < pool->table.nr_ids; id++) {
		struct zsm_buddy_page *page = zsm_buddies_entry(pool, id);

		if (!zsm_table_is_zspage(as_entry(page)))
			continue;
		left += hweight8(page->used);
		zsm_detach_page(zsm_frame_page(page->pfn));
		zsm_free_pfn(page->pfn);
		kmem_cache_free(cache, page);
		cond_resched();
	}
	kfree(pool->buddies);
	return left;
}
