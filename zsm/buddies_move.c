// SPDX-License-Identifier: GPL-2.0
/* Pools of pairs and of triples: objects are moved together, or evicted. */
#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "zsm/buddies.h"
#include "zsm/buddies_move.h"
#include "zsm/migrate.h"

/* Pages that an object which is kept is tried on, when its own is reclaimed. */
#define REFUGE_TRIES 8

/* Pages that are visited at most for each that is wanted. */
#define VISITS_PER_PAGE 8

/* How often a page is visited at most. */
#define ROUNDS 3

/* Looks for a move in a row that find none: what is left of a round, and another. */
#define COMPACT_LOOKS (2 * ZSM_PAGE_GRANULES)

/* ---- Compaction --------------------------------------------------------- */

static void copy_to_placing(const struct zsm_placing *to,
			    const struct zsm_buddy_page *from, u32 which)
{
	memcpy(zsm_frame_addr(to->page->pfn) + (to->first << ZSM_GRANULE_SHIFT),
	       zsm_buddies_addr(from, which), zsm_buddy_size(from, which));
}

enum step {
	STEP_LOOKED,
	STEP_MOVED,
	STEP_FREED,
	STEP_NONE,
};

static enum step make_move(struct zsm_pool *pool,
			   const struct zsm_buddy_move *move)
{
	struct zsm_buddy_pool *buddies = pool->buddies;
	u32 owner = move->from->owners[move->which];
	enum zsm_buddy_outcome outcome;

	lockdep_assert_held(&buddies->lock);
	if (!pool->ops->freeze(pool->priv, owner,
			       zsm_buddies_loc(buddies, move->from,
					       move->which))) {
		zsm_core_buddies_pass_over(&buddies->core, move);
		return STEP_LOOKED;
	}
	copy_to_placing(&move->to, move->from, move->which);
	outcome = zsm_core_buddies_move(&buddies->core, move);
	buddies->nr_moved++;
	pool->ops->thaw(pool->priv, owner,
			zsm_buddies_loc(buddies, move->to.page,
					move->to.which));
	if (outcome != ZSM_BUDDY_FREED_PAGE)
		return STEP_MOVED;
	zsm_detach_page(zsm_frame_page(move->from->pfn));
	return STEP_FREED;
}

static enum step compact_step(struct zsm_pool *pool)
{
	struct zsm_buddy_pool *buddies = pool->buddies;
	enum step step = STEP_NONE;
	struct zsm_buddy_move move;

	spin_lock(&buddies->lock);
	switch (zsm_core_buddies_pick_move(&buddies->core, &move)) {
	case ZSM_BUDDY_MOVE:
		step = make_move(pool, &move);
		break;
	case ZSM_BUDDY_SEARCH_ON:
		step = STEP_LOOKED;
		break;
	case ZSM_BUDDY_NO_MOVE:
		break;
	}
	spin_unlock(&buddies->lock);
	if (step == STEP_FREED)
		zsm_buddies_dispose(pool, move.from);
	return step;
}

void zsm_buddies_compact(struct zsm_pool *pool, struct zsm_effort *effort)
{
	u64 moves = READ_ONCE(pool->buddies->core.nr_used);
	enum step step = STEP_MOVED;
	unsigned int looks = 0;

	/* Others may undo what is done here, and make the round begin anew. */
	while (step != STEP_NONE && moves && looks < COMPACT_LOOKS &&
	       zsm_effort_left(effort)) {
		step = compact_step(pool);
		if (step == STEP_MOVED || step == STEP_FREED) {
			effort->moves--;
			moves--;
			looks = 0;
		} else {
			looks++;
		}
		if (step == STEP_FREED)
			effort->freed++;
		cond_resched();
	}
}

u64 zsm_buddies_gain(const struct zsm_pool *pool, struct zsm_occupancy *in)
{
	const struct zsm_buddies *core = &pool->buddies->core;

	/* A stale value only makes the caller try when it need not. */
	in->pages = data_race(core->nr_pages);
	/* A stale value only makes the kernel ask for less, or more. */
	in->objects = data_race(core->nr_used);
	/* A stale value does no more harm here. */
	return data_race(zsm_core_buddies_gain(core));
}

