/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * From an id to its zspage: a tree of three levels, a page each, that grows
 * and never shrinks. Ids that were given back are chained through their
 * entries and used again first, so that ids stay small.
 */
#ifndef ZSM_CORE_TABLE_H
#define ZSM_CORE_TABLE_H

#include "core/zsm/location.h"
#include "core/zsm/zspage.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ZSM_TABLE_LEVEL_BITS (ZSM_PAGE_SHIFT - 3u)
#define ZSM_TABLE_ENTRIES (1u << ZSM_TABLE_LEVEL_BITS)

/* The tree's last level. The entry of an id that was given back is a link. */
struct zsm_table_leaf {
	struct zsm_zspage *entries[ZSM_TABLE_ENTRIES];
};

struct zsm_table_mid {
	struct zsm_table_leaf *leaves[ZSM_TABLE_ENTRIES];
};

struct zsm_table_top {
	struct zsm_table_mid *mids[ZSM_TABLE_ENTRIES];
};

/**
 * struct zsm_table - the zspages of a pool by id; zeroed to begin with
 * @top: the tree's first level
 * @nr_ids: ids 0 to @nr_ids - 1 have been given out
 * @free: one more than the last id given back, or 0
 */
struct zsm_table {
	struct zsm_table_top *top;
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
	const struct zsm_table_mid *mid =
		table->top->mids[id >> 2 * ZSM_TABLE_LEVEL_BITS];

	return mid->leaves[id >> ZSM_TABLE_LEVEL_BITS & mask]
		->entries[id & mask];
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

#endif /* ZSM_CORE_TABLE_H */
