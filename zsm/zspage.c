// SPDX-License-Identifier: GPL-2.0
/* Descriptors of zspages: made, found by their ids, and destroyed. */
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "zsm/frame.h"
#include "zsm/limit.h"
#include "zsm/migrate.h"
#include "zsm/reserve.h"
#include "zsm/zspage.h"

/* One cache for each size that descriptors have. */
#define NR_CACHES (ZSM_MAX_ZSPAGE_BYTES / ZSM_ZSPAGE_STEP + 1)

static struct kmem_cache *caches[NR_CACHES] __ro_after_init;

/* Bytes of a descriptor. */
static unsigned int zspage_cost(unsigned int class_idx)
{
	const struct zsm_class_row *row = &zsm_classes.rows[class_idx];

	return zsm_zspage_bytes(row->nr_pages, row->nr_objs);
}

static unsigned int cache_idx(unsigned int class_idx)
{
	return zspage_cost(class_idx) / ZSM_ZSPAGE_STEP;
}

/* Gives the table the pages that its next addition needs, and locks it. */
static int table_lock_for_add(struct zsm_pool *pool, gfp_t gfp, u64 limit)
{
	void *page = NULL;

	spin_lock(&pool->table_lock);
	while (zsm_core_table_wants_page(&pool->table)) {
		int err;

		if (page) {
			zsm_core_table_grow(&pool->table, page);
			page = NULL;
			continue;
		}
		spin_unlock(&pool->table_lock);
		err = zsm_try_charge_metadata(pool, PAGE_SIZE, limit);
		if (err)
			return err;
		page = (void *)get_zeroed_page(gfp);
		if (!page) {
			zsm_charge_metadata(pool, -(s64)PAGE_SIZE);
			return -ENOMEM;
		}
		spin_lock(&pool->table_lock);
	}
	/* Another thread has let the table grow meanwhile. */
	if (page) {
		free_page((unsigned long)page);
		zsm_charge_metadata(pool, -(s64)PAGE_SIZE);
	}
	__release(&pool->table_lock);
	return 0;
}

int zsm_table_insert(struct zsm_pool *pool, struct zsm_zspage *entry, gfp_t gfp,
		     u64 limit)
{
	int err = table_lock_for_add(pool, gfp, limit);

	if (err)
		return err;
	__acquire(&pool->table_lock);
	err = zsm_core_table_add(&pool->table, entry) ? 0 : -ENOSPC;
	spin_unlock(&pool->table_lock);
	return err;
}

struct zsm_zspage *zsm_zspage_create(struct zsm_pool *pool,
				     unsigned int class_idx, gfp_t gfp,
				     u64 limit)
{
	struct kmem_cache *cache = caches[cache_idx(class_idx)];
	u64 cost = zspage_cost(class_idx);
	struct zsm_zspage *zspage;
	int err;

	err = zsm_try_charge_metadata(pool, cost, limit);
	if (err)
		return ERR_PTR(err);
	err = -ENOMEM;
	zspage = kmem_cache_alloc(cache, gfp);
	if (!zspage)
		goto err_charge;
	zspage->class_idx = class_idx;
	/* zsm_reclaim() may find it from now on. */
	zspage->nr_used = 0;
	err = zsm_table_insert(pool, zspage, gfp, limit);
	if (err)
		goto err_free;
	return zspage;

err_free:
	kmem_cache_free(cache, zspage);
err_charge:
	zsm_charge_metadata(pool, -(s64)cost);
	return ERR_PTR(err);
}

void zsm_zspage_destroy(struct zsm_pool *pool, struct zsm_zspage *zspage)
{
	unsigned int class_idx = zspage->class_idx;

	spin_lock(&pool->table_lock);
	zsm_core_table_remove(&pool->table, zspage);
	spin_unlock(&pool->table_lock);
	kmem_cache_free(caches[cache_idx(class_idx)], zspage);
	zsm_charge_metadata(pool, -(s64)zspage_cost(class_idx));
}

void zsm_dispose_slow(struct zsm_pool *pool, struct zsm_zspage *zspage,
		      const struct zsm_released *released)
{
	unsigned int i;

	for (i = 0; i < released->nr; i++)
		zsm_free_pfn(released->pfn[i]);
	if (released->nr)
		zsm_charge(pool, -((s64)released->nr << PAGE_SHIFT));
	if (released->state == ZSM_FREED_LAST)
		zsm_zspage_destroy(pool, zspage);
}

void zsm_zspage_reclaim(struct zsm_zspage *zspage)
{
	unsigned long populated = zspage->populated;
	unsigned int page;

	for_each_set_bit(page, &populated, ZSM_MAX_CHAIN) {
		u32 pfn = *zsm_page_number(zspage, page);

		zsm_detach_page(zsm_frame_page(pfn));
		zsm_free_pfn(pfn);
	}
	kmem_cache_free(caches[cache_idx(zspage->class_idx)], zspage);
}

void zsm_caches_destroy(void)
{
	unsigned int i;

	for (i = 0; i < NR_CACHES; i++)
		kmem_cache_destroy(caches[i]);
}

int __init zsm_caches_create(void)
{
	/*
	 * kmemleak does not see the table that points to descriptors. The flag keeps a
	 * cache from sharing slabs with others, so it is only set where it matters.
	 */
	slab_flags_t flags = IS_ENABLED(CONFIG_DEBUG_KMEMLEAK) ?
			     SLAB_NOLEAKTRACE : 0;
	unsigned int i;

	for (i = 0; i < zsm_classes.nr_classes; i++) {
		unsigned int idx = cache_idx(i);
		char name[24];

		if (caches[idx])
			continue;
		snprintf(name, sizeof(name), "zsm_zspage-%u",
			 idx * ZSM_ZSPAGE_STEP);
		caches[idx] =
			kmem_cache_create(name, idx * ZSM_ZSPAGE_STEP,
					  ZSM_ZSPAGE_STEP, flags, NULL);
		if (!caches[idx]) {
			zsm_caches_destroy();
			return -ENOMEM;
		}
	}
	return 0;
}
