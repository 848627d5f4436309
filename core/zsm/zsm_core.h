/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The allocator's core, as C sees it: geometry, the state of a zspage and of
 * a size class, and the decisions that change them.
 *
 * A zspage is a chain of up to ZSM_MAX_CHAIN order-0 pages that need not be
 * adjacent, cut into objects of one size. It is sparse: a page of it is
 * populated when the first object that touches it is allocated and released
 * when the last such object is freed. All that is known about it stands in
 * its descriptor, struct zsm_zspage; the payload is never looked at.
 *
 * The core is pure state. It takes no lock, allocates nothing, maps nothing
 * and calls nobody. Whoever calls it holds the lock of the class concerned
 * and brings what the decision may consume (pages, a fresh descriptor); with
 * these in hand no call here can fail.
 *
 * C must have the fixed-width integer types before it includes this file.
 */
#ifndef ZSM_CORE_H
#define ZSM_CORE_H

#ifdef __cplusplus
#include <cstddef>
#include <cstdint>
#define ZSM_NOEXCEPT noexcept
#define ZSM_CONSTEXPR constexpr
#define ZSM_STATIC_ASSERT(cond) static_assert(cond)
extern "C" {
#else
#define ZSM_NOEXCEPT
#define ZSM_CONSTEXPR static inline
#define ZSM_STATIC_ASSERT(cond) _Static_assert(cond, #cond)
#endif

/* ---- Geometry ---------------------------------------------------------- */

/* The build defines the page shift of the target; user space tests 12 too. */
#ifndef ZSM_PAGE_SHIFT
#define ZSM_PAGE_SHIFT 12
#endif

#define ZSM_PAGE_SIZE (1u << ZSM_PAGE_SHIFT)

/*
 * Sizes are counted in granules, 256 to a page whatever the page's size, so
 * that one set of small numbers describes every geometry. At 4 KiB a granule
 * is 16 bytes.
 */
#define ZSM_GRANULE_SHIFT (ZSM_PAGE_SHIFT - 8)
#define ZSM_GRANULE (1u << ZSM_GRANULE_SHIFT)
#define ZSM_PAGE_GRANULES 256u

/* The smallest object: two granules at 4 KiB, one where granules are larger. */
#define ZSM_MIN_SIZE (ZSM_GRANULE < 32u ? 32u : ZSM_GRANULE)

/* Pages a zspage may have; the populated map is one 16-bit word. */
#define ZSM_MAX_CHAIN 16u

/* Objects a zspage may have: a whole page of the smallest. */
#define ZSM_MAX_OBJS (ZSM_PAGE_SIZE / ZSM_MIN_SIZE)
#define ZSM_OBJ_BITS (ZSM_GRANULE < 32u ? 7u : 8u)

/* Descriptors differ in size from class to class, in steps of this many bytes. */
#define ZSM_ZSPAGE_STEP 32u

/* A page's number is kept in 32 bits: 16 TiB of memory at 4 KiB pages. */
#define ZSM_MAX_PFN 0xffffffffu

/**
 * struct zsm_class_row - the constants of a size class
 * @size: object size in bytes, a multiple of ZSM_GRANULE
 * @inv: more than 2^24 / size in granules, by one at most: turns a division by
 *	@size into a multiplication (exact for every offset in a zspage)
 * @full_mul: 2^16 * ZSM_READY_LISTS / @nr_objs, rounded down: scales a count
 *	of used objects to a fullness
 * @nr_objs: objects a zspage
 * @nr_pages: pages a zspage
 * @nr_words: 32-bit words that have a bit for each object
 */
struct zsm_class_row {
	uint32_t size;
	uint32_t inv;
	uint32_t full_mul;
	uint16_t nr_objs;
	uint8_t nr_pages;
	uint8_t nr_words;
};

/**
 * struct zsm_class_table - every size class, made when the core is compiled
 * @rows: the classes, by rising size
 * @of_granules: the class of each size, by (size - 1) / ZSM_GRANULE
 * @nr_classes: how many of @rows there are
 */
struct zsm_class_table {
	struct zsm_class_row rows[ZSM_PAGE_GRANULES];
	uint8_t of_granules[ZSM_PAGE_GRANULES];
	uint16_t nr_classes;
};

extern const struct zsm_class_table zsm_classes;

/**
 * zsm_class_of() - the size class that serves a size
 * @size: bytes, 1 to ZSM_PAGE_SIZE
 *
 * Return: the class's index.
 */
static inline uint32_t zsm_class_of(uint32_t size)
{
	return zsm_classes.of_granules[(size - 1) >> ZSM_GRANULE_SHIFT];
}

/* ---- Locations --------------------------------------------------------- */

/*
 * A location names an object by number: the id of its zspage above the index
 * of the object in it. An owner keeps ZSM_LOC_BITS of it. Ids are bounded by
 * the C side's table, which has three levels of one page each.
 */
#define ZSM_ID_BITS \
	(3u * (ZSM_PAGE_SHIFT - 3u) < 29u ? 3u * (ZSM_PAGE_SHIFT - 3u) : 29u)
#define ZSM_LOC_BITS 37u

ZSM_STATIC_ASSERT(ZSM_ID_BITS + ZSM_OBJ_BITS <= ZSM_LOC_BITS);
ZSM_STATIC_ASSERT((1u << ZSM_OBJ_BITS) == ZSM_MAX_OBJS);

static inline uint64_t zsm_loc_pack(uint32_t id, uint32_t obj)
{
	return (uint64_t)id << ZSM_OBJ_BITS | obj;
}

static inline uint32_t zsm_loc_id(uint64_t loc)
{
	return (uint32_t)(loc >> ZSM_OBJ_BITS);
}

static inline uint32_t zsm_loc_obj(uint64_t loc)
{
	return (uint32_t)loc & (ZSM_MAX_OBJS - 1);
}

/* ---- Zspages ----------------------------------------------------------- */

/*
 * Lists of a class. A zspage that is full stands in none. One with room
 * stands in a *ready* list if a free object of it has all its pages already,
 * else in a *growing* list; within each kind the index rises with fullness.
 * The highest list that is not empty holds the best zspage to allocate from.
 */
#define ZSM_GROWING_LISTS 4u
#define ZSM_READY_LISTS 8u
#define ZSM_NR_LISTS (ZSM_GROWING_LISTS + ZSM_READY_LISTS)
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
 * numbers while it may not be moved: whoever keeps it from being freed and moved may
 * read them with no lock.
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

/* ---- Allocation and free ------------------------------------------------ */

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

/* An object: the zspage it is in and its index there. */
struct zsm_object {
	struct zsm_zspage *zspage;
	uint64_t obj;
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
struct zsm_object zsm_core_alloc(struct zsm_class *cls,
				 struct zsm_zspage *fresh,
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

/* ---- Compaction --------------------------------------------------------- */

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

/* ---- Moving a page ------------------------------------------------------ */

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

/* ---- Access ------------------------------------------------------------- */

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

/* ---- The table of zspages ----------------------------------------------- */

/*
 * From an id to its zspage: a tree of three levels, a page each, that grows
 * and never shrinks. Ids that were given back are chained through their
 * entries and used again first, so that ids stay small.
 */
#define ZSM_TABLE_LEVEL_BITS (ZSM_PAGE_SHIFT - 3u)
#define ZSM_TABLE_ENTRIES (1u << ZSM_TABLE_LEVEL_BITS)

/**
 * struct zsm_table - the zspages of a pool by id; zeroed to begin with
 * @top: the tree's first level
 * @nr_ids: ids 0 to @nr_ids - 1 have been given out
 * @free: one more than the last id given back, or 0
 */
struct zsm_table {
	void **top;
	uint32_t nr_ids;
	uint32_t free;
};

/**
 * zsm_table_entry() - what stands at an id
 * @table: the table
 * @id: an id below @table->nr_ids
 *
 * Needs no lock for the id of a zspage that has an object which the caller
 * keeps from being freed: its entry, and the way to it, do not change.
 *
 * Return: the zspage; for an id that was given back, an odd number.
 */
static inline struct zsm_zspage *zsm_table_entry(const struct zsm_table *table,
						 uint32_t id)
{
	const uint32_t mask = ZSM_TABLE_ENTRIES - 1;
	void **mid = (void **)table->top[id >> 2 * ZSM_TABLE_LEVEL_BITS];
	void **leaf = (void **)mid[id >> ZSM_TABLE_LEVEL_BITS & mask];

	return (struct zsm_zspage *)leaf[id & mask];
}

/* Whether an entry is a zspage's, and not a link between free ids. */
static inline int zsm_table_is_zspage(const struct zsm_zspage *entry)
{
	return !((uintptr_t)entry & 1);
}

/**
 * zsm_core_table_wants_page() - must the table grow before the next add?
 * @table: the table, locked
 *
 * Return: nonzero if so.
 */
int zsm_core_table_wants_page(const struct zsm_table *table) ZSM_NOEXCEPT;

/**
 * zsm_core_table_grow() - give the table a page
 * @table: the table, locked; it wants a page
 * @page: zeroed, ZSM_PAGE_SIZE bytes; the table's from now on
 */
void zsm_core_table_grow(struct zsm_table *table, void *page) ZSM_NOEXCEPT;

/**
 * zsm_core_table_add() - give a zspage an id
 * @table: the table, locked; it wants no page
 * @zspage: the zspage; receives its @id
 *
 * Return: 1, or 0 if there are as many zspages as locations can name.
 */
int zsm_core_table_add(struct zsm_table *table,
		       struct zsm_zspage *zspage) ZSM_NOEXCEPT;

/**
 * zsm_core_table_remove() - take a zspage's id back
 * @table: the table, locked
 * @zspage: the zspage; it has no object any more
 */
void zsm_core_table_remove(struct zsm_table *table,
			   struct zsm_zspage *zspage) ZSM_NOEXCEPT;

/**
 * zsm_core_table_take_page() - take one of the table's own pages out of it
 * @table: the table; it holds no zspage any more
 *
 * Called until it has no more, it takes the table apart.
 *
 * Return: a page the caller now owns, or NULL.
 */
void *zsm_core_table_take_page(struct zsm_table *table) ZSM_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif /* ZSM_CORE_H */
