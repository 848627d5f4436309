// SPDX-License-Identifier: GPL-2.0
/*
 * zsm: a size-class allocator for compressed pages. The kernel's side of it:
 * what sleeps, locks, allocates and maps. The decisions are core/'s.
 *
 * Reserve, then commit: before a class's lock is taken, an allocation has in
 * hand the pages and the descriptor it may need; under the lock nothing can
 * fail. Pages come from the page allocator for each operation and go back to it:
 * from the right node, charged to the right group, and never held back.
 */
#define pr_fmt(fmt) "zsm: " fmt

#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>

#include "compat/migrate.h"
#include "store/library.h"
#include "store/stream.h"
#include "zsm/access.h"
#include "zsm/buddies.h"
#include "zsm/debugfs.h"
#include "zsm/frame.h"
#include "zsm/limit.h"
#include "zsm/migrate.h"
#include "zsm/pool.h"
#include "zsm/reserve.h"
#include "zsm/shrink.h"
#include "zsm/tend.h"
#include "zsm/zspage.h"

static_assert(PAGE_SHIFT == ZSM_PAGE_SHIFT);
static_assert(!IS_ENABLED(CONFIG_HIGHMEM));

struct workqueue_struct *zsm_workqueue __ro_after_init;

const char *const zsm_kind_names[ZSM_NR_KINDS] = {
	[ZSM_CLASSES] = "classes",
	[ZSM_PAIRS] = "pairs",
	[ZSM_TRIPLES] = "triples",
};
EXPORT_SYMBOL_GPL(zsm_kind_names);

/* Makes what the kind of pool consists of. */
static int init_kind(struct zsm_pool *pool, enum zsm_kind kind)
{
	unsigned int i;

	if (kind != ZSM_CLASSES)
		return zsm_buddies_init(pool, kind);
	for (i = 0; i < zsm_classes.nr_classes; i++) {
		spin_lock_init(&pool->classes[i].lock);
		pool->classes[i].core.class_idx = i;
	}
	return 0;
}

struct zsm_pool *zsm_init_kind(enum zsm_kind kind, const struct zsm_ops *ops,
			       void *priv)
{
	struct zsm_pool *pool;
	size_t bytes = struct_size(pool, classes,
				   kind == ZSM_CLASSES ? zsm_classes.nr_classes :
							 0);
	int err;

	if (kind >= ZSM_NR_KINDS)
		return ERR_PTR(-EINVAL);
	pool = vzalloc(bytes);
	if (!pool)
		return ERR_PTR(-ENOMEM);
	pool->ops = ops;
	pool->priv = priv;
	spin_lock_init(&pool->table_lock);
	mutex_init(&pool->shrink_lock);
	INIT_DEFERRABLE_WORK(&pool->tending.work, zsm_work);
	pool->max_waste = ZSM_DEFAULT_MAX_WASTE;
	pool->tended = !ops;
	zsm_charge_metadata(pool, PAGE_ALIGN(bytes));
	err = init_kind(pool, kind);
	if (err)
		goto err_free;
	if (!ops)
		return pool;

	err = zsm_pool_publish(pool);
	if (err)
		goto err_kind;
	err = zsm_shrinker_create(pool);
	if (err)
		goto err_unpublish;
	return pool;

err_unpublish:
	zsm_pool_unpublish(pool);
err_kind:
	kfree(pool->buddies);
err_free:
	vfree(pool);
	return ERR_PTR(err);
}
EXPORT_SYMBOL_GPL(zsm_init_kind);

struct zsm_pool *zsm_init(const struct zsm_ops *ops, void *priv)
{
	return zsm_init_kind(ZSM_CLASSES, ops, priv);
}
EXPORT_SYMBOL_GPL(zsm_init);

/* Frees all zspages; returns how many objects were in them. */
static unsigned int exit_classes(struct zsm_pool *pool)
{
	unsigned int left = 0;
	u32 id;

	for (id = 0; id < pool->table.nr_ids; id++) {
		struct zsm_zspage *zspage = zsm_table_entry(&pool->table, id);

		if (!zsm_table_is_zspage(zspage))
			continue;
		left += zspage->nr_used;
		zsm_zspage_reclaim(zspage);
		cond_resched();
	}
	return left;
}

void zsm_exit(struct zsm_pool *pool)
{
	unsigned int left;
	void *page;

	debugfs_remove_recursive(pool->debugfs);
	cancel_delayed_work_sync(&pool->tending.work);
	if (pool->ops) {
		zsm_shrinker_destroy(pool);
		zsm_pool_unpublish(pool);
	}
	left = pool->buddies ? zsm_buddies_exit(pool) : exit_classes(pool);
	WARN(left, "zsm: %u objects left in a pool that is destroyed\n", left);
	while ((page = zsm_core_table_take_page(&pool->table))) {
		free_page((unsigned long)page);
		cond_resched();
	}
	vfree(pool);
}
EXPORT_SYMBOL_GPL(zsm_exit);

static int __init zsm_module_init(void)
{
	int err;

	zsm_frames_init();
	err = zsm_caches_create();
	if (err)
		return err;
	err = zsm_buddies_cache_create();
	if (err)
		goto err_caches;
	err = zsm_gather_create();
	if (err)
		goto err_buddies_cache;
	/* Compaction by itself can wait for the end of a suspend. */
	zsm_workqueue = alloc_workqueue("zsm", WQ_UNBOUND | WQ_FREEZABLE, 0);
	if (!zsm_workqueue) {
		err = -ENOMEM;
		goto err_gather;
	}
	err = zsm_libraries_init();
	if (err)
		goto err_workqueue;
	err = zsm_streams_init();
	if (err)
		goto err_libraries;
	zsm_debugfs_create();
	if (!compat_has_movable_pages())
		pr_info("this kernel moves no pages of modules: memory that zsm uses cannot go offline\n");
	return 0;

err_libraries:
	zsm_libraries_exit();
err_workqueue:
	destroy_workqueue(zsm_workqueue);
err_gather:
	zsm_gather_destroy();
err_buddies_cache:
	zsm_buddies_cache_destroy();
err_caches:
	zsm_caches_destroy();
	return err;
}

static void __exit zsm_module_exit(void)
{
	zsm_debugfs_destroy();
	zsm_streams_exit();
	zsm_libraries_exit();
	zsm_free_deferred_wait();
	destroy_workqueue(zsm_workqueue);
	zsm_gather_destroy();
	zsm_buddies_cache_destroy();
	zsm_caches_destroy();
}

module_init(zsm_module_init);
module_exit(zsm_module_exit);

MODULE_DESCRIPTION("Size-class allocator for compressed pages");
MODULE_LICENSE("GPL");
MODULE_VERSION(ZSM_VERSION);
