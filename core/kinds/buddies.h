/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Pools of pairs and of triples, as C sees their core: pages that hold two or three
 * objects each, of any sizes that fit.
 *
 * A page is 256 granules long. Its objects do not overlap, and none crosses into
 * another page; so a page comes back after two or three evictions, always. All that is
 * known about a page stands in its descriptor, struct zsm_buddy_page, one cache line;
 * the payload is never looked at.
 *
 * Pages with room stand in bins by their *room*: the longest object that they take, if
 * one of theirs may be slid to join two holes. Allocation is best fit, by the lowest
 * bin that is high enough: a search of 256 bits. All pages are ordered by when an
 * object was last allocated in them.
 *
 * The core is pure state, as that of size classes: the caller holds the pool's lock, brings
 * what a decision may consume, and copies what a decision moves.
 */
#ifndef ZSM_CORE_KINDS_BUDDIES_H
#define ZSM_CORE_KINDS_BUDDIES_H

#include "core/zsm/location.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Objects that a page of the larger kind may have. */
#define ZSM_MAX_BUDDIES 3u

/**
 * struct zsm_buddy_page - a page's descriptor
 * @next: next in its bin; the core's
 * @prev: previous in its bin, NULL at the head; the core's
 * @id: what locations call it; set by the C side before the first use
 * @pfn: its page's number; set by the C side before the first use
 * @newer: the page that was allocated in after it; the core's
 * @older: the page that was allocated in before it; the core's
 * @owners: the owner number of each object
 * @first: the granule that each object begins with
 * @last: the granule that each object ends with
 * @used: bit i set: there is an object i
 * @room: granules of the longest object that it takes, and its bin; 0 in none
 * @held: it is being reclaimed: in no bin, and not among the pages by age
 *
 * @id does not change while there is an object, nor do @pfn and an object's granules
 * while its owner keeps it from being moved: that owner may read them with no lock.
 */
struct zsm_buddy_page {
	struct zsm_buddy_page *next;
	struct zsm_buddy_page *prev;
	uint32_t id;
	uint32_t pfn;
	struct zsm_buddy_page *newer;
	struct zsm_buddy_page *older;
	uint32_t owners[ZSM_MAX_BUDDIES];
	uint8_t first[ZSM_MAX_BUDDIES];
	uint8_t last[ZSM_MAX_BUDDIES];
	uint8_t used;
	uint8_t room;
	uint32_t held;
};

ZSM_STATIC_ASSERT(sizeof(struct zsm_buddy_page) == 64);

#define ZSM_BIN_WORDS (ZSM_PAGE_GRANULES / 64u)

/**
 * struct zsm_buddies - the state of a pool of pairs or triples
 * @bins: heads of the lists of pages with room, by room
 * @nonempty: bit r of all words in a row set: @bins[r] is not empty
 * @newest: the page last allocated in
 * @oldest: the page that was not allocated in for longest
 * @per_page: 2 or 3 objects; set by the C side, the rest zeroed
 * @slides: objects may be slid; set by the C side
 * @nr_pages: pages with at least one object, or held
 * @nr_used: objects allocated
 * @nr_granules: granules of these
 * @settled: compaction found nothing to gain, and since then no object has become
 *	shorter or gone
 * @searched: bins, from that of the most room on, in which compaction has found no page
 *	that it could empty
 * @moved: it has moved something since it began with the first of these
 * @kept: an owner has kept an object since then
 */
struct zsm_buddies {
	struct zsm_buddy_page *bins[ZSM_PAGE_GRANULES];
	uint64_t nonempty[ZSM_BIN_WORDS];
	struct zsm_buddy_page *newest;
	struct zsm_buddy_page *oldest;
	uint32_t per_page;
	uint32_t slides;
	uint64_t nr_pages;
	uint64_t nr_used;
	uint64_t nr_granules;
	uint64_t settled;
	uint32_t searched;
	uint16_t moved;
	uint16_t kept;
};

/* ---- Locations --------------------------------------------------------- */

/*
 * A location is, from the top: the number of objects a page (2 bits; a location in size
 * classes has 0 there, or an id that no pool has), a number of the pool's (4 bits), the
 * page's id, and which of its objects. So a location of another kind is told from one's
 * own, and nearly always one of another pool.
 */
#define ZSM_BUDDY_BITS 2u
#define ZSM_BUDDY_POOL_BITS 4u
#define ZSM_BUDDY_KIND_SHIFT (ZSM_LOC_BITS - 2u)
#define ZSM_BUDDY_POOL_SHIFT (ZSM_BUDDY_KIND_SHIFT - ZSM_BUDDY_POOL_BITS)

ZSM_STATIC_ASSERT(ZSM_ID_BITS + ZSM_BUDDY_BITS <= ZSM_BUDDY_POOL_SHIFT);

/* What all locations of a pool have in common; of @pool the low bits count. */
static inline uint64_t zsm_buddy_loc_base(uint32_t per_page, uint32_t pool)
{
	const uint32_t tag = pool & ((1u << ZSM_BUDDY_POOL_BITS) - 1);

	return (uint64_t)per_page << ZSM_BUDDY_KIND_SHIFT |
	       (uint64_t)tag << ZSM_BUDDY_POOL_SHIFT;
}

