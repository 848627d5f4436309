/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The state of a size class in one pool, and the decisions of allocation and free.
 *
 * The core is pure state. It takes no lock, allocates nothing, maps nothing
 * and calls no other code. Its caller holds the lock of the class concerned
 * and brings what the decision may consume (pages, a fresh descriptor); with
 * these in hand no call here can fail.
 */
#ifndef ZSM_CORE_CLASS_STATE_H
#define ZSM_CORE_CLASS_STATE_H

#include "core/zsm/zspage.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * struct zsm_class - the state of a size class in one pool
 * @lists: heads of the lists of zspages with room
 * @nonempty: bit l set: @lists[l] is not empty
 * @class_idx: which class it is; set by the C side, the rest zeroed
 * @nr_zspages: zspages with at least one object
 * @nr_used: objects allocated
 * @nr_ready: free objects whose pages are populated
 * @nr_pages: pages populated
 * @settled: compaction found nothing to gain, and since then no page has come and no
 *	object gone
 */
struct zsm_class {
	struct zsm_zspage *lists[ZSM_NR_LISTS];
	uint32_t nonempty;
	uint32_t class_idx;
	uint64_t nr_zspages;
	uint64_t nr_used;
	uint64_t nr_ready;
	uint64_t nr_pages;
	uint64_t settled;
};

/* A class is left as it is that has no more than this part above its fewest pages. */
#define ZSM_EXCESS_SHARE 200u

/**
 * struct zsm_taken - an object that was allocated
 * @zspage: the zspage that it is in
 * @obj: its index there
 * @page: which of the zspage's pages was taken from the reserve for it, or ZSM_NO_PAGE
 */
struct zsm_taken {
	struct zsm_zspage *zspage;
	uint32_t obj;
	uint32_t page;
};

/**
 * zsm_core_wants_fresh() - does the next allocation need a descriptor?
 * @cls: the class, locked
 *
 * Return: nonzero if so.
 */
static inline int zsm_core_wants_fresh(const struct zsm_class *cls)
{
	return !cls->nonempty;
}

/**
 * zsm_core_wants_pages() - pages that the next allocation may need
 * @cls: the class, locked
 *
 * Return: how many.
 */
static inline uint32_t zsm_core_wants_pages(const struct zsm_class *cls)
{
	return cls->nonempty >> ZSM_GROWING_LISTS ? 0 : 1;
}

/**
 * zsm_core_alloc() - take an object of a class
 * @cls: the class
 * @fresh: a descriptor of which @id and @class_idx are set, or NULL
 * @reserve: pages the allocation may consume
 * @owner: the owner's number for the object
 *
 * Takes an object whose pages are there from the fullest zspage that has one;
 * else one that needs one more page, from the fullest zspage with room; else the
 * first of @fresh.
 *
 * Context: any; the caller holds the class's lock. @fresh is not NULL if
 * zsm_core_wants_fresh(), and @reserve holds zsm_core_wants_pages() at least.
 * Return: the object. @fresh was consumed if it is in @fresh.
 */
struct zsm_taken zsm_core_alloc(struct zsm_class *cls, struct zsm_zspage *fresh,
				struct zsm_reserve *reserve,
				uint32_t owner) ZSM_NOEXCEPT;

/**
 * zsm_core_free() - give an object back
 * @cls: the class of @zspage
 * @zspage: the zspage it is in
 * @obj: its index there
 *
 * Context: any; the caller holds the class's lock.
 * Return: see struct zsm_released.
 */
struct zsm_released zsm_core_free(struct zsm_class *cls,
				  struct zsm_zspage *zspage,
				  uint32_t obj) ZSM_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif /* ZSM_CORE_CLASS_STATE_H */
