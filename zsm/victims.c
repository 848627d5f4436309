// SPDX-License-Identifier: GPL-2.0
/* Eviction by owners that have to sleep for it. */
#include <linux/export.h>
#include <linux/spinlock.h>

#include "zsm/buddies.h"
#include "zsm/buddies_move.h"
#include "zsm/victims.h"

bool zsm_victims_begin(struct zsm_pool *pool, struct zsm_victims *victims)
{
	struct zsm_buddy_pool *buddies = pool->buddies;
	struct zsm_buddy_page *page;
	u32 which;

	victims->nr = 0;
	if (!buddies)
		return false;
	spin_lock(&buddies->lock);
	page = zsm_core_buddies_hold(&buddies->core);
	for (which = 0; page && which < ZSM_MAX_BUDDIES; which++) {
		if (!zsm_buddy_is_used(page, which))
			continue;
		victims->owners[victims->nr] = page->owners[which];
		victims->locs[victims->nr++] =
			zsm_buddies_loc(buddies, page, which);
	}
	spin_unlock(&buddies->lock);
	victims->page = page;
	return page;
}
EXPORT_SYMBOL_GPL(zsm_victims_begin);

bool zsm_victims_end(struct zsm_pool *pool, struct zsm_victims *victims)
{
	bool freed;

	spin_lock(&pool->buddies->lock);
	freed = zsm_buddies_release(pool, victims->page);
	spin_unlock(&pool->buddies->lock);
	if (freed)
		zsm_buddies_dispose(pool, victims->page);
	return freed;
}
EXPORT_SYMBOL_GPL(zsm_victims_end);
