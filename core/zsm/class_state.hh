/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * A size class in a pool: its zspages with room, listed by what taking an
 * object of them costs and by fullness, and the counts of all.
 */
#ifndef ZSM_CORE_CLASS_STATE_HH
#define ZSM_CORE_CLASS_STATE_HH

#include "core/bits.hh"
#include "core/zsm/class_state.h"
#include "core/zsm/zspage.hh"

#include <cstdint>

namespace zsm {

/* What can be asked of a class. */
class class_view {
public:
	explicit class_view(const zsm_class &state) noexcept : s_(state) {}

	const zsm_class_row &row() const noexcept
	{
		return zsm_classes.rows[s_.class_idx];
	}
	bool has_room() const noexcept { return s_.nonempty != 0; }
	bool has_kept() const noexcept
	{
		return first(ZSM_KEPT_READY_LIST) ||
		       first(ZSM_KEPT_GROWING_LIST);
	}
	uint64_t nr_used() const noexcept { return s_.nr_used; }
	uint64_t nr_ready() const noexcept { return s_.nr_ready; }
	uint64_t nr_pages() const noexcept { return s_.nr_pages; }
	bool settled() const noexcept { return s_.settled; }

	/* The first zspage of a list; NULL if it is empty. */
	zsm_zspage *first(uint32_t list) const noexcept
	{
		return s_.lists[list];
	}

	/* The zspage to take an object of. One has room. */
	zsm_zspage &best_with_room() const noexcept
	{
		return *s_.lists[highest_bit(s_.nonempty)];
	}

	/*
	 * The first zspage of the list of the least fullness, but for those
	 * that are kept; NULL if none has room.
	 */
	zsm_zspage *least_full() const noexcept;

	/* The fewest pages that its objects fit in. */
	uint64_t fewest_pages() const noexcept;

	/* The pages that compaction would free. */
	uint64_t gain() const noexcept;

private:
	const zsm_class &s_;
};

/* The same, and what changes it. */
class class_state : public class_view {
public:
	explicit class_state(zsm_class &state) noexcept
		: class_view(state), s_(state)
	{
	}

	zsm_taken alloc(zsm_zspage *fresh, zsm_reserve &reserve,
			uint32_t owner) noexcept;
	zsm_released free(zspage z, obj_idx obj) noexcept;

	/*
	 * Takes a free object of a zspage of the class. Answers the pages that
	 * it took from the reserve, a bit each.
	 */
	uint32_t take(zspage z, obj_idx obj, zsm_reserve &reserve,
		      uint32_t owner) noexcept;

	/* Gives a used object of a zspage of the class back. */
	zsm_released give(zspage z, obj_idx obj) noexcept;

	/* Fills a zspage from now on, and empties it no more; it has room. */
	void keep(zspage z) noexcept;

	/* Ends that for one zspage; whether there was one. */
	bool forget_kept() noexcept;

	void set_settled(bool settled) noexcept { s_.settled = settled; }

private:
	void enlist(zsm_zspage &z) noexcept;
	void unlist(zsm_zspage &z) noexcept;
	void relist(zsm_zspage &z, uint8_t list) noexcept;

	zsm_class &s_;
};

} /* namespace zsm */

#endif /* ZSM_CORE_CLASS_STATE_HH */
