// SPDX-License-Identifier: GPL-2.0
/* The pages of zspages as the kernel sees them: movable, if the pool may move objects. */
#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/rcupdate.h>
#include <linux/xarray.h>

#include "compat/migrate.h"
#include "compat/vmstat.h"
#include "zsm/buddy.h"
#include "zsm/frame.h"
#include "zsm/migrate.h"

/* All pools by number, for a page to find its own. */
static DEFINE_XARRAY(pools);

/* The number of the newest pool; 0 is none's. */
static atomic_long_t last_pool;

int zsm_pool_publish(struct zsm_pool *pool)
{
	pool->number = atomic_long_inc_return(&last_pool);
	return xa_insert(&pools, pool->number, pool, GFP_KERNEL);
}

void zsm_pool_unpublish(struct zsm_pool *pool)
{
	xa_erase(&pools, pool->number);
	/* A migration may have found the pool before it was taken out. */
	synchronize_rcu();
}

#ifdef COMPAT_HAS_MOVABLE_PAGES

static const struct movable_operations movable_ops;

/*
 * A page that is part of a zspage has its pool's number for a tag, and in its private
 * number the zspage's id, class, and which of its pages it is. Both change under the
 * class's lock. The private number is stored first and the tag is read first, so that
 * a thread that sees a tag sees a private number at least as new. A page without a tag
 * is about to join a zspage, or has left one.
 */
#define PAGE_IDX_BITS 4
#define CLASS_IDX_BITS 8

static_assert(ZSM_MAX_CHAIN <= 1 << PAGE_IDX_BITS);
static_assert(ZSM_PAGE_GRANULES <= 1 << CLASS_IDX_BITS);

/* Every page can move: all that is on one may be frozen. */
static_assert(ZSM_MAX_OBJS < ZSM_MAX_FROZEN);

void zsm_attach_page(const struct zsm_pool *pool,
		     const struct zsm_pool_class *class,
		     struct zsm_zspage *zspage, unsigned int page_idx)
{
	struct page *page = zsm_frame_page(*zsm_page_number(zspage, page_idx));

	lockdep_assert_held(&class->lock);
	WRITE_ONCE(page->private,
		   (unsigned long)zspage->id
				   << (PAGE_IDX_BITS + CLASS_IDX_BITS) |
			   zspage->class_idx << PAGE_IDX_BITS | page_idx);
	compat_page_set_tag(page, pool->number);
}

/* A page of pairs or triples has the id alone for its private number. */
void zsm_attach_buddy_page(const struct zsm_pool *pool,
			   const struct zsm_buddy_page *page)
{
	lockdep_assert_held(&pool->buddies->lock);
	WRITE_ONCE(zsm_frame_page(page->pfn)->private, (unsigned long)page->id);
	compat_page_set_tag(zsm_frame_page(page->pfn), pool->number);
}

void zsm_detach_page(struct page *page)
{
	compat_page_set_tag(page, 0);
}

void zsm_mark_movable(struct page *page)
{
	compat_page_set_tag(page, 0);
	/* No zspage has the page, but a scan of memory may hold its lock. */
	if (!trylock_page(page))
		return;
	compat_page_mark(page, &movable_ops);
	unlock_page(page);
}

/**
 * struct place - where a page is
 * @pool: its pool
 * @class: its class there, locked
 * @zspage: its zspage
 * @page_idx: which of the zspage's pages it is
 */
struct place {
	struct zsm_pool *pool;
	struct zsm_pool_class *class;
	struct zsm_zspage *zspage;
	unsigned int page_idx;
};

/*
 * Finds a page's place and locks its class; false if it has none. The caller is in
 * an RCU section, which keeps the pool; the class's lock keeps the rest.
 */
static bool lock_place(const struct page *page, struct place *place)
{
	unsigned long tag = compat_page_tag(page);
	unsigned long private = READ_ONCE(page->private);
	unsigned int class_idx = private >> PAGE_IDX_BITS &
				 ((1 << CLASS_IDX_BITS) - 1);

	place->pool = tag ? xa_load(&pools, tag) : NULL;
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
					(PAGE_IDX_BITS + CLASS_IDX_BITS));
	place->page_idx = private & ((1 << PAGE_IDX_BITS) - 1);
	VM_WARN_ON_ONCE(zsm_frame_page(*zsm_page_number(place->zspage,
							place->page_idx)) !=
			page);
	__release(&place->class->lock);
	return true;
}

