// SPDX-License-Identifier: GPL-2.0
/*
 * Eviction: frees pages by asking owners to do without what is on them.
 *
 * A hand goes over all pages, zspage by zspage in the order of their ids. It takes the
 * class's lock for one object at a time, so that no one waits for a page of them.
 */
#include <linux/bitops.h>
#include <linux/export.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/sched.h>

#include "zsm/buddies_move.h"
#include "zsm/compact.h"
#include "zsm/migrate.h"
#include "zsm/reclaim.h"
#include "zsm/zspage.h"

/* Pages that the hand visits at most for each page that is wanted. */
#define VISITS_PER_PAGE 8

/* Entries of the table that are looked at under one hold of its lock. */
#define TABLE_BATCH 64

/* ---- Which zspage is next ----------------------------------------------- */

static struct zsm_zspage *entry_of(struct zsm_pool *pool, u32 id)
{
	struct zsm_zspage *entry;

	lockdep_assert_held(&pool->table_lock);
	entry = zsm_table_entry(&pool->table, id);
	return zsm_table_is_zspage(entry) ? entry : NULL;
}

/* The class of the zspage at the hand's id, or NULL if there is none. */
static struct zsm_pool_class *class_at_hand(struct zsm_pool *pool)
{
	struct zsm_pool_class *class = NULL;
	struct zsm_zspage *zspage;

	spin_lock(&pool->table_lock);
	if (pool->hand.id < pool->table.nr_ids) {
		zspage = entry_of(pool, pool->hand.id);
		if (zspage)
			class = &pool->classes[zspage->class_idx];
	}
	spin_unlock(&pool->table_lock);
	return class;
}

/*
 * The zspage at the hand's id, if it is of this class and has an object. Under the class's
 * lock that makes it stay: only a zspage that has lost its last object is freed.
 */
static struct zsm_zspage *zspage_at_hand(struct zsm_pool *pool,
					 const struct zsm_pool_class *class)
{
	struct zsm_zspage *zspage;

	lockdep_assert_held(&class->lock);
	spin_lock(&pool->table_lock);
	zspage = entry_of(pool, pool->hand.id);
	if (zspage && (zspage->class_idx != class->core.class_idx ||
		       !zspage->nr_used))
		zspage = NULL;
	spin_unlock(&pool->table_lock);
	return zspage;
}

static void hand_to_page(struct zsm_hand *hand, u32 page)
{
	hand->page = page;
	hand->obj = 0;
}

/* Moves the hand to the next id that has a zspage; false if there is none left. */
static bool hand_to_next_zspage(struct zsm_pool *pool)
{
	struct zsm_hand *hand = &pool->hand;
	u32 nr_ids, left;
	bool found = false;

	hand_to_page(hand, 0);
	do {
		spin_lock(&pool->table_lock);
		nr_ids = pool->table.nr_ids;
		for (left = TABLE_BATCH; left && !found; left--) {
			if (++hand->id >= nr_ids)
				break;
			found = entry_of(pool, hand->id);
		}
		spin_unlock(&pool->table_lock);
		cond_resched();
	} while (!found && hand->id < nr_ids);
	return found;
}

/* ---- One object --------------------------------------------------------- */

/* The object stays: moves it off the page, if there is room for it elsewhere. */
static void move_away(struct zsm_pool *pool, struct zsm_pool_class *class,
		      struct zsm_zspage *zspage, u32 obj, u32 owner,
		      struct zsm_released *released)
{
	struct zsm_object from = { zspage, obj };
	struct zsm_reserve none = {};
	struct zsm_move move;

	if (zsm_core_pick_refuge(&class->core, &from, pool->hand.page, &move))
		zsm_move_frozen(pool, class, class, &move, &none, released);
	else
		pool->ops->thaw(pool->priv, owner,
				zsm_loc_pack(zspage->id, obj));
}

static void evict_or_move(struct zsm_pool *pool, struct zsm_pool_class *class,
			  struct zsm_zspage *zspage, u32 obj,
			  struct zsm_released *released)
{
	u32 owner = zsm_owner(zspage, obj);

