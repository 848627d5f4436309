// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "core/tests/zsm/model.hh"

#include <algorithm>
#include <bit>
#include <cstring>

namespace model {
namespace {

constexpr uint32_t no_obj = UINT32_MAX;

} /* namespace */

descriptor make_descriptor(uint32_t class_idx, uint32_t id)
{
	constexpr int garbage = 0xa5;
	const size_t bytes = descriptor_bytes(class_idx);
	descriptor d{static_cast<zsm_zspage *>(std::malloc(bytes))};

	std::memset(static_cast<void *>(d.get()), garbage, bytes);
	d->class_idx = static_cast<uint8_t>(class_idx);
	d->id = id;
	return d;
}

bool used_bit(const zsm_zspage &z, uint32_t obj)
{
	return z.tail[obj / ZSM_OBJS_PER_WORD] >> obj % ZSM_OBJS_PER_WORD & 1;
}

uint32_t pfn_of(const zsm_zspage &z, uint32_t page)
{
	return z.tail[row(z.class_idx).nr_words + page];
}

void set_pfn(zsm_zspage &z, uint32_t page, uint32_t pfn)
{
	z.tail[row(z.class_idx).nr_words + page] = pfn;
}

size_t descriptor_bytes(uint32_t class_idx)
{
	return zsm_zspage_bytes(row(class_idx).nr_pages,
				row(class_idx).nr_objs);
}

std::vector<uint8_t> snapshot(const zsm_zspage &z)
{
	const auto *bytes = reinterpret_cast<const uint8_t *>(&z);

	return {bytes, bytes + descriptor_bytes(z.class_idx)};
}

/* Not 0, which the model takes for no page. */
uint32_t pfn_source::take()
{
	if (out_.empty())
		out_.push_back(false);
	out_.push_back(true);
	nr_out_++;
	return static_cast<uint32_t>(out_.size()) - 1;
}

void pfn_source::give_back(uint32_t pfn)
{
	ASSERT_LT(pfn, out_.size());
	ASSERT_TRUE(out_[pfn]) << "page " << pfn << " released twice";
	out_[pfn] = false;
	nr_out_--;
}

zsm_reserve pfn_source::reserve(uint32_t nr)
{
	zsm_reserve r{};

	while (r.nr < nr)
		r.pfn[r.nr++] = take();
	return r;
}

std::vector<uint32_t> pages_of_objs(const zsm_class_row &row)
{
	std::vector<uint32_t> pages(row.nr_objs);

	for (uint32_t obj = 0; obj < row.nr_objs; obj++) {
		for (uint32_t page = 0; page < row.nr_pages; page++) {
			if ((obj + 1) * row.size > page * ZSM_PAGE_SIZE &&
			    (page + 1) * ZSM_PAGE_SIZE > obj * row.size)
				pages[obj] |= 1u << page;
		}
	}
	return pages;
}

zspage::zspage(uint32_t class_idx)
	: row_(&row(class_idx)),
	  pages_of_(pages_of_objs(*row_)),
	  used_(row_->nr_objs),
	  owner_(row_->nr_objs),
	  pfn_(row_->nr_pages)
{
}

uint32_t zspage::nr_pages() const
{
	return static_cast<uint32_t>(std::popcount(there_));
}

uint32_t zspage::random_used(rng &r) const
{
	return live_[r.below(nr_used())];
}

/* From nothing each time, so that no mistake stays. */
void zspage::look_at_pages()
{
	there_ = 0;
	for (const uint32_t obj : live_)
		there_ |= pages_of_[obj];
}

uint32_t zspage::missing(uint32_t obj) const
{
	return static_cast<uint32_t>(std::popcount(pages_of_[obj] & ~there_));
}

uint32_t zspage::cheapest() const
{
	int best = ZSM_RESERVE_PAGES;

	for (uint32_t obj = 0; obj < nr_objs(); obj++) {
		if (!used_[obj])
			best = std::min(
				best, std::popcount(pages_of_[obj] & ~there_));
	}
	return static_cast<uint32_t>(best);
}

bool zspage::touches(uint32_t obj, uint32_t page) const
{
	return pages_of_[obj] >> page & 1;
}

uint32_t zspage::nr_ready(uint32_t but_on_page) const
{
	const uint32_t there = there_ & ~(1u << but_on_page);
	uint32_t nr = 0;

	for (uint32_t obj = 0; obj < nr_objs(); obj++)
		nr += !used_[obj] && !(pages_of_[obj] & ~there);
	return nr;
}

uint32_t zspage::nr_used_on(uint32_t page) const
{
	uint32_t nr = 0;

	for (const uint32_t obj : live_)
		nr += touches(obj, page);
	return nr;
}

uint32_t zspage::fullness() const
{
	return nr_used() * ((ZSM_READY_LEVELS << 16) / nr_objs()) >> 16;
}

uint32_t zspage::list() const
{
	if (full())
		return ZSM_NO_LIST;
	if (!cheapest())
		return ZSM_GROWING_LISTS + fullness();
	return fullness() / (ZSM_READY_LEVELS / ZSM_GROWING_LEVELS);
}

void zspage::take(const zsm_zspage &z, uint32_t obj, uint32_t owner,
		  const zsm_reserve &before, const zsm_reserve &after, bool any)
{
	std::vector<uint32_t> consumed, populated;

	ASSERT_LT(obj, nr_objs());
	ASSERT_FALSE(used_[obj]) << "object " << obj << " was not free";
	if (!any) {
		ASSERT_EQ(missing(obj), cheapest()) << "object " << obj;
	}
	ASSERT_EQ(before.nr - after.nr, missing(obj));
	for (uint32_t i = 0; i < before.nr; i++) {
		ASSERT_EQ(before.pfn[i], after.pfn[i]);
		if (i >= after.nr)
			consumed.push_back(before.pfn[i]);
	}
	for (uint32_t page = 0; page < row_->nr_pages; page++) {
		if (touches(obj, page) && !has_page(page)) {
			pfn_[page] = pfn_of(z, page);
			populated.push_back(pfn_[page]);
		}
	}
	std::sort(populated.begin(), populated.end());
	ASSERT_EQ(consumed, populated);
	used_[obj] = true;
	owner_[obj] = owner;
	live_.push_back(obj);
	look_at_pages();
}

void zspage::give(uint32_t obj, const zsm_released &out, pfn_source &pfns)
{
	const uint32_t before = there_;
	std::vector<uint32_t> released{out.pfn, out.pfn + out.nr}, expected;

	used_[obj] = false;
	std::erase(live_, obj);
	look_at_pages();
	for (uint32_t page = 0; page < row_->nr_pages; page++) {
		if (before & ~there_ & 1u << page)
			expected.push_back(std::exchange(pfn_[page], 0));
	}
	for (const uint32_t pfn : released)
		ASSERT_NO_FATAL_FAILURE(pfns.give_back(pfn));
	std::sort(released.begin(), released.end());
	std::sort(expected.begin(), expected.end());
	ASSERT_EQ(released, expected) << "after object " << obj;
}

/* One assertion after each loop: they are what takes time. */
void zspage::check_counts(const zsm_zspage &z) const
{
	uint32_t nr_unready = 0;
	uint32_t wrong = no_obj;

	for (uint32_t obj = 0; obj < nr_objs(); obj++) {
		if (used_bit(z, obj) != used_[obj])
			wrong = obj;
		nr_unready += !used_[obj] && (pages_of_[obj] & ~there_);
	}
	ASSERT_EQ(wrong, no_obj) << "its bit in the map";
	ASSERT_EQ(z.populated, there_);
	ASSERT_EQ(z.nr_used, nr_used());
	ASSERT_EQ(z.nr_unready, nr_unready);
}

void zspage::check_tail(const zsm_zspage &z) const
{
	uint32_t wrong = no_obj;

	for (uint32_t page = 0; page < row_->nr_pages; page++) {
		if (pfn_[page] && pfn_of(z, page) != pfn_[page])
			wrong = page;
	}
	ASSERT_EQ(wrong, no_obj) << "the number of this page";
	for (const uint32_t obj : live_) {
		if (zsm_owner(&z, obj) != owner_[obj])
			wrong = obj;
	}
	ASSERT_EQ(wrong, no_obj) << "its owner";
}

void zspage::check(const zsm_zspage &z) const
{
	ASSERT_NO_FATAL_FAILURE(check_counts(z));
	ASSERT_NO_FATAL_FAILURE(check_tail(z));
}

} /* namespace model */
