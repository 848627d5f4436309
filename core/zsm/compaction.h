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
 * @to: a free object whose pages are populated
 */
struct zsm_move {
	struct zsm_object from;
	struct zsm_object to;
};

/**
 * zsm_core_pick_move() - choose the next step that leads to a page's release
 * @cls: the class
 * @move: receives the step
 *
 * Takes the page with the fewest used objects in one of the least full
 * zspages, if there are as many free objects elsewhere that need no page. Nothing
 * else happening to the class, a page is released after ZSM_MAX_OBJS moves at the
 * most, so that this comes to an end.
 *
 * Context: any; the caller holds the class's lock.
 * Return: 1, or 0 if that page cannot be gained so; the class is settled then.
 */
int zsm_core_pick_move(struct zsm_class *cls,
		       struct zsm_move *move) ZSM_NOEXCEPT;

/**
 * zsm_core_move() - make a step that was picked under the same lock
 * @cls: the class
 * @move: the step; the caller has copied the object's bytes
 *
 * The owner number goes along.
 *
 * Context: any; the caller holds the class's lock.
 * Return: what was released, as by zsm_core_free() of @move->from.
 */
struct zsm_released zsm_core_move(struct zsm_class *cls,
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
 * zsm_core_merge() - make a step that was picked under the same locks
 * @from: the class that the object leaves
 * @to: the class that it comes to
 * @move: the step; the caller has copied the object's bytes
 *
 * Context: any; the caller holds both classes' locks.
 * Return: as zsm_core_move().
 */
struct zsm_released zsm_core_merge(struct zsm_class *from,
				   struct zsm_class *to,
				   const struct zsm_move *move) ZSM_NOEXCEPT;

/**
 * zsm_core_gain() - pages that compaction may give back
 * @cls: the class
 *
 * What is populated beyond what so many objects need, packed tightly; but not more
 * than there are free objects to move to, and none in a class that is settled.
 * Compaction comes close to it, and never beyond.
 *
 * Context: any. Without the class's lock the answer is a guess.
 * Return: pages.
 */
uint64_t zsm_core_gain(const struct zsm_class *cls) ZSM_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif /* ZSM_CORE_COMPACTION_H */