/* ---- Eviction under the pool's lock ------------------------------------- */

/* A hole for an object whose page is held, so that it is none of that page's. */
static bool find_refuge(struct zsm_buddies *core, u32 granules,
			struct zsm_placing *to)
{
	const struct zsm_buddy_page *after = NULL;
	unsigned int tries;

	for (tries = 0; tries < REFUGE_TRIES; tries++) {
		if (!zsm_core_buddies_pick(core, granules, after, to))
			return false;
		if (!to->slides)
			return true;
		after = to->page;
	}
	return false;
}

/* The owner keeps the object, and has frozen it. */
static void move_away(struct zsm_pool *pool, struct zsm_buddy_page *page,
		      u32 which)
{
	struct zsm_buddy_pool *buddies = pool->buddies;
	u32 owner = page->owners[which];
	struct zsm_loc loc = zsm_buddies_loc(buddies, page, which);
	struct zsm_placing to;

	lockdep_assert_held(&buddies->lock);
	if (find_refuge(&buddies->core,
			zsm_granules(zsm_buddy_size(page, which)), &to)) {
		copy_to_placing(&to, page, which);
		zsm_core_buddies_place(&buddies->core, &to, owner);
		zsm_core_buddies_free(&buddies->core, page, which);
		buddies->nr_moved++;
		loc = zsm_buddies_loc(buddies, to.page, to.which);
	}
	pool->ops->thaw(pool->priv, owner, loc);
}

static void evict_or_move(struct zsm_pool *pool, struct zsm_buddy_page *page,
			  u32 which)
{
	struct zsm_buddy_pool *buddies = pool->buddies;

	lockdep_assert_held(&buddies->lock);
	switch (pool->ops->evict(pool->priv, page->owners[which],
				 zsm_buddies_loc(buddies, page, which))) {
	case ZSM_EVICTED:
		zsm_core_buddies_free(&buddies->core, page, which);
		break;
	case ZSM_EVICT_FROZEN:
		move_away(pool, page, which);
		break;
	case ZSM_EVICT_REFUSED:
		break;
	}
}

bool zsm_buddies_release(struct zsm_pool *pool, struct zsm_buddy_page *page)
{
	lockdep_assert_held(&pool->buddies->lock);
	if (zsm_core_buddies_release(&pool->buddies->core, page) !=
	    ZSM_BUDDY_FREED_PAGE)
		return false;
	zsm_detach_page(zsm_frame_page(page->pfn));
	return true;
}

/* Empties the oldest page; false if it could not, *@any if there was one. */
static bool reclaim_page(struct zsm_pool *pool, bool *any)
{
	struct zsm_buddy_pool *buddies = pool->buddies;
	struct zsm_buddy_page *page;
	bool freed = false;
	u32 which;

	spin_lock(&buddies->lock);
	page = zsm_core_buddies_hold(&buddies->core);
	*any = page;
	if (page) {
		for (which = 0; which < ZSM_MAX_BUDDIES; which++) {
			if (zsm_buddy_is_used(page, which))
				evict_or_move(pool, page, which);
		}
		freed = zsm_buddies_release(pool, page);
	}
	spin_unlock(&buddies->lock);
	if (freed)
		zsm_buddies_dispose(pool, page);
	return freed;
}

unsigned long zsm_buddies_reclaim(struct zsm_pool *pool, unsigned long pages)
{
	/* Of what is used, the first round takes the mark, and the second the object. */
	u64 visits = ROUNDS * READ_ONCE(pool->buddies->core.nr_pages);
	unsigned long freed = 0;
	bool any = true;

	if (pages < visits / VISITS_PER_PAGE)
		visits = (u64)pages * VISITS_PER_PAGE;
	for (; any && visits && freed < pages; visits--) {
		freed += reclaim_page(pool, &any);
		cond_resched();
	}
	return freed;
}
