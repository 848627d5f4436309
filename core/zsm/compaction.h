/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* What to move so that pages become free. */
#ifndef ZSM_CORE_COMPACTION_H
#define ZSM_CORE_COMPACTION_H

#include "core/zsm/class_state.h"

#ifdef __cplusplus
extern "C" {
#endif

/* An object: the zspage it is in and its index there. */
struct zsm_object {
	struct zsm_zspage *zspage;
	uint32_t obj;
};

/**
 * struct zsm_move - a step of compaction
 * @from: an object to move
 * @to: a free object
 * @page: which page of @to's zspage has to be populated for it, or ZSM_NO_PAGE
 */
struct zsm_move {
	struct zsm_object from;
	struct zsm_object to;
	uint32_t page;
};

/**
 * zsm_core_pick_move() - choose the next step that packs a class more tightly
 * @cls: the class
 * @move: receives the step
 *
 * Takes an object from the page with the fewest in the emptiest zspage, to one that
 * is fuller: one with a free object that needs no page or, if there is none, one that
 * needs a page more. When one zspage is left that has room, its objects move to its
 * beginning. The sum of the squares of what zspages hold rises with each move between
 * two of them, so that this comes to an end: at the fewest pages possible, or
 * as close as ZSM_EXCESS_SHARE says.
 *
 * Context: any; the caller holds the class's lock.
 * Return: 1, or 0 if there is no such step. The class is settled then, unless owners
 *	refused: zsm_core_retry() may let it gain more.
 */
int zsm_core_pick_move(struct zsm_class *cls,
		       struct zsm_move *move) ZSM_NOEXCEPT;

/**
 * zsm_core_refused() - the owner of an object that was picked does not let it go
 * @cls: the class
 * @move: the step, picked under the same lock
 *
 * Until zsm_core_retry() the object's zspage is not emptied, but filled.
 *
 * Context: any; the caller holds the class's lock.
 */
void zsm_core_refused(struct zsm_class *cls,
		      const struct zsm_move *move) ZSM_NOEXCEPT;

/**
 * zsm_core_retry() - treat one of the zspages that owners refused as all others
 * @cls: the class
 *
 * Context: any; the caller holds the class's lock.
 * Return: 1, or 0 if there is none.
 */
int zsm_core_retry(struct zsm_class *cls) ZSM_NOEXCEPT;

/**
 * zsm_core_move_take() - begin a step that was picked under the same lock
 * @cls: the class that the object comes to
 * @move: the step
 * @reserve: a page if @move->page needs one
 *
 * Takes the free object. The owner number goes along.
 *
 * Context: any; the caller holds the class's lock.
 */
void zsm_core_move_take(struct zsm_class *cls, const struct zsm_move *move,
			struct zsm_reserve *reserve) ZSM_NOEXCEPT;

/**
 * zsm_core_move_give() - end a step
 * @cls: the class that the object leaves
 * @move: the step; the caller has copied the object's bytes
 *
 * Context: any; the caller has held the class's lock since zsm_core_move_take().
 * Return: what was released, as by zsm_core_free() of @move->from.
 */
struct zsm_released zsm_core_move_give(struct zsm_class *cls,
				       const struct zsm_move *move) ZSM_NOEXCEPT;

/*
 * A class whose objects lie tight has one page that is not full, and so has each of
 * its neighbours: small pools lose most in these. To merge is to empty such a page into
 * free objects of a class of slightly larger ones. What an object loses by that is
 * little beside the page, and it is lost until the object is freed.
 */

/* Classes up to so many above may take a class's objects. */
#define ZSM_MERGE_REACH 8u
/* The bytes that its objects lose may be this part of the page gained. */
#define ZSM_MERGE_SHARE 8u

/**
 * zsm_core_merge_objs() - objects that a merge would have to move
 * @cls: the class that would lose a page
 *
 * Context: any; the caller holds the class's lock.
 * Return: how many used objects are on the page with the fewest in one of the least
 *	full zspages; 0 if none has room.
 */
uint32_t zsm_core_merge_objs(const struct zsm_class *cls) ZSM_NOEXCEPT;

/**
 * zsm_core_pick_merge() - choose the next step that merges a page into a class
 * @from: the class that loses the page
 * @to: one of larger objects
 * @move: receives the step
 *
 * Nothing else happening to the classes, the page is released after as many steps as
 * zsm_core_merge_objs() said at first.
 *
 * Context: any; the caller holds both classes' locks.
 * Return: 1, or 0 if @to has too few free objects on pages that are there, or too large
 *	ones.
 */
int zsm_core_pick_merge(const struct zsm_class *from,
			const struct zsm_class *to,
			struct zsm_move *move) ZSM_NOEXCEPT;

/**
 * zsm_core_gain() - pages that compaction will give back
 * @cls: the class
 *
 * What is populated beyond what so many objects need, packed tightly; none if that
 * is little beside the class (ZSM_EXCESS_SHARE), or in a class that is settled.
 *
 * Context: any. Without the class's lock the answer is a guess.
 * Return: pages.
 */
uint64_t zsm_core_gain(const struct zsm_class *cls) ZSM_NOEXCEPT;

/* ---- Eviction ----------------------------------------------------------- */

/**
 * zsm_core_pick_refuge() - where an object can go whose page is to be freed
 * @cls: the class
 * @from: the object, used
 * @page: the page that it has to leave
 * @move: receives the step
 *
 * Context: any; the caller holds the class's lock.
 * Return: 1, or 0 if every free object off the page needs a page.
 */
int zsm_core_pick_refuge(const struct zsm_class *cls,
			 const struct zsm_object *from, uint32_t page,
			 struct zsm_move *move) ZSM_NOEXCEPT;

/**
 * zsm_core_next_used() - the next used object that touches a page
 * @zspage: the zspage
 * @page: the page's index there
 * @obj: where to begin; one before the page's first stands for that
 *
 * Context: any; the caller holds the lock of the zspage's class.
 * Return: the object; ZSM_MAX_OBJS if there is none, or the page is not populated.
 */
uint32_t zsm_core_next_used(struct zsm_zspage *zspage, uint32_t page,
			    uint32_t obj) ZSM_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif /* ZSM_CORE_COMPACTION_H */
