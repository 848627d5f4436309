// SPDX-License-Identifier: GPL-2.0
/* The pages of zspages as the kernel sees them: movable, if the pool may move objects. */
#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/rcupdate.h>
#include <linux/xarray.h>

#include "compat.h"
#include "zsm/migrate.h"

/* All pools by number, for a page to find its own. */
static DEFINE_XARRAY(zsm_pools);

/* The number of the newest pool; 0 is none's. */
static atomic_long_t zsm_last_pool;

int zsm_pool_publish(struct zsm_pool *pool)
{
	pool->number = atomic_long_inc_return(&zsm_last_pool);
	return xa_insert(&zsm_pools, pool->number, pool, GFP_KERNEL);
}

void zsm_pool_unpublish(struct zsm_pool *pool)
{
	xa_erase(&zsm_pools, pool->number);
	/* Whoever moves a page may have found the pool. */
	synchronize_rcu();
}

#ifdef COMPAT_HAS_MOVABLE_PAGES

static const struct movable_operations zsm_movable_ops;

/*
 * A page that is part of a zspage has its pool's number for a tag, and in its private
 * number the zspage's id, class, and which of its pages it is. Both change under the
 * class's lock, the private number first, and the tag is read first: who sees a tag sees
 * a private number as new. Without a tag a page is on its way in or out.
 */
#define ZSM_PAGE_IDX_BITS 4
#define ZSM_CLASS_IDX_BITS 8

static_assert(ZSM_MAX_CHAIN <= 1 << ZSM_PAGE_IDX_BITS);
static_assert(ZSM_PAGE_GRANULES <= 1 << ZSM_CLASS_IDX_BITS);

static void zsm_attach_page(const struct zsm_pool *pool,
			    const struct zsm_zspage *zspage,
			    unsigned int page_idx, struct page *page)
{
	WRITE_ONCE(page->private,
		   (unsigned long)zspage->id
				   << (ZSM_PAGE_IDX_BITS + ZSM_CLASS_IDX_BITS) |
			   zspage->class_idx << ZSM_PAGE_IDX_BITS | page_idx);
	compat_page_set_tag(page, pool->number);
}

void zsm_detach_page(struct page *page)
{
	compat_page_set_tag(page, 0);
}

void zsm_mark_movable(struct page *page)
{
	compat_page_set_tag(page, 0);
	/* Nobody else knows it, but somebody may be looking at all pages. */
	if (!trylock_page(page))
		return;
	compat_page_mark(page, &zsm_movable_ops);
	unlock_page(page);
}

/**
 * struct zsm_place - where a page is
 * @pool: its pool
 * @class: its class there, locked
 * @zspage: its zspage
 * @page_idx: which of the zspage's pages it is
 */
struct zsm_place {
	struct zsm_pool *pool;
	struct zsm_pool_class *class;
	struct zsm_zspage *zspage;
	unsigned int page_idx;
};

/*
 * Finds a page's place and locks its class; false if it has none. The caller is in
 * an RCU section, which keeps the pool; the class's lock keeps the rest.
 */
static bool zsm_lock_place(const struct page *page, struct zsm_place *place)
{
	unsigned long tag = compat_page_tag(page);
	unsigned long private = READ_ONCE(page->private);
	unsigned int class_idx = private >> ZSM_PAGE_IDX_BITS &
				 ((1 << ZSM_CLASS_IDX_BITS) - 1);

	place->pool = tag ? xa_load(&zsm_pools, tag) : NULL;
	if (!place->pool || class_idx >= zsm_classes.nr_classes)
		return false;
	place->class = &place->pool->classes[class_idx];
	spin_lock(&place->class->lock);
	if (compat_page_tag(page) != tag ||
	    READ_ONCE(page->private) != private) {
		spin_unlock(&place->class->lock);
		return false;
	}
	place->zspage = zsm_table_entry(&place->pool->table, private >>
					(ZSM_PAGE_IDX_BITS + ZSM_CLASS_IDX_BITS));
	place->page_idx = private & ((1 << ZSM_PAGE_IDX_BITS) - 1);
	VM_WARN_ON_ONCE(*zsm_page_number(place->zspage, place->page_idx) !=
			page_to_pfn(page));
	__release(&place->class->lock);
	return true;
}