static inline struct zsm_loc zsm_buddy_loc_pack(uint64_t base, uint32_t id,
						uint32_t which)
{
	struct zsm_loc loc = { base | (uint64_t)id << ZSM_BUDDY_BITS | which };

	return loc;
}

/* Whether a location may be of the pool that has this base. */
static inline bool zsm_buddy_loc_is_of(struct zsm_loc loc, uint64_t base)
{
	return loc.value >> ZSM_BUDDY_POOL_SHIFT == base >> ZSM_BUDDY_POOL_SHIFT;
}

static inline uint32_t zsm_buddy_loc_id(struct zsm_loc loc)
{
	const uint64_t ids = ((uint64_t)1 << ZSM_BUDDY_POOL_SHIFT) - 1;

	return (uint32_t)((loc.value & ids) >> ZSM_BUDDY_BITS);
}

static inline uint32_t zsm_buddy_loc_which(struct zsm_loc loc)
{
	return (uint32_t)loc.value & ((1u << ZSM_BUDDY_BITS) - 1);
}

/* ---- Objects ----------------------------------------------------------- */

/* Granules of an object of so many bytes, 1 to ZSM_PAGE_SIZE. */
static inline uint32_t zsm_granules(uint32_t size)
{
	return (size + ZSM_GRANULE - 1) >> ZSM_GRANULE_SHIFT;
}

/* Whether there is an object; for a @which of 3 there is none. */
static inline int zsm_buddy_is_used(const struct zsm_buddy_page *page,
				    uint32_t which)
{
	return page->used >> which & 1;
}

/* Where an object's bytes are, from the start of its page. */
static inline uint32_t zsm_buddy_offset(const struct zsm_buddy_page *page,
					uint32_t which)
{
	return (uint32_t)page->first[which] << ZSM_GRANULE_SHIFT;
}

/* Bytes that an object has room for. */
static inline uint32_t zsm_buddy_size(const struct zsm_buddy_page *page,
				      uint32_t which)
{
	return (page->last[which] - page->first[which] + 1u)
	       << ZSM_GRANULE_SHIFT;
}

/* ---- Allocation and free ------------------------------------------------ */

/*
 * What a free, or the end of a hold, has come to. With FREED_PAGE the page has no
 * object left, has left the pool and is the caller's to free; with NOT_ALLOCATED there
 * was no such object, and nothing was changed.
 */
enum zsm_buddy_outcome {
	ZSM_BUDDY_FREED,
	ZSM_BUDDY_FREED_PAGE,
	ZSM_BUDDY_NOT_ALLOCATED,
};

/**
 * struct zsm_placing - where a new object goes
 * @page: the page
 * @which: which of its objects it becomes
 * @first: the granule it begins with
 * @granules: how many it takes
 * @slides: object @slid moves first, within the page
 * @slid: the object that moves
 * @slid_to: the granule it begins with afterwards; it may overlap where it was
 */
struct zsm_placing {
	struct zsm_buddy_page *page;
	uint32_t which;
	uint32_t first;
	uint32_t granules;
	uint32_t slides;
	uint32_t slid;
	uint32_t slid_to;
};

/**
 * zsm_core_buddies_pick() - choose where a new object goes
 * @buddies: the pool
 * @granules: how long it is, 1 to ZSM_PAGE_GRANULES
 * @after: NULL, or the page that was picked before under the same lock and will not do
 * @placing: receives the choice
 *
 * Takes a page of the least room that is enough. Asked again with @after, it goes on
 * with the next one.
 *
 * Context: any; the caller holds the pool's lock.
 * Return: 1, or 0 if no page (after that one) has the room: a fresh one is needed.
 */
int zsm_core_buddies_pick(struct zsm_buddies *buddies, uint32_t granules,
			  const struct zsm_buddy_page *after,
			  struct zsm_placing *placing) ZSM_NOEXCEPT;

/**
 * zsm_core_buddies_place() - make an object where it was picked under the same lock
 * @buddies: the pool
 * @placing: the choice; if an object slides, the caller has copied its bytes
 * @owner: the owner's number for the new object
 *
 * Context: any; the caller holds the pool's lock.
 */
void zsm_core_buddies_place(struct zsm_buddies *buddies,
			    const struct zsm_placing *placing,
			    uint32_t owner) ZSM_NOEXCEPT;

/**
 * zsm_core_buddies_add() - make an object on a page of its own
 * @buddies: the pool
 * @page: a descriptor of which @id and @pfn are set, in the pool from now on
 * @granules: how long the object is, 1 to ZSM_PAGE_GRANULES
 * @owner: the owner's number for it
 *
 * Context: any; the caller holds the pool's lock.
 * Return: which of the page's objects it is.
 */
uint32_t zsm_core_buddies_add(struct zsm_buddies *buddies,
			      struct zsm_buddy_page *page, uint32_t granules,
			      uint32_t owner) ZSM_NOEXCEPT;

