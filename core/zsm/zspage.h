/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * A zspage is a chain of up to ZSM_MAX_CHAIN order-0 pages that need not be
 * adjacent, cut into objects of one size. It is sparse: a page of it is
 * populated when the first object that touches it is allocated and released
 * when the last such object is freed. All that is known about it stands in
 * its descriptor, struct zsm_zspage; the payload is never looked at.
 */
#ifndef ZSM_CORE_ZSPAGE_H
#define ZSM_CORE_ZSPAGE_H

#include "core/abi.h"
#include "core/zsm/size_class.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Lists of a class. A zspage that is full stands in none. One with room
 * stands in a *ready* list if a free object of it has all its pages already,
 * else in a *growing* list; within each kind the index rises with fullness.
 * A zspage that an owner has kept from being emptied stands above all of its
 * kind, so that it is filled first. The highest list that is not empty holds the
 * best zspage to allocate from.
 */
#define ZSM_GROWING_LEVELS 4u
#define ZSM_READY_LEVELS 8u
#define ZSM_KEPT_GROWING_LIST ZSM_GROWING_LEVELS
#define ZSM_GROWING_LISTS (ZSM_GROWING_LEVELS + 1)
#define ZSM_KEPT_READY_LIST (ZSM_GROWING_LISTS + ZSM_READY_LEVELS)
#define ZSM_NR_LISTS (ZSM_KEPT_READY_LIST + 1)
#define ZSM_NO_LIST 0xffu

/**
 * struct zsm_zspage - a zspage's descriptor
 * @next: next in its list; the core's
 * @prev: previous in its list, NULL at the head; the core's
 * @id: what locations call it; set when it is added to the pool's table
 * @class_idx: its size class; set by the C side before the first use
 * @list: the list it stands in, or ZSM_NO_LIST
 * @populated: bit p set: page p is there
 * @nr_used: objects allocated
 * @nr_unready: free objects that touch a page which is not populated
 * @tail: nr_words words of which bit i is set if object i is allocated, then
 *	nr_pages page frame numbers, then nr_objs owner numbers
 *
 * @class_idx and @id do not change while an object is allocated, nor do its page
 * numbers while it may not be moved: an owner that keeps it from being freed and moved
 * may read them with no lock.
 */
struct zsm_zspage {
	struct zsm_zspage *next;
	struct zsm_zspage *prev;
	uint32_t id;
	uint8_t class_idx;
	uint8_t list;
	uint16_t populated;
	uint16_t nr_used;
	uint16_t nr_unready;
	uint32_t tail[];
};

/* No page of a zspage. */
#define ZSM_NO_PAGE ZSM_MAX_CHAIN

#define ZSM_OBJS_PER_WORD 32u

/* Words that have a bit for each of so many objects. */
ZSM_CONSTEXPR uint32_t zsm_bitmap_words(uint32_t nr_objs)
{
	return (nr_objs + ZSM_OBJS_PER_WORD - 1) / ZSM_OBJS_PER_WORD;
}

/* Bytes of the descriptor of a zspage with so many pages and objects. */
ZSM_CONSTEXPR uint32_t zsm_zspage_bytes(uint32_t nr_pages, uint32_t nr_objs)
{
	const uint32_t bytes = offsetof(struct zsm_zspage, tail) +
			       sizeof(uint32_t) *
			       (zsm_bitmap_words(nr_objs) + nr_pages + nr_objs);

	return (bytes + ZSM_ZSPAGE_STEP - 1) / ZSM_ZSPAGE_STEP *
	       ZSM_ZSPAGE_STEP;
}

/* The largest of them. */
#define ZSM_MAX_ZSPAGE_BYTES \
	(sizeof(struct zsm_zspage) + ZSM_ZSPAGE_STEP + \
	 4 * (ZSM_MAX_OBJS / ZSM_OBJS_PER_WORD + ZSM_MAX_CHAIN + ZSM_MAX_OBJS))

/* Pages an object can touch, and so a free can release. */
#define ZSM_OBJ_PAGES 2u
/* Pages that may be at hand for allocations; one needs one at most. */
#define ZSM_RESERVE_PAGES 2u

