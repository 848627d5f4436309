// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "core/zsm/table.h"

namespace {

constexpr uint32_t level_bits = ZSM_TABLE_LEVEL_BITS;
constexpr uint32_t entry_mask = ZSM_TABLE_ENTRIES - 1;

static_assert(sizeof(zsm_table_leaf) == ZSM_PAGE_SIZE);
static_assert(sizeof(zsm_table_mid) == ZSM_PAGE_SIZE);
static_assert(sizeof(zsm_table_top) == ZSM_PAGE_SIZE);

constexpr uint32_t top_index(uint32_t id) noexcept
{
	return id >> 2 * level_bits;
}

constexpr uint32_t mid_index(uint32_t id) noexcept
{
	return id >> level_bits & entry_mask;
}

/* A link to a free id (one more than it, or 0): odd, so no zspage's address. */
zsm_zspage *free_link(uint32_t free) noexcept
{
	return reinterpret_cast<zsm_zspage *>(uintptr_t{free} << 1 | 1);
}

uint32_t linked(const zsm_zspage *link) noexcept
{
	return static_cast<uint32_t>(reinterpret_cast<uintptr_t>(link) >> 1);
}

zsm_zspage *&entry(const zsm_table &table, uint32_t id) noexcept
{
	return table.top->mids[top_index(id)]
		->leaves[mid_index(id)]
		->entries[id & entry_mask];
}

bool is_full(const zsm_table &table) noexcept
{
	return !table.free && table.nr_ids >> ZSM_ID_BITS;
}

/* A level's last child, taken out of it; NULL if it has none. */
zsm_table_leaf *take_leaf(zsm_table_mid &mid) noexcept
{
	for (uint32_t i = ZSM_TABLE_ENTRIES; i-- > 0;) {
		if (zsm_table_leaf *taken = mid.leaves[i]) {
			mid.leaves[i] = nullptr;
			return taken;
		}
	}
	return nullptr;
}

} /* namespace */

extern "C" int zsm_core_table_wants_page(const zsm_table *table) noexcept
{
	if (table->free || is_full(*table))
		return false;
	if (!table->top)
		return true;

	const zsm_table_mid *mid = table->top->mids[top_index(table->nr_ids)];

	return !mid || !mid->leaves[mid_index(table->nr_ids)];
}

extern "C" void zsm_core_table_grow(zsm_table *table, void *page) noexcept
{
	if (!table->top) {
		table->top = static_cast<zsm_table_top *>(page);
		return;
	}

	zsm_table_mid *&mid = table->top->mids[top_index(table->nr_ids)];

	if (!mid)
		mid = static_cast<zsm_table_mid *>(page);
	else
		mid->leaves[mid_index(table->nr_ids)] =
			static_cast<zsm_table_leaf *>(page);
}

extern "C" int zsm_core_table_add(zsm_table *table, zsm_zspage *zspage) noexcept
{
	if (is_full(*table))
		return false;
	if (table->free) {
		zspage->id = table->free - 1;
		table->free = linked(entry(*table, zspage->id));
	} else {
		zspage->id = table->nr_ids++;
	}
	entry(*table, zspage->id) = zspage;
	return true;
}

extern "C" void zsm_core_table_remove(zsm_table *table,
				      zsm_zspage *zspage) noexcept
{
	entry(*table, zspage->id) = free_link(table->free);
	table->free = zspage->id + 1;
}

extern "C" void *zsm_core_table_take_page(zsm_table *table) noexcept
{
	if (!table->top)
		return nullptr;
	/* Leaves first; free links in a leaf are no children. */
	for (uint32_t i = ZSM_TABLE_ENTRIES; i-- > 0;) {
		zsm_table_mid *mid = table->top->mids[i];

		if (!mid)
			continue;
		if (zsm_table_leaf *leaf = take_leaf(*mid))
			return leaf;
		table->top->mids[i] = nullptr;
		return mid;
	}

	zsm_table_top *top = table->top;

	*table = {};
	return top;
}