	lockdep_assert_held(&class->lock);
	switch (pool->ops->evict(pool->priv, owner,
				 zsm_loc_pack(zspage->id, obj))) {
	case ZSM_EVICTED:
		*released = zsm_core_free(&class->core, zspage, obj);
		zsm_detach_released(class, released);
		break;
	case ZSM_EVICT_FROZEN:
		move_away(pool, class, zspage, obj, owner, released);
		break;
	case ZSM_EVICT_REFUSED:
		break;
	}
}

/* The zspage's next populated page after the one that the hand is at. */
static void hand_to_next_page(struct zsm_hand *hand,
			      const struct zsm_zspage *zspage)
{
	u32 left = zspage ? zspage->populated >> (hand->page + 1) : 0;

	hand_to_page(hand, left ? hand->page + 1 + __ffs(left) : ZSM_MAX_CHAIN);
}

/*
 * Asks for the next object of the page that the hand is at. Returns false, and moves the
 * hand to the next page, or past the last, if there is none.
 */
static bool ask_for_one(struct zsm_pool *pool, struct zsm_pool_class *class,
			unsigned long *freed)
{
	struct zsm_released released = {};
	struct zsm_hand *hand = &pool->hand;
	struct zsm_zspage *zspage;
	u32 obj = ZSM_MAX_OBJS;

	spin_lock(&class->lock);
	zspage = zspage_at_hand(pool, class);
	if (zspage)
		obj = zsm_core_next_used(zspage, hand->page, hand->obj);
	if (obj != ZSM_MAX_OBJS) {
		hand->obj = obj + 1;
		evict_or_move(pool, class, zspage, obj, &released);
	} else {
		hand_to_next_page(hand, zspage);
	}
	spin_unlock(&class->lock);

	if (obj == ZSM_MAX_OBJS)
		return false;
	*freed += released.nr;
	zsm_dispose(pool, zspage, &released);
	return true;
}

/* ---- Pages -------------------------------------------------------------- */

/* Visits the page that the hand is at; false if it is not there, or has no object. */
static bool visit_page(struct zsm_pool *pool, unsigned long *freed)
{
	struct zsm_pool_class *class = class_at_hand(pool);
	bool visited = false;

	if (!class) {
		hand_to_page(&pool->hand, ZSM_MAX_CHAIN);
		return false;
	}
	while (ask_for_one(pool, class, freed))
		visited = true;
	return visited;
}

static unsigned long reclaim_classes(struct zsm_pool *pool, unsigned long pages)
{
	unsigned long visits = pages > ULONG_MAX / VISITS_PER_PAGE ?
				       ULONG_MAX :
				       pages * VISITS_PER_PAGE;
	struct zsm_hand *hand = &pool->hand;
	unsigned long freed = 0;
	unsigned int rounds = 0;

	lockdep_assert_held(&pool->shrink_lock);
	/* In two rounds, what was used before the first goes in the second. */
	while (freed < pages && visits && rounds <= 2) {
		if (hand->page >= ZSM_MAX_CHAIN && !hand_to_next_zspage(pool)) {
			hand->id = 0;
			hand_to_page(hand, 0);
			WRITE_ONCE(hand->round, hand->round + 1);
			rounds++;
		}
		if (visit_page(pool, &freed))
			visits--;
		cond_resched();
	}
	return freed;
}

unsigned long zsm_reclaim_some(struct zsm_pool *pool, unsigned long pages)
{
	unsigned long freed = pool->buddies ? zsm_buddies_reclaim(pool, pages) :
					      reclaim_classes(pool, pages);

	if (freed)
		zsm_tend(pool);
	return freed;
}

unsigned long zsm_reclaim(struct zsm_pool *pool, unsigned long pages)
{
	unsigned long freed;

	if (!zsm_may_evict(pool) || !mutex_trylock(&pool->shrink_lock))
		return 0;
	freed = zsm_reclaim_some(pool, pages);
	mutex_unlock(&pool->shrink_lock);
	return freed;
}
EXPORT_SYMBOL_GPL(zsm_reclaim);

u32 zsm_reclaim_round(const struct zsm_pool *pool)
{
	/* The only word of it that is read without the lock. */
	return READ_ONCE(pool->hand.round);
}
EXPORT_SYMBOL_GPL(zsm_reclaim_round);
