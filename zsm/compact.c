// SPDX-License-Identifier: GPL-2.0
/* Compaction: moves objects together, and gives back the pages that are gained. */
#include <linux/compiler.h>
#include <linux/export.h>
#include <linux/freezer.h>
#include <linux/gfp.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

#include "zsm/access.h"
#include "zsm/buddies_move.h"
#include "zsm/compact.h"
#include "zsm/limit.h"
#include "zsm/migrate.h"
#include "zsm/reserve.h"
#include "zsm/zspage.h"

/*
 * For the first page that moves need, without waiting. A thread that reclaims memory may
 * take it of what the kernel sets aside for that: it gives back more than it takes.
 */
#define COMPACT_GFP (GFP_NOWAIT | __GFP_NOWARN)

/* Zspages that are retried before the class's lock is given up. */
#define RETRY_BATCH 32

enum step {
	STEP_MOVED,
	STEP_REFUSED,
	STEP_WANTS_PAGE,
	STEP_NONE,
};

void zsm_move_frozen(struct zsm_pool *pool, struct zsm_pool_class *from,
		     struct zsm_pool_class *to, const struct zsm_move *move,
		     struct zsm_reserve *reserve, struct zsm_released *released)
{
	u32 size = zsm_classes.rows[from->core.class_idx].size;
	u32 owner = zsm_owner(move->from.zspage, move->from.obj);
	struct zsm_extent src, dst;

	lockdep_assert_held(&from->lock);
	lockdep_assert_held(&to->lock);
	zsm_core_move_take(&to->core, move, reserve);
	if (move->page != ZSM_NO_PAGE)
		zsm_attach_page(pool, to, move->to.zspage, move->page);
	src = zsm_extent(move->from.zspage, move->from.obj, size);
	dst = zsm_extent(move->to.zspage, move->to.obj, size);
	zsm_copy(&dst, &src, size);
	*released = zsm_core_move_give(&from->core, move);
	zsm_detach_released(from, released);
	from->nr_moved++;
	pool->ops->thaw(pool->priv, owner,
			zsm_loc_pack(move->to.zspage->id, move->to.obj));
}

/*
 * Makes a move inside a class, or from one to another. The order of locks is the
 * owner's, then the class's: with the class's held, the owner's may only be tried, and
 * that is what freeze() does.
 */
static enum step make_move(struct zsm_pool *pool, struct zsm_pool_class *from,
			   struct zsm_pool_class *to,
			   const struct zsm_move *move,
			   struct zsm_effort *effort,
			   struct zsm_released *released)
	__must_hold(&from->lock) __must_hold(&to->lock)
{
	lockdep_assert_held(&from->lock);
	lockdep_assert_held(&to->lock);
	if (move->page != ZSM_NO_PAGE && !effort->reserve.nr)
		return STEP_WANTS_PAGE;
	if (!pool->ops->freeze(pool->priv,
			       zsm_owner(move->from.zspage, move->from.obj),
			       zsm_loc_pack(move->from.zspage->id,
					    move->from.obj))) {
		zsm_core_refused(&from->core, move);
		return STEP_REFUSED;
	}
	zsm_move_frozen(pool, from, to, move, &effort->reserve, released);
	return STEP_MOVED;
}

/* Keeps pages that a move has freed for the next moves that need one. */
static void keep_pages(struct zsm_effort *effort, struct zsm_released *released)
{
	while (released->nr &&
	       zsm_reserve_keep(&effort->reserve,
				released->pfn[released->nr - 1]))
		released->nr--;
}

/* Takes care of what a move has populated and left; no lock is held. */
static void moved(struct zsm_pool *pool, const struct zsm_move *move,
		  struct zsm_released *released, struct zsm_effort *effort)
{
	long pages = released->nr - (move->page != ZSM_NO_PAGE);

	effort->moves--;
	effort->freed += pages;
	keep_pages(effort, released);
	/* zsm_dispose() uncharges the pages that it gives back. */
	pages -= released->nr;
	if (pages)
		zsm_charge(pool, -(s64)pages * PAGE_SIZE);
	zsm_dispose(pool, move->from.zspage, released);
	cond_resched();
}

static enum step compact_step(struct zsm_pool *pool,
			      struct zsm_pool_class *class,
			      struct zsm_effort *effort)
{
	enum step step = STEP_NONE;
	struct zsm_released released;
	struct zsm_move move;

	spin_lock(&class->lock);
	if (zsm_core_pick_move(&class->core, &move))
		step = make_move(pool, class, class, &move, effort, &released);
	spin_unlock(&class->lock);
	if (step == STEP_MOVED)
		moved(pool, &move, &released, effort);
	return step;
}

static void compact_class(struct zsm_pool *pool, struct zsm_pool_class *class,
			  struct zsm_effort *effort)
{
	u64 steps = READ_ONCE(class->core.nr_used);

