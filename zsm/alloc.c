// SPDX-License-Identifier: GPL-2.0
/* Objects come and go. */
#include <linux/bug.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/minmax.h>

#include "zsm/access.h"
#include "zsm/buddies.h"
#include "zsm/limit.h"
#include "zsm/migrate.h"
#include "zsm/reserve.h"
#include "zsm/zspage.h"

/*
 * Has a page in hand if the next allocation seems to need one, so that the class's lock
 * is rarely taken twice. Returns an error if there is no memory, which only counts if
 * the class, once it is locked, does need a page.
 */
static int bring_page(struct zsm_pool *pool, struct zsm_pool_class *class,
		      gfp_t gfp, u64 limit, struct zsm_reserve *reserve,
		      bool *charged)
{
	/* A stale value costs a second round, or a page that is given back. */
	if (!data_race(zsm_core_wants_pages(&class->core)))
		return 0;
	*charged = !zsm_try_charge(pool, PAGE_SIZE, limit);
	return *charged ? zsm_reserve_fill(pool, reserve, gfp) : 0;
}

/*
 * Locks the class, with all in hand that the next allocation may need. *@fresh is set if
 * a descriptor had to be made, and *@charged if a page was counted; these and @reserve
 * are the caller's, error or not.
 */
static int lock_for_alloc(struct zsm_pool *pool, struct zsm_pool_class *class,
			  gfp_t gfp, u64 limit, struct zsm_reserve *reserve,
			  struct zsm_zspage **fresh, bool *charged)
{
	unsigned int class_idx = class->core.class_idx;
	int no_page = bring_page(pool, class, gfp, limit, reserve, charged);

	for (;;) {
		bool wants_fresh, wants_page;
		int err;

		spin_lock(&class->lock);
		wants_fresh = zsm_core_wants_fresh(&class->core) && !*fresh;
		wants_page = zsm_core_wants_pages(&class->core);
		/* Before anything is taken; what needs no page is not refused. */
		err = 0;
		if (!wants_fresh && wants_page && !*charged) {
			err = zsm_try_charge(pool, PAGE_SIZE, limit);
			*charged = !err;
		}
		if (!err && !wants_fresh && reserve->nr >= wants_page) {
			__release(&class->lock);
			return 0;
		}
		spin_unlock(&class->lock);
		if (err)
			return err;

		if (wants_fresh) {
			struct zsm_zspage *zspage =
				zsm_zspage_create(pool, class_idx, gfp, limit);

			if (IS_ERR(zspage))
				return PTR_ERR(zspage);
			*fresh = zspage;
		} else if (no_page || zsm_reserve_fill(pool, reserve, gfp)) {
			/* One refusal is enough: the second attempt would reclaim again. */
			return -ENOMEM;
		}
	}
}

/*
 * Takes an object that needs no page, of the class or the next larger one that has such:
 * what is refused a page goes where there is room. Whether there was one.
 */
static bool take_room(struct zsm_pool *pool, unsigned int class_idx, u32 owner,
		      struct zsm_loc *loc)
{
	for (; class_idx < zsm_classes.nr_classes; class_idx++) {
		struct zsm_pool_class *class = &pool->classes[class_idx];
		struct zsm_reserve none = {};
		struct zsm_taken taken;
		bool found;

		/* A stale value passes over a class, or locks it for nothing. */
		if (data_race(zsm_core_wants_pages(&class->core)))
			continue;
		spin_lock(&class->lock);
		found = !zsm_core_wants_pages(&class->core);
		if (found)
			taken = zsm_core_alloc(&class->core, NULL, &none, owner);
		spin_unlock(&class->lock);
		if (found) {
			*loc = zsm_loc_pack(taken.zspage->id, taken.obj);
			return true;
		}
	}
	return false;
}

/* Whether an allocation that failed takes what room there is, or is tried again. */
static bool takes_room(int err, gfp_t gfp)
{
	return err == -EDQUOT || err == -ENOSPC ||
	       (err == -ENOMEM && gfpflags_allow_blocking(gfp));
}

static int alloc_object(struct zsm_pool *pool, size_t size, gfp_t gfp,
			u64 limit, u32 owner, struct zsm_loc *loc)
{
	struct zsm_zspage *fresh = NULL;
	struct zsm_reserve reserve = {};
	struct zsm_pool_class *class;
	struct zsm_taken taken;
	bool charged = false;
	bool grown = false;
	int err;

	if (!size || size > PAGE_SIZE)
		return -EINVAL;
	if (unlikely(pool->buddies))
		return zsm_buddies_alloc(pool, size, gfp, limit, owner, loc);
	class = &pool->classes[zsm_class_of(size)];

	err = lock_for_alloc(pool, class, gfp, limit, &reserve, &fresh,
			     &charged);
	if (err)
		goto out;
	__acquire(&class->lock);
	taken = zsm_core_alloc(&class->core, fresh, &reserve, owner);
	grown = taken.page != ZSM_NO_PAGE;
	if (grown && pool->ops)
		zsm_attach_page(pool, class, taken.zspage, taken.page);
	spin_unlock(&class->lock);

	if (grown)
		zsm_tend(pool);
	*loc = zsm_loc_pack(taken.zspage->id, taken.obj);
	if (taken.zspage == fresh)
		fresh = NULL;
out:
	if (charged && !grown)
		zsm_charge(pool, -(s64)PAGE_SIZE);
	zsm_reserve_drop(&reserve);
	if (fresh)
		zsm_zspage_destroy(pool, fresh);
	if (takes_room(err, gfp) &&
	    take_room(pool, zsm_class_of(size), owner, loc))
		return 0;
	return err;
}