/**
 * struct zsm_reserve - pages brought along for an allocation
 * @nr: how many there are
 * @pfn: their numbers; taken from the end
 */
struct zsm_reserve {
	uint32_t nr;
	uint32_t pfn[ZSM_RESERVE_PAGES];
};

/**
 * struct zsm_released - what a free gave back
 * @pfn: pages that no object touches any more; the caller frees them
 * @nr: how many
 * @state: ZSM_FREED, or ZSM_FREED_LAST if the zspage has no object left and
 *	the caller must free its descriptor, or ZSM_NOT_ALLOCATED if there was
 *	no such object and nothing was changed
 */
struct zsm_released {
	uint32_t pfn[ZSM_OBJ_PAGES];
	uint16_t nr;
	uint16_t state;
};

enum {
	ZSM_FREED,
	ZSM_FREED_LAST,
	ZSM_NOT_ALLOCATED,
};

/**
 * struct zsm_page_objs - the objects that touch a page
 * @first: the first
 * @last: the last
 */
struct zsm_page_objs {
	uint32_t first;
	uint32_t last;
};

/**
 * zsm_core_objs_on() - the objects, used or not, that touch a page
 * @zspage: the zspage
 * @page: the page's index there
 *
 * Context: any; the class of @zspage does not change.
 * Return: the first and the last.
 */
struct zsm_page_objs zsm_core_objs_on(struct zsm_zspage *zspage,
				      uint32_t page) ZSM_NOEXCEPT;

/* Whether an object is allocated. The caller holds the class's lock. */
static inline int zsm_is_used(const struct zsm_zspage *zspage, uint32_t obj)
{
	return (zspage->tail[obj / ZSM_OBJS_PER_WORD] >>
		obj % ZSM_OBJS_PER_WORD & 1) != 0;
}

/* The first page that an object touches. */
static inline uint32_t zsm_page_of(const struct zsm_zspage *zspage,
				   uint32_t obj)
{
	return obj * zsm_classes.rows[zspage->class_idx].size >> ZSM_PAGE_SHIFT;
}

/* Where the number of a zspage's page stands. */
static inline uint32_t *zsm_page_number(struct zsm_zspage *zspage,
					uint32_t page)
{
	return &zspage->tail[zsm_classes.rows[zspage->class_idx].nr_words +
			     page];
}

/* The number of the object's owner. The object is allocated. */
static inline uint32_t zsm_owner(const struct zsm_zspage *zspage, uint32_t obj)
{
	const struct zsm_class_row *row = &zsm_classes.rows[zspage->class_idx];

	return zspage->tail[row->nr_words + row->nr_pages + obj];
}

/**
 * struct zsm_extent - where an object's bytes are
 * @pfn: the page it starts in, and the one it goes on in if it crosses
 * @offset: bytes from the start of the first page
 */
struct zsm_extent {
	uint32_t pfn[2];
	uint32_t offset;
};

/**
 * zsm_extent() - where the first bytes of an object are
 * @zspage: the zspage
 * @obj: the object's index, allocated
 * @len: how many bytes are wanted, 1 to the class's size
 *
 * Return: the extent; @pfn[1] is set only if the bytes cross into a second page.
 */
static inline struct zsm_extent zsm_extent(const struct zsm_zspage *zspage,
					   uint32_t obj, uint32_t len)
{
	const struct zsm_class_row *row = &zsm_classes.rows[zspage->class_idx];
	const uint32_t start = obj * row->size;
	const uint32_t *pfn = &zspage->tail[row->nr_words +
					    (start >> ZSM_PAGE_SHIFT)];
	struct zsm_extent ext;

	ext.offset = start & (ZSM_PAGE_SIZE - 1);
	ext.pfn[0] = pfn[0];
	ext.pfn[1] = ext.offset + len > ZSM_PAGE_SIZE ? pfn[1] : 0;
	return ext;
}

#ifdef __cplusplus
}
#endif

#endif /* ZSM_CORE_ZSPAGE_H */