	if (READ_ONCE(class->core.settled))
		return;
	/* Others may undo what is done here: no more steps than objects. */
	while (steps-- && zsm_effort_left(effort)) {
		enum step step = compact_step(pool, class, effort);

		if (step == STEP_NONE)
			break;
		if (step == STEP_WANTS_PAGE &&
		    zsm_reserve_fill(pool, &effort->reserve, COMPACT_GFP))
			break;
	}
}

unsigned long zsm_effort_end(struct zsm_pool *pool, struct zsm_effort *effort)
{
	zsm_reserve_drop(&effort->reserve);
	atomic64_add(effort->freed, &pool->pages_compacted);
	return max(effort->freed, 0L);
}

static void retry_class(struct zsm_pool_class *class)
{
	unsigned int left;

	do {
		spin_lock(&class->lock);
		for (left = RETRY_BATCH; left; left--) {
			if (!zsm_core_retry(&class->core))
				break;
		}
		spin_unlock(&class->lock);
		cond_resched();
	} while (!left);
}

void zsm_compact_retry(struct zsm_pool *pool)
{
	unsigned int i;

	for (i = 0; i < zsm_nr_classes(pool); i++)
		retry_class(&pool->classes[i]);
}

/* Makes one move of a merge; false if there is none, or its owner refuses. */
static bool merge_step(struct zsm_pool *pool, struct zsm_pool_class *from,
		       struct zsm_pool_class *to, struct zsm_effort *effort)
{
	enum step step = STEP_NONE;
	struct zsm_released released;
	struct zsm_move move;

	/* By rising size. */
	spin_lock(&from->lock);
	spin_lock_nested(&to->lock, SINGLE_DEPTH_NESTING);
	if (zsm_core_pick_merge(&from->core, &to->core, &move))
		step = make_move(pool, from, to, &move, effort, &released);
	spin_unlock(&to->lock);
	spin_unlock(&from->lock);
	if (step != STEP_MOVED)
		return false;
	moved(pool, &move, &released, effort);
	return true;
}

void zsm_merge_class(struct zsm_pool *pool, unsigned int class_idx,
		     struct zsm_effort *effort)
{
	struct zsm_pool_class *from = &pool->classes[class_idx];
	unsigned int end = min(class_idx + 1 + ZSM_MERGE_REACH,
			       (unsigned int)zsm_classes.nr_classes);
	u64 moves = READ_ONCE(from->core.nr_used);
	unsigned int i;

	for (i = class_idx + 1; i < end; i++) {
		struct zsm_pool_class *to = &pool->classes[i];

		while (READ_ONCE(to->core.nr_ready) && moves &&
		       zsm_effort_left(effort) &&
		       merge_step(pool, from, to, effort))
			moves--;
	}
}

/*
 * Larger objects first: a page of them is emptied by fewer moves. An effort that ends
 * early is followed by one that begins with the next class, so that none waits for ever
 * for another in which objects come and go.
 */
void zsm_compact_some(struct zsm_pool *pool, struct zsm_effort *effort)
{
	unsigned int class_idx = READ_ONCE(pool->tending.next_class);
	unsigned int i;

	if (pool->buddies) {
		zsm_buddies_compact(pool, effort);
		return;
	}
	for (i = 0; i < zsm_classes.nr_classes && zsm_effort_left(effort); i++) {
		if (!class_idx)
			class_idx = zsm_classes.nr_classes;
		compact_class(pool, &pool->classes[--class_idx], effort);
	}
	WRITE_ONCE(pool->tending.next_class,
		   i < zsm_classes.nr_classes ? class_idx : 0);
}

unsigned long zsm_compact(struct zsm_pool *pool)
{
	struct zsm_effort effort = { .moves = ULONG_MAX, .wanted = LONG_MAX };
	unsigned int i;

	if (!pool->ops)
		return 0;
	zsm_compact_retry(pool);
	zsm_compact_some(pool, &effort);
	for (i = 0; i < zsm_nr_classes(pool) && zsm_effort_left(&effort); i++)
		zsm_merge_class(pool, i, &effort);
	return zsm_effort_end(pool, &effort);
}
EXPORT_SYMBOL_GPL(zsm_compact);

u64 zsm_gain(struct zsm_pool *pool, struct zsm_occupancy *in)
{
	u64 gain = 0;
	unsigned int i;

	if (pool->buddies)
		return zsm_buddies_gain(pool, in);
	*in = (struct zsm_occupancy){};
	for (i = 0; i < zsm_classes.nr_classes; i++) {
		const struct zsm_class *core = &pool->classes[i].core;

		/* A stale value only makes the caller try when it need not. */
		in->pages += data_race(core->nr_pages);
		/* A stale value only makes the kernel ask for less, or more. */
		in->objects += data_race(core->nr_used);
		/* A stale value does no more harm here. */
		gain += data_race(zsm_core_gain(core));
	}
	return gain;
}
