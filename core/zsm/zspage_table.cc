// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "core/zsm/zsm_core.h"

namespace {

constexpr uint32_t level_bits = ZSM_TABLE_LEVEL_BITS;
constexpr uint32_t entry_mask = ZSM_TABLE_ENTRIES - 1;

constexpr uint32_t top_index(uint32_t id) noexcept
{
	return id >> 2 * level_bits;
}

constexpr uint32_t mid_index(uint32_t id) noexcept
{
	return id >> level_bits & entry_mask;
}

void **child(void **level, uint32_t index) noexcept
{
	return static_cast<void **>(level[index]);
}

/* A link to a free id (one more than it, or 0): odd, so no zspage's address. */
void *free_link(uint32_t free) noexcept
{
	return reinterpret_cast<void *>(uintptr_t{free} << 1 | 1);
}

uint32_t linked(const void *link) noexcept
{
	return static_cast<uint32_t>(reinterpret_cast<uintptr_t>(link) >> 1);
}

void **entry(const zsm_table &table, uint32_t id) noexcept
{
	void **mid = child(table.top, top_index(id));

	return &child(mid, mid_index(id))[id & entry_mask];
}

bool is_full(const zsm_table &table) noexcept
{
	return !table.free && table.nr_ids >> ZSM_ID_BITS;
}

/* A level's last child, taken out of it; NULL if it has none. */
void **take_child(void **level) noexcept
{
	for (uint32_t i = ZSM_TABLE_ENTRIES; i-- > 0;) {
		if (void **taken = child(level, i)) {
			level[i] = nullptr;
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

	void **mid = child(table->top, top_index(table->nr_ids));

	return !mid || !child(mid, mid_index(table->nr_ids));
}

extern "C" void zsm_core_table_grow(zsm_table *table, void *page) noexcept
{
	if (!table->top) {
		table->top = static_cast<void **>(page);
		return;
	}

	void *&mid = table->top[top_index(table->nr_ids)];

	if (!mid)
		mid = page;
	else
		static_cast<void **>(mid)[mid_index(table->nr_ids)] = page;
}

extern "C" int zsm_core_table_add(zsm_table *table, zsm_zspage *zspage) noexcept
{
	if (is_full(*table))
		return false;
	if (table->free) {
		zspage->id = table->free - 1;
		table->free = linked(*entry(*table, zspage->id));
	} else {
		zspage->id = table->nr_ids++;
	}
	*entry(*table, zspage->id) = zspage;
	return true;
}

extern "C" void zsm_core_table_remove(zsm_table *table,
				      zsm_zspage *zspage) noexcept
{
	*entry(*table, zspage->id) = free_link(table->free);
	table->free = zspage->id + 1;
}

extern "C" void *zsm_core_table_take_page(zsm_table *table) noexcept
{
	if (!table->top)
		return nullptr;
	/* Leaves first; free links in a leaf are no children. */
	for (uint32_t i = ZSM_TABLE_ENTRIES; i-- > 0;) {
		void **mid = child(table->top, i);

		if (!mid)
			continue;
		if (void **leaf = take_child(mid))
			return leaf;
		table->top[i] = nullptr;
		return mid;
	}

	void *top = table->top;

	*table = {};
	return top;
}