int zsm_alloc(struct zsm_pool *pool, size_t size, gfp_t gfp, u32 owner,
	      struct zsm_loc *loc)
{
	return alloc_object(pool, size, gfp, zsm_limit_for(pool, size, gfp),
			    owner, loc);
}
EXPORT_SYMBOL_GPL(zsm_alloc);

int zsm_alloc_in_exchange(struct zsm_pool *pool, size_t size, gfp_t gfp,
			  u32 owner, struct zsm_loc *loc)
{
	return alloc_object(pool, size, gfp, ZSM_UNLIMITED, owner, loc);
}
EXPORT_SYMBOL_GPL(zsm_alloc_in_exchange);

void zsm_free(struct zsm_pool *pool, struct zsm_loc loc)
{
	struct zsm_released released;
	struct zsm_pool_class *class;
	struct zsm_zspage *zspage;

	if (unlikely(pool->buddies)) {
		zsm_buddies_free(pool, loc);
		return;
	}
	if (WARN_ONCE(zsm_loc_id(loc) >= READ_ONCE(pool->table.nr_ids),
		      "zsm: free of %#llx: no such zspage\n", loc.value))
		return;
	zspage = zsm_zspage_at(pool, loc);
	if (WARN_ONCE(!zsm_table_is_zspage(zspage),
		      "zsm: free of %#llx: freed before\n", loc.value))
		return;
	class = &pool->classes[zspage->class_idx];

	spin_lock(&class->lock);
	released = zsm_core_free(&class->core, zspage, zsm_loc_obj(loc));
	zsm_detach_released(class, &released);
	spin_unlock(&class->lock);

	if (WARN_ONCE(released.state == ZSM_NOT_ALLOCATED,
		      "zsm: free of %#llx: not allocated\n", loc.value))
		return;
	zsm_dispose(pool, zspage, &released);
	zsm_tend(pool);
}
EXPORT_SYMBOL_GPL(zsm_free);

/* Who an object belongs to, and how many bytes it has room for. */
static u32 owner_of(const struct zsm_pool *pool, struct zsm_loc loc, u32 *size)
{
	const struct zsm_zspage *zspage;

	if (unlikely(pool->buddies))
		return zsm_buddies_owner(pool, loc, size);
	zspage = zsm_zspage_at(pool, loc);
	*size = zsm_classes.rows[zspage->class_idx].size;
	return zsm_owner(zspage, zsm_loc_obj(loc));
}

/* Whether the object is as large as that now, where it is. */
static bool resize_in_place(struct zsm_pool *pool, struct zsm_loc loc, size_t size)
{
	if (unlikely(pool->buddies))
		return zsm_buddies_resize(pool, loc, size);
	return zsm_class_of(size) == zsm_zspage_at(pool, loc)->class_idx;
}

int zsm_realloc(struct zsm_pool *pool, struct zsm_loc *loc, size_t size, gfp_t gfp)
{
	struct zsm_extent from, to;
	struct zsm_loc new;
	u32 owner, len;
	int err;

	if (!size || size > PAGE_SIZE)
		return -EINVAL;
	if (resize_in_place(pool, *loc, size))
		return 0;
	if (!gfp)
		return -EAGAIN;
	owner = owner_of(pool, *loc, &len);
	err = zsm_alloc(pool, size, gfp, owner, &new);
	if (err)
		return err;
	len = min_t(u32, size, len);
	from = zsm_find(pool, *loc, len);
	to = zsm_find(pool, new, len);
	zsm_copy(&to, &from, len);
	zsm_free(pool, *loc);
	*loc = new;
	return 0;
}
EXPORT_SYMBOL_GPL(zsm_realloc);

bool zsm_fits(struct zsm_pool *pool, struct zsm_loc loc, size_t size)
{
	if (unlikely(pool->buddies))
		return zsm_granules(size) << ZSM_GRANULE_SHIFT ==
		       zsm_room(pool, loc);
	return zsm_class_of(size) == zsm_zspage_at(pool, loc)->class_idx;
}
EXPORT_SYMBOL_GPL(zsm_fits);

size_t zsm_room(struct zsm_pool *pool, struct zsm_loc loc)
{
	u32 room;

	owner_of(pool, loc, &room);
	return room;
}
EXPORT_SYMBOL_GPL(zsm_room);