/* Ends the freezing of a page's objects from @first to before @end. */
static void zsm_thaw_objs(const struct zsm_place *place, u32 first, u32 end)
{
	const struct zsm_pool *pool = place->pool;
	u32 obj;

	for (obj = first; obj < end; obj++) {
		if (zsm_is_used(place->zspage, obj))
			pool->ops->thaw(pool->priv, zsm_owner(place->zspage, obj),
					zsm_loc_pack(place->zspage->id, obj));
	}
}

/* Freezes all of a page's objects, or none. */
static bool zsm_freeze_objs(const struct zsm_place *place,
			    const struct zsm_page_objs *objs)
{
	const struct zsm_pool *pool = place->pool;
	u32 obj;

	lockdep_assert_held(&place->class->lock);
	if (objs->last - objs->first >= ZSM_MAX_FROZEN)
		return false;
	for (obj = objs->first; obj <= objs->last; obj++) {
		if (!zsm_is_used(place->zspage, obj) ||
		    pool->ops->freeze(pool->priv, zsm_owner(place->zspage, obj),
				      zsm_loc_pack(place->zspage->id, obj)))
			continue;
		zsm_thaw_objs(place, objs->first, obj);
		return false;
	}
	return true;
}

/*
 * Puts one page in the other's place. Readers take no lock of the pool's, so that every
 * object on the page is frozen for the copy.
 */
static bool zsm_replace_page(const struct zsm_place *place, struct page *dst,
			     struct page *src)
{
	struct zsm_page_objs objs = zsm_core_objs_on(place->zspage,
						     place->page_idx);

	if (!zsm_freeze_objs(place, &objs))
		return false;
	copy_page(page_address(dst), page_address(src));
	*zsm_page_number(place->zspage, place->page_idx) = page_to_pfn(dst);
	get_page(dst);
	compat_page_mark(dst, &zsm_movable_ops);
	zsm_attach_page(place->pool, place->zspage, place->page_idx, dst);
	zsm_detach_page(src);
	place->class->nr_migrated++;
	zsm_thaw_objs(place, objs.first, objs.last + 1);
	return true;
}

/* Nothing is held for a page that is isolated: it may even be freed, and used again. */
static bool zsm_isolate_page(struct page *page, isolate_mode_t mode)
{
	return compat_page_tag(page);
}

static void zsm_putback_page(struct page *page)
{
}

/* The kernel has both pages locked. */
static int zsm_migrate_page(struct page *dst, struct page *src,
			    enum migrate_mode mode)
{
	struct zsm_place place;
	bool moved;

	if (page_to_pfn(dst) > ZSM_MAX_PFN)
		return -EINVAL;
	rcu_read_lock();
	moved = zsm_lock_place(src, &place);
	if (moved) {
		__acquire(&place.class->lock);
		moved = zsm_replace_page(&place, dst, src);
		spin_unlock(&place.class->lock);
	}
	rcu_read_unlock();
	if (!moved)
		return -EAGAIN;
	set_page_private(src, 0);
	compat_page_unmark(src);
	put_page(src);
	return MIGRATEPAGE_SUCCESS;
}

static const struct movable_operations zsm_movable_ops = {
	.isolate_page = zsm_isolate_page,
	.migrate_page = zsm_migrate_page,
	.putback_page = zsm_putback_page,
};

#else

static void zsm_attach_page(const struct zsm_pool *pool,
			    const struct zsm_zspage *zspage,
			    unsigned int page_idx, struct page *page)
{
}

void zsm_detach_page(struct page *page)
{
}

void zsm_mark_movable(struct page *page)
{
}

#endif

/* Attaches the page that an allocation took from the reserve. */
void zsm_attach_pfn(const struct zsm_pool *pool,
			   const struct zsm_pool_class *class,
			   const struct zsm_object *object, u32 pfn)
{
	unsigned int page_idx = zsm_page_of(object->zspage, object->obj);

	lockdep_assert_held(&class->lock);
	/* An object needs one page at most: the one it begins in, or the next. */
	if (*zsm_page_number(object->zspage, page_idx) != pfn)
		page_idx++;
	zsm_attach_page(pool, object->zspage, page_idx, pfn_to_page(pfn));
}

void zsm_detach_released(const struct zsm_pool_class *class,
				const struct zsm_released *released)
{
	unsigned int i;

	lockdep_assert_held(&class->lock);
	for (i = 0; i < released->nr; i++)
		zsm_detach_page(pfn_to_page(released->pfn[i]));
}