/* Ends the freezing of a page's objects from @first to before @end. */
static void thaw_objs(const struct place *place, u32 first, u32 end)
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
static bool freeze_objs(const struct place *place,
			const struct zsm_page_objs *objs)
	__must_hold(&place->class->lock)
{
	const struct zsm_pool *pool = place->pool;
	u32 obj;

	lockdep_assert_held(&place->class->lock);
	for (obj = objs->first; obj <= objs->last; obj++) {
		if (!zsm_is_used(place->zspage, obj) ||
		    pool->ops->freeze(pool->priv, zsm_owner(place->zspage, obj),
				      zsm_loc_pack(place->zspage->id, obj)))
			continue;
		thaw_objs(place, objs->first, obj);
		return false;
	}
	return true;
}

/*
 * Puts @dst where @src is. Readers take no lock of the pool's, so every object on the
 * page is frozen for the copy.
 */
static bool replace_page(const struct place *place, struct page *dst,
			 u32 dst_number, struct page *src)
{
	struct zsm_page_objs objs = zsm_core_objs_on(place->zspage,
						     place->page_idx);

	if (!freeze_objs(place, &objs))
		return false;
	copy_page(page_address(dst), page_address(src));
	*zsm_page_number(place->zspage, place->page_idx) = dst_number;
	get_page(dst);
	compat_page_mark(dst, &movable_ops);
	zsm_attach_page(place->pool, place->class, place->zspage,
			place->page_idx);
	zsm_detach_page(src);
	place->class->nr_migrated++;
	thaw_objs(place, objs.first, objs.last + 1);
	return true;
}

/* Isolation holds nothing: an isolated page may be freed, and even used again. */
static bool movable_isolate(struct page *page, isolate_mode_t mode)
{
	return compat_page_tag(page);
}

static void movable_putback(struct page *page)
{
}

/* The same for a page of pairs or triples. */
static bool replace_buddy_page(struct zsm_pool *pool,
			       struct zsm_buddy_page *page, struct page *dst,
			       u32 dst_number, struct page *src)
{
	lockdep_assert_held(&pool->buddies->lock);
	if (!zsm_buddies_freeze(pool, page))
		return false;
	copy_page(page_address(dst), page_address(src));
	page->pfn = dst_number;
	get_page(dst);
	compat_page_mark(dst, &movable_ops);
	zsm_attach_buddy_page(pool, page);
	zsm_detach_page(src);
	pool->buddies->nr_migrated++;
	zsm_buddies_thaw(pool, page);
	return true;
}

static bool move_buddy_page(struct zsm_pool *pool, unsigned long tag,
			    struct page *dst, u32 dst_number,
			    struct page *src)
{
	bool moved = false;

	spin_lock(&pool->buddies->lock);
	if (compat_page_tag(src) == tag)
		moved = replace_buddy_page(pool,
					   zsm_buddies_entry(pool, src->private),
					   dst, dst_number, src);
	spin_unlock(&pool->buddies->lock);
	return moved;
}

/* The caller is in an RCU section, which keeps the pool. */
static bool move_page(struct page *dst, u32 dst_number, struct page *src)
{
	unsigned long tag = compat_page_tag(src);
	struct zsm_pool *pool = tag ? xa_load(&pools, tag) : NULL;
	struct place place;
	bool moved;

	if (!pool)
		return false;
	if (pool->buddies)
		return move_buddy_page(pool, tag, dst, dst_number, src);
	moved = lock_place(src, &place);
	if (moved) {
		__acquire(&place.class->lock);
		moved = replace_page(&place, dst, dst_number, src);
		spin_unlock(&place.class->lock);
	}
	return moved;
}

/* The kernel has both pages locked. */
static int movable_migrate(struct page *dst, struct page *src,
			   enum migrate_mode mode)
{
	bool moved;
	u32 number;

	if (!zsm_frame_number(dst, &number))
		return -EINVAL;
	rcu_read_lock();
	moved = move_page(dst, number, src);
	rcu_read_unlock();
	if (!moved)
		return -EAGAIN;
	compat_count_zspage(dst);
	compat_uncount_zspage(src);
	set_page_private(src, 0);
	compat_page_unmark(src);
	put_page(src);
	return MIGRATEPAGE_SUCCESS;
}

static const struct movable_operations movable_ops = {
	.isolate_page = movable_isolate,
	.migrate_page = movable_migrate,
	.putback_page = movable_putback,
};

#else

void zsm_attach_buddy_page(const struct zsm_pool *pool,
			   const struct zsm_buddy_page *page)
{
}

void zsm_attach_page(const struct zsm_pool *pool,
		     const struct zsm_pool_class *class,
		     struct zsm_zspage *zspage, unsigned int page_idx)
{
}

void zsm_detach_page(struct page *page)
{
}

void zsm_mark_movable(struct page *page)
{
}

#endif

void zsm_detach_released(const struct zsm_pool_class *class,
			 const struct zsm_released *released)
{
	unsigned int i;

	lockdep_assert_held(&class->lock);
	for (i = 0; i < released->nr; i++)
		zsm_detach_page(zsm_frame_page(released->pfn[i]));
}
