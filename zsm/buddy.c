// SPDX-License-Identifier: GPL-2.0
/* All objects of a page of pairs or triples are frozen, and thawed. */
#include <linux/lockdep.h>

#include "zsm/buddy.h"

static void thaw_before(struct zsm_pool *pool, struct zsm_buddy_page *page,
			u32 end)
{
	u32 which;

	for (which = 0; which < end; which++) {
		if (zsm_buddy_is_used(page, which))
			pool->ops->thaw(pool->priv, page->owners[which],
					zsm_buddies_loc(pool->buddies, page,
							which));
	}
}

bool zsm_buddies_freeze(struct zsm_pool *pool, struct zsm_buddy_page *page)
{
	u32 which;

	lockdep_assert_held(&pool->buddies->lock);
	for (which = 0; which < ZSM_MAX_BUDDIES; which++) {
		if (!zsm_buddy_is_used(page, which) ||
		    pool->ops->freeze(pool->priv, page->owners[which],
				      zsm_buddies_loc(pool->buddies, page,
						      which)))
			continue;
		thaw_before(pool, page, which);
		return false;
	}
	return true;
}

void zsm_buddies_thaw(struct zsm_pool *pool, struct zsm_buddy_page *page)
{
	lockdep_assert_held(&pool->buddies->lock);
	thaw_before(pool, page, ZSM_MAX_BUDDIES);
}
