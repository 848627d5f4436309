/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * One zspage: which objects are used, which pages are populated, and how the
 * two are related. An object touches at most two pages; a page is populated
 * exactly while a used object touches it.
 *
 * A free object is *ready* if all its pages are populated: taking it costs no
 * page. The others are counted in nr_unready, so that the number of ready
 * ones is known without a search.
 */
#ifndef ZSM_CORE_ZSPAGE_HH
#define ZSM_CORE_ZSPAGE_HH

#include "core/zsm/index.hh"
#include "core/zsm/zspage.h"

#include <cstdint>

namespace zsm {

/* Where objects lie in the pages of a zspage of one class. */
class layout {
public:
	explicit constexpr layout(const zsm_class_row &row) noexcept : row_(row)
	{
	}

	constexpr uint32_t nr_objs() const noexcept { return row_.nr_objs; }
	constexpr uint32_t nr_pages() const noexcept { return row_.nr_pages; }
	constexpr uint32_t nr_words() const noexcept { return row_.nr_words; }

	constexpr uint32_t fullness(uint32_t nr_used) const noexcept
	{
		return nr_used * row_.full_mul >> 16;
	}

	/* The one or two pages that an object touches. */
	constexpr span_of<page_idx> pages_of(obj_idx obj) const noexcept
	{
		const uint32_t size = row_.size >> ZSM_GRANULE_SHIFT;
		const uint32_t start = raw(obj) * size;

		return {page_idx{start / ZSM_PAGE_GRANULES},
			page_idx{(start + size - 1) / ZSM_PAGE_GRANULES}};
	}

	/* The objects that touch a page. */
	constexpr span_of<obj_idx> objs_of(page_idx page) const noexcept
	{
		const uint32_t start = raw(page) * ZSM_PAGE_GRANULES;
		const uint32_t last = obj_at(start + ZSM_PAGE_GRANULES - 1);

		return {obj_idx{obj_at(start)},
			obj_idx{last < nr_objs() ? last : nr_objs() - 1}};
	}

private:
	/* The object that a granule belongs to, counted past the last too. */
	constexpr uint32_t obj_at(uint32_t granule) const noexcept
	{
		return static_cast<uint32_t>(uint64_t{granule} * row_.inv >>
					     24);
	}

	const zsm_class_row &row_;
};

/* A descriptor and the layout of its class, put together for one operation. */
class zspage {
public:
	explicit zspage(zsm_zspage &state) noexcept
		: s_(state), layout_(zsm_classes.rows[state.class_idx])
	{
	}

	/* Makes an empty zspage of a descriptor whose id and class are set. */
	void init() noexcept;

	/* A free object that costs no page or, if there is none, one. */
	obj_idx pick() const noexcept;

	/*
	 * Takes a free object; populates its missing pages from the reserve,
	 * and answers which, a bit each.
	 */
	uint32_t take(obj_idx obj, zsm_reserve &reserve,
		      uint32_t owner) noexcept;

	/* Gives a used object back; what no object touches goes to @out. */
	void give(obj_idx obj, zsm_released &out) noexcept;

	/* The populated page that the fewest used objects touch. */
	page_idx emptiest_page() const noexcept;

	span_of<obj_idx> objs_on(page_idx page) const noexcept
	{
		return layout_.objs_of(page);
	}

	/* How many used objects touch a page. */
	uint32_t count_used(page_idx page) const noexcept;

	/* A used object that touches a page which has one. */
	obj_idx used_on(page_idx page) const noexcept;

	/* A ready object that does not touch a page; ZSM_MAX_OBJS if there is
	 * none. */
	obj_idx ready_off(page_idx page) const noexcept;

	/* The first free object; nr_objs or more if there is none. */
	obj_idx first_free() const noexcept { return next_free(obj_idx{0}); }

	/* The last used object. There is one. */
	obj_idx last_used() const noexcept;

	/* The page that pick()'s or first_free()'s object lacks, or
	 * ZSM_NO_PAGE. */
	uint32_t missing_page(obj_idx obj) const noexcept;

	uint32_t owner(obj_idx obj) const noexcept
	{
		return zsm_owner(&s_, raw(obj));
	}

	bool is_used(obj_idx obj) const noexcept;
	bool empty() const noexcept { return s_.nr_used == 0; }
	uint32_t nr_used() const noexcept { return s_.nr_used; }

	/* Free objects whose pages are all populated. */
	uint32_t nr_ready() const noexcept
	{
		return layout_.nr_objs() - s_.nr_used - s_.nr_unready;
	}

	/* The list it belongs in, or ZSM_NO_LIST. */
	uint8_t list() const noexcept;

	zsm_zspage &state() const noexcept { return s_; }

private:
	uint32_t *pfns() const noexcept { return &s_.tail[layout_.nr_words()]; }
	uint32_t *owners() const noexcept
	{
		return pfns() + layout_.nr_pages();
	}
	obj_idx next_free(obj_idx from) const noexcept;
	obj_idx pick_ready() const noexcept;
	uint32_t missing_pages(obj_idx obj) const noexcept;
	bool any_used(span_of<obj_idx> objs) const noexcept;
	uint16_t count_unready() const noexcept;

	zsm_zspage &s_;
	layout layout_;
};

} /* namespace zsm */

#endif /* ZSM_CORE_ZSPAGE_HH */
