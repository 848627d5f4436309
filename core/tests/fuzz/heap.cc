// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "core/tests/fuzz/heap.hh"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <set>

void require(bool good, const char *what)
{
	if (good)
		return;
	std::fprintf(stderr, "the allocator is wrong: %s\n", what);
	std::abort();
}

heap::heap() : classes_(zsm_classes.nr_classes)
{
	for (uint32_t c = 0; c < classes_.size(); c++)
		classes_[c].class_idx = c;
}

heap::~heap()
{
	while (void *level = zsm_core_table_take_page(&table_))
		std::free(level);
}

uint8_t *heap::page(uint32_t pfn) const
{
	const auto found = pages_.find(pfn);

	require(found != pages_.end(), "an object is on a page that is gone");
	return found->second.get();
}

uint32_t heap::new_page()
{
	const uint32_t pfn = next_pfn_++;

	pages_.emplace(pfn, std::make_unique<uint8_t[]>(ZSM_PAGE_SIZE));
	return pfn;
}

zsm_zspage *heap::new_zspage(uint32_t class_idx)
{
	model::descriptor made = model::make_descriptor(class_idx, UINT32_MAX);
	zsm_zspage *zspage = made.get();

	while (zsm_core_table_wants_page(&table_))
		zsm_core_table_grow(&table_, std::calloc(1, ZSM_PAGE_SIZE));
	require(zsm_core_table_add(&table_, zspage), "the table is full");
	zspages_.emplace(zspage, std::move(made));
	return zspage;
}

void heap::destroy_zspage(zsm_zspage *zspage)
{
	zsm_core_table_remove(&table_, zspage);
	require(zspages_.erase(zspage) == 1, "a zspage ends that never was");
}

zsm_loc heap::alloc(uint32_t size, uint32_t owner, bool generous)
{
	const uint32_t class_idx = zsm_class_of(size);
	zsm_class &cls = classes_[class_idx];
	zsm_reserve reserve{};
	zsm_zspage *fresh = nullptr;

	require(zsm_classes.rows[class_idx].size >= size,
		"a class is too small");
	require(!class_idx || zsm_classes.rows[class_idx - 1].size < size,
		"a class is larger than need be");
	if (generous || zsm_core_wants_fresh(&cls))
		fresh = new_zspage(class_idx);
	while (reserve.nr <
	       (generous ? ZSM_RESERVE_PAGES : zsm_core_wants_pages(&cls)))
		reserve.pfn[reserve.nr++] = new_page();

	const zsm_taken got = zsm_core_alloc(&cls, fresh, &reserve, owner);
	const auto obj = got.obj;

	while (reserve.nr)
		pages_.erase(reserve.pfn[--reserve.nr]);
	if (fresh && got.zspage != fresh)
		destroy_zspage(fresh);
	require(zspages_.count(got.zspage), "an object of no zspage");
	require(zsm_owner(got.zspage, obj) == owner, "an owner is lost");
	nr_objects_++;
	return zsm_loc_pack(got.zspage->id, obj);
}

void heap::release(zsm_zspage *zspage, const zsm_released &released)
{
	for (uint32_t i = 0; i < released.nr; i++)
		require(pages_.erase(released.pfn[i]) == 1,
			"a page is released that is not there");
	if (released.state == ZSM_FREED_LAST)
		destroy_zspage(zspage);
}

bool heap::try_free(zsm_loc loc)
{
	zsm_zspage *zspage = at(loc);
	const zsm_released released = zsm_core_free(
		&classes_[zspage->class_idx], zspage, zsm_loc_obj(loc));

	if (released.state == ZSM_NOT_ALLOCATED)
		return false;
	release(zspage, released);
	nr_objects_--;
	return true;
}

void heap::free(zsm_loc loc)
{
	require(try_free(loc), "an object was not allocated");
}

struct heap::bytes {
	uint8_t *first;
	uint32_t nr_first;
	uint8_t *rest;
};

heap::bytes heap::find(zsm_loc loc, uint32_t len) const
{
	const struct zsm_extent where =
		zsm_extent(at(loc), zsm_loc_obj(loc), len);
	const uint32_t nr_first =
		std::min<uint32_t>(len, ZSM_PAGE_SIZE - where.offset);

	return {page(where.pfn[0]) + where.offset, nr_first,
		nr_first < len ? page(where.pfn[1]) : nullptr};
}

void heap::write(zsm_loc loc, const void *from, uint32_t len)
{
	const bytes to = find(loc, len);

	std::memcpy(to.first, from, to.nr_first);
	if (to.rest)
		std::memcpy(to.rest,
			    static_cast<const uint8_t *>(from) + to.nr_first,
			    len - to.nr_first);
}

void heap::read(zsm_loc loc, void *to, uint32_t len) const
{
	const bytes from = find(loc, len);

	std::memcpy(to, from.first, from.nr_first);
	if (from.rest)
		std::memcpy(static_cast<uint8_t *>(to) + from.nr_first,
			    from.rest, len - from.nr_first);
}

/* Copies the object's bytes as a whole, as make_move() does. */
zsm_loc heap::do_move(zsm_class &cls, const zsm_move &move)
{
	const auto at = [](const zsm_object &o) {
		return zsm_loc_pack(o.zspage->id, o.obj);
	};
	const uint32_t size = zsm_classes.rows[cls.class_idx].size;
	const zsm_loc to = at(move.to);
	zsm_reserve reserve{};
	uint8_t bytes[ZSM_PAGE_SIZE];

	if (move.page != ZSM_NO_PAGE)
		reserve.pfn[reserve.nr++] = new_page();
	zsm_core_move_take(&cls, &move, &reserve);
	require(!reserve.nr, "a page is not taken that was needed");
	read(at(move.from), bytes, size);
	write(to, bytes, size);
	release(move.from.zspage, zsm_core_move_give(&cls, &move));
	return to;
}

void heap::retry(uint32_t class_idx)
{
	while (zsm_core_retry(&classes_[class_idx]))
		;
}

/* What a class has. */
struct heap::census {
	uint64_t zspages = 0;
	uint64_t used = 0;
	std::set<uint32_t> pages; /* those that an object touches */
};

void heap::count(const zsm_zspage &zspage, census &seen) const
{
	const zsm_class_row &row = zsm_classes.rows[zspage.class_idx];

	seen.zspages++;
	for (uint32_t obj = 0; obj < row.nr_objs; obj++) {
		if (!model::used_bit(zspage, obj))
			continue;

		const struct zsm_extent where =
			zsm_extent(&zspage, obj, row.size);

		seen.used++;
		seen.pages.insert(where.pfn[0]);
		if (where.offset + row.size > ZSM_PAGE_SIZE)
			seen.pages.insert(where.pfn[1]);
	}
}

void heap::check() const
{
	std::vector<census> seen(classes_.size());
	uint64_t pages = 0;

	for (const auto &[zspage, descriptor] : zspages_)
		count(*zspage, seen[zspage->class_idx]);
	for (uint32_t c = 0; c < classes_.size(); c++) {
		const zsm_class &cls = classes_[c];

		require(cls.nr_zspages == seen[c].zspages, "nr_zspages");
		require(cls.nr_used == seen[c].used, "nr_used");
		require(cls.nr_pages == seen[c].pages.size(), "nr_pages");
		pages += cls.nr_pages;
	}
	require(pages == pages_.size(), "a page that no object touches");
}
