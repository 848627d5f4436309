/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The ground that the parts of the allocator share: what a pool is, and how its work is
 * woken.
 */
#ifndef ZSM_POOL_H
#define ZSM_POOL_H

#include <linux/atomic.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "compat/compiler.h"
#include "core/zsm/compaction.h"
#include "core/zsm/size_class.h"
#include "core/zsm/table.h"
#include "zsmalloc.h"

struct dentry;
struct shrinker;
struct zsm_buddy_pool;

/**
 * struct zsm_pool_class - a size class of a pool
 * @lock: guards the rest, and the descriptors of the class's zspages
 * @core: what the core knows of it
 * @nr_moved: objects that compaction has moved
 * @nr_migrated: pages that the kernel has moved
 * @nr_seen: objects when the pool's work last looked; only the work uses it
 */
struct zsm_pool_class {
	spinlock_t lock;
	struct zsm_class core __guarded_by(&lock);
	u64 nr_moved __guarded_by(&lock);
	u64 nr_migrated __guarded_by(&lock);
	u64 nr_seen;
} ____cacheline_aligned_in_smp;

/**
 * struct zsm_hand - where zsm_reclaim() goes on
 * @id: the zspage
 * @page: the page there
 * @obj: the first object of that page that has not been asked for
 * @round: how often it has come to the end of the pool; read without the lock
 */
struct zsm_hand {
	u32 id;
	u32 page;
	u32 obj;
	u32 round;
};

/**
 * struct zsm_tending - how a pool compacts itself
 * @work: does it when more than the pool's @max_waste is wasted
 * @compacting: it does, until half of that is left
 * @next_class: where the next effort to compact begins, in a pool of classes
 */
struct zsm_tending {
	struct delayed_work work;
	bool compacting;
	unsigned int next_class;
};

/**
 * struct zsm_pool - a pool
 * @ops: how objects may be moved, or NULL
 * @priv: for @ops
 * @number: its number, by which its pages find it; never used again
 * @limit: what @bytes may not come to exceed, or 0
 * @buddies: what makes it a pool of pairs or triples, or NULL
 * @max_waste: percent of the pages that compaction could free at which it begins; 0:
 *	never
 * @tended: the work is queued, or never has to be
 * @bytes: all the memory it takes, its own structure included
 * @max_bytes: the most that @bytes has been since zsm_reset_max()
 * @metadata_bytes: the part of @bytes that is not payload pages
 * @pages_compacted: pages freed by moving objects
 * @table_lock: guards @table against other changes; innermost
 * @table: zspages by id; reading the entry of a zspage in use needs no lock
 * @tending: how it compacts itself
 * @shrinker: compacts the pool when memory is short, or NULL
 * @swap_slots: how many were free when the kernel last asked @shrinker
 * @shrink_lock: held by the thread that shrinks the pool; only ever tried
 * @hand: the next object that zsm_reclaim() asks for; under @shrink_lock
 * @debugfs: what debugfs shows of it, or NULL
 * @classes: one for each size class; none if there are @buddies
 *
 * What every call reads, what every page changes, and what every zspage does are in cache
 * lines of their own, so that CPUs do not take them from each other without need.
 */
struct zsm_pool {
	const struct zsm_ops *ops;
	void *priv;
	unsigned long number;
	u64 limit;
	struct zsm_buddy_pool *buddies;
	unsigned int max_waste;
	bool tended;
	atomic64_t bytes ____cacheline_aligned_in_smp;
	atomic64_t max_bytes;
	atomic64_t metadata_bytes;
	atomic64_t pages_compacted;
	spinlock_t table_lock ____cacheline_aligned_in_smp;
	struct zsm_table table __guarded_by(&table_lock);
	struct zsm_tending tending;
	struct shrinker *shrinker;
	long swap_slots;
	struct mutex shrink_lock;
	struct zsm_hand hand __guarded_by(&shrink_lock);
	struct dentry *debugfs;
	struct zsm_pool_class classes[];
};

/* How long after a free the pool's work looks what is wasted. */
#define ZSM_TEND_AFTER HZ

/* Runs the work of all pools; made and destroyed with the module. */
extern struct workqueue_struct *zsm_workqueue;

/*
 * Sparse cannot follow a lock that is taken only on success: a function that
 * does so ends with __release(), and its caller begins with __acquire().
 */

static inline struct zsm_zspage *zsm_zspage_at(const struct zsm_pool *pool,
					       struct zsm_loc loc)
{
	return zsm_table_entry(&pool->table, zsm_loc_id(loc));
}

/* How many classes the pool has: none in pairs and triples. */
static inline unsigned int zsm_nr_classes(const struct zsm_pool *pool)
{
	return pool->buddies ? 0 : zsm_classes.nr_classes;
}

/* Queues the pool's work unless it is queued: memory may have become wasted. */
static inline void zsm_tend(struct zsm_pool *pool)
{
	if (likely(READ_ONCE(pool->tended)))
		return;
	WRITE_ONCE(pool->tended, true);
	queue_delayed_work(zsm_workqueue, &pool->tending.work, ZSM_TEND_AFTER);
}

#endif /* ZSM_POOL_H */