/**
 * zsm_core_buddies_free() - give an object back
 * @buddies: the pool
 * @page: the page it is in
 * @which: which of its objects it is; anything
 *
 * Context: any; the caller holds the pool's lock.
 * Return: as enum zsm_buddy_outcome; never FREED_PAGE for a page that is held.
 */
enum zsm_buddy_outcome
zsm_core_buddies_free(struct zsm_buddies *buddies, struct zsm_buddy_page *page,
		      uint32_t which) ZSM_NOEXCEPT;

/**
 * zsm_core_buddies_resize() - change an object's length where it is
 * @buddies: the pool
 * @page: the page it is in
 * @which: which of its objects it is, allocated
 * @granules: how long it shall be, 1 to ZSM_PAGE_GRANULES
 *
 * Context: any; the caller holds the pool's lock.
 * Return: 1, or 0 if something else is in the way and nothing was changed.
 */
int zsm_core_buddies_resize(struct zsm_buddies *buddies,
			    struct zsm_buddy_page *page, uint32_t which,
			    uint32_t granules) ZSM_NOEXCEPT;

/* ---- Reclaim ------------------------------------------------------------ */

/**
 * zsm_core_buddies_hold() - take the oldest page for reclaim
 * @buddies: the pool
 *
 * Nothing is allocated on a page that is held; objects on it are freed as ever, but
 * the page stays until zsm_core_buddies_release().
 *
 * Context: any; the caller holds the pool's lock.
 * Return: the page, or NULL if all are held.
 */
struct zsm_buddy_page *
zsm_core_buddies_hold(struct zsm_buddies *buddies) ZSM_NOEXCEPT;

/**
 * zsm_core_buddies_release() - end what zsm_core_buddies_hold() began
 * @buddies: the pool
 * @page: the page
 *
 * A page that still has objects becomes the newest.
 *
 * Context: any; the caller holds the pool's lock.
 * Return: ZSM_BUDDY_FREED_PAGE if no object is left, else ZSM_BUDDY_FREED.
 */
enum zsm_buddy_outcome
zsm_core_buddies_release(struct zsm_buddies *buddies,
			 struct zsm_buddy_page *page) ZSM_NOEXCEPT;

/* ---- Compaction --------------------------------------------------------- */

/**
 * struct zsm_buddy_move - a step of compaction
 * @from: the page to be emptied
 * @which: the object of it that moves
 * @to: where it goes; nothing slides for it
 */
struct zsm_buddy_move {
	struct zsm_buddy_page *from;
	uint32_t which;
	struct zsm_placing to;
};

/* What a look for a step came to. */
enum zsm_buddy_search {
	ZSM_BUDDY_NO_MOVE,	/* a round through all bins has found none */
	ZSM_BUDDY_MOVE,		/* here is one */
	ZSM_BUDDY_SEARCH_ON,	/* none among some pages; there are others */
};

/**
 * zsm_core_buddies_pick_move() - choose the next step that leads to a page's release
 * @buddies: the pool
 * @move: receives the step
 *
 * Takes the longest object of a page with much room, if another page has a hole for it and
 * becomes fuller than the first one was: so there is an end to it, as the sum of the
 * squares of what pages hold grows with each step. The first page has still more room
 * afterwards, so that it is soon asked about again: nothing else happening to the pool,
 * it is released after three steps at the most, or one of its objects fits nowhere. Then
 * pages of less room are tried; a call looks at some pages of one bin.
 *
 * Context: any; the caller holds the pool's lock.
 * Return: what the look came to. If it is ZSM_BUDDY_NO_MOVE the pool is settled, unless an
 *	owner has kept an object in that round.
 */
enum zsm_buddy_search
zsm_core_buddies_pick_move(struct zsm_buddies *buddies,
			   struct zsm_buddy_move *move) ZSM_NOEXCEPT;

/**
 * zsm_core_buddies_pass_over() - go on without a step that was picked under the same lock
 * @buddies: the pool
 * @move: the step, of which the owner keeps the object
 *
 * Pages of that much room are not tried again in this round.
 *
 * Context: any; the caller holds the pool's lock.
 */
void zsm_core_buddies_pass_over(struct zsm_buddies *buddies,
				const struct zsm_buddy_move *move) ZSM_NOEXCEPT;

/**
 * zsm_core_buddies_move() - make a step that was picked under the same lock
 * @buddies: the pool
 * @move: the step; the caller has copied the object's bytes
 *
 * The owner number goes along, and the target does not become newer.
 *
 * Context: any; the caller holds the pool's lock.
 * Return: as zsm_core_buddies_free() of the object that moved.
 */
enum zsm_buddy_outcome
zsm_core_buddies_move(struct zsm_buddies *buddies,
		      const struct zsm_buddy_move *move) ZSM_NOEXCEPT;

/**
 * zsm_core_buddies_gain() - pages that compaction may give back
 * @buddies: the pool
 *
 * What there is beyond the fewest pages that so many objects and bytes need; none in a
 * pool that is settled.
 *
 * Context: any. Without the pool's lock the answer is a guess.
 * Return: pages.
 */
uint64_t
zsm_core_buddies_gain(const struct zsm_buddies *buddies) ZSM_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif /* ZSM_CORE_KINDS_BUDDIES_H */
