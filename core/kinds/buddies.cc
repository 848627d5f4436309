// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * A pool of pairs or triples: its pages by room and by age, and what the C side
 * calls.
 */
#include "core/kinds/buddies.hh"

namespace {

using zsm::buddy_idx;

/* Pages of one bin that compaction looks at for a hole. */
constexpr uint32_t move_tries = 8;

/* Pages of one bin that it tries to empty. */
constexpr uint32_t source_tries = 8;

struct pairs {
	static constexpr uint32_t per_page = 2;
};

struct triples {
	static constexpr uint32_t per_page = 3;
};

template <typename Kind>
class buddy_pool {
	using page = zsm::buddy_page<Kind>;

public:
	explicit buddy_pool(zsm_buddies &state) noexcept
		: s_(state), bins_(state)
	{
	}

	bool pick(uint32_t granules, const zsm_buddy_page *after,
		  zsm_placing &placing) const noexcept
	{
		zsm_buddy_page *best = bins_.with_room(granules, after);

		if (!best)
			return false;
		placing = page{*best}.place(granules);
		return true;
	}

	void place(const zsm_placing &p, uint32_t owner) noexcept
	{
		take(p, owner);
		renew(*p.page);
	}

	uint32_t add(zsm_buddy_page &fresh, uint32_t granules,
		     uint32_t owner) noexcept
	{
		zsm_placing p{};

		p.page = &fresh;
		p.granules = granules;
		fresh.used = 0;
		fresh.room = 0;
		fresh.held = false;
		s_.nr_pages++;
		unsettle();
		take(p, owner);
		link_newest(fresh);
		return p.which;
	}

	zsm_buddy_outcome free(zsm_buddy_page &z, uint32_t which) noexcept
	{
		const buddy_idx i{which};
		page p{z};

		if (!p.is_used(i))
			return ZSM_BUDDY_NOT_ALLOCATED;
		s_.nr_used--;
		s_.nr_granules -= p.size(i);
		unsettle();
		p.give(i);
		if (z.held)
			return ZSM_BUDDY_FREED;
		if (!p.empty()) {
			rebin(z);
			return ZSM_BUDDY_FREED;
		}
		bins_.remove(z);
		unlink(z);
		s_.nr_pages--;
		return ZSM_BUDDY_FREED_PAGE;
	}

	bool resize(zsm_buddy_page &z, uint32_t which,
		    uint32_t granules) noexcept
	{
		const buddy_idx i{which};
		page p{z};

		if (!p.is_free_to(i, p.first(i) + granules))
			return false;
		if (granules < p.size(i))
			unsettle();
		s_.nr_granules = s_.nr_granules + granules - p.size(i);
		p.lay(i, p.first(i), granules);
		if (!z.held)
			rebin(z);
		return true;
	}

	zsm_buddy_page *hold() noexcept
	{
		zsm_buddy_page *z = s_.oldest;

		if (!z)
			return nullptr;
		bins_.remove(*z);
		unlink(*z);
		z->held = true;
		return z;
	}

	zsm_buddy_outcome release(zsm_buddy_page &z) noexcept
	{
		z.held = false;
		if (page{z}.empty()) {
			s_.nr_pages--;
			return ZSM_BUDDY_FREED_PAGE;
		}
		rebin(z);
		link_newest(z);
		return ZSM_BUDDY_FREED;
	}

	zsm_buddy_search pick_move(zsm_buddy_move &move) noexcept
	{
		const uint32_t bin =
			bins_.highest(zsm::most_room - s_.searched);
		zsm_buddy_page *z = bin ? s_.bins[bin] : nullptr;

		for (uint32_t i = 0; z && i < source_tries; i++, z = z->next) {
			if (find_hole(*z, move))
				return ZSM_BUDDY_MOVE;
		}
		if (bin) {
			s_.searched = zsm::most_room - bin + 1;
			return ZSM_BUDDY_SEARCH_ON;
		}

		const bool again = s_.moved;

		s_.settled = !s_.moved && !s_.kept;
		s_.searched = 0;
		s_.moved = false;
		s_.kept = false;
		return again ? ZSM_BUDDY_SEARCH_ON : ZSM_BUDDY_NO_MOVE;
	}

	void pass_over(const zsm_buddy_move &move) noexcept
	{
		s_.searched = zsm::most_room - move.from->room + 1;
		s_.kept = true;
	}

	/* What is left of the page is looked at next. */
	zsm_buddy_outcome move(const zsm_buddy_move &move) noexcept
	{
		const uint32_t searched = s_.searched;

		take(move.to, move.from->owners[move.which]);

		const zsm_buddy_outcome outcome = free(*move.from, move.which);

		s_.searched = searched;
		s_.moved = true;
		if (outcome == ZSM_BUDDY_FREED &&
		    s_.searched > zsm::most_room - move.from->room)
			s_.searched = zsm::most_room - move.from->room;
		return outcome;
	}

private:
	/* What compaction has found does not hold any more. */
	void unsettle() noexcept
	{
		s_.settled = false;
		s_.searched = 0;
	}

	/* Pages whose objects may slide count what sliding gains. */
	uint32_t room(zsm_buddy_page &z) const noexcept
	{
		const page p{z};

		return s_.slides ? p.largest_joined() : p.largest_hole();
	}

	void rebin(zsm_buddy_page &z) noexcept
	{
		const uint32_t now = room(z);

		if (now == z.room)
			return;
		bins_.remove(z);
		bins_.add(z, now);
	}

	void link_newest(zsm_buddy_page &z) noexcept
	{
		z.newer = nullptr;
		z.older = s_.newest;
		if (z.older)
			z.older->newer = &z;
		else
			s_.oldest = &z;
		s_.newest = &z;
	}

	void unlink(zsm_buddy_page &z) noexcept
	{
		if (z.newer)
			z.newer->older = z.older;
		else
			s_.newest = z.older;
		if (z.older)
			z.older->newer = z.newer;
		else
			s_.oldest = z.newer;
	}

	void renew(zsm_buddy_page &z) noexcept
	{
		if (s_.newest == &z)
			return;
		unlink(z);
		link_newest(z);
	}

	void take(const zsm_placing &p, uint32_t owner) noexcept
	{
		const buddy_idx slid{p.slid};
		const buddy_idx which{p.which};
		page z{*p.page};

		if (p.slides)
			z.lay(slid, p.slid_to, z.size(slid));
		z.lay(which, p.first, p.granules);
		z.take(which, owner);
		s_.nr_used++;
		s_.nr_granules += p.granules;
		rebin(*p.page);
	}

	/* A page that has a hole, and is fuller with the object than @from is
	 * now. */
	zsm_buddy_page *with_hole(uint32_t granules,
				  zsm_buddy_page &from) const noexcept
	{
		const uint32_t filled = page{from}.filled();
		zsm_buddy_page *z = nullptr;

		for (uint32_t tries = 0; tries < move_tries; tries++) {
			z = bins_.with_room(granules, z);
			if (!z)
				break;

			const page target{*z};

			if (z != &from && target.largest_hole() >= granules &&
			    target.filled() + granules > filled)
				return z;
		}
		return nullptr;
	}

	/* The step for a page that is to be emptied. */
	bool find_hole(zsm_buddy_page &from,
		       zsm_buddy_move &move) const noexcept
	{
		const page source{from};
		const buddy_idx longest = source.longest();
		const uint32_t granules = source.size(longest);
		zsm_buddy_page *target = with_hole(granules, from);

		if (!target)
			return false;
		move.from = &from;
		move.which = raw(longest);
		move.to = page{*target}.place(granules);
		return true;
	}

	zsm_buddies &s_;
	zsm::room_bins bins_;
};

/* Calls @f with the pool as what it is. */
template <typename F>
auto as_kind(zsm_buddies *buddies, F &&f) noexcept
{
	if (buddies->per_page == pairs::per_page)
		return f(buddy_pool<pairs>{*buddies});
	return f(buddy_pool<triples>{*buddies});
}

constexpr uint64_t divide_up(uint64_t a, uint64_t b) noexcept
{
	return (a + b - 1) / b;
}

} /* namespace */

extern "C" int zsm_core_buddies_pick(zsm_buddies *buddies, uint32_t granules,
				     const zsm_buddy_page *after,
				     zsm_placing *placing) noexcept
{
	return as_kind(buddies, [&](auto pool) {
		return pool.pick(granules, after, *placing);
	});
}

extern "C" void zsm_core_buddies_place(zsm_buddies *buddies,
				       const zsm_placing *placing,
				       uint32_t owner) noexcept
{
	as_kind(buddies, [&](auto pool) { pool.place(*placing, owner); });
}

extern "C" uint32_t zsm_core_buddies_add(zsm_buddies *buddies,
					 zsm_buddy_page *page,
					 uint32_t granules,
					 uint32_t owner) noexcept
{
	return as_kind(buddies, [&](auto pool) {
		return pool.add(*page, granules, owner);
	});
}

extern "C" zsm_buddy_outcome zsm_core_buddies_free(zsm_buddies *buddies,
						   zsm_buddy_page *page,
						   uint32_t which) noexcept
{
	return as_kind(buddies,
		       [&](auto pool) { return pool.free(*page, which); });
}

extern "C" int zsm_core_buddies_resize(zsm_buddies *buddies,
				       zsm_buddy_page *page, uint32_t which,
				       uint32_t granules) noexcept
{
	return as_kind(buddies, [&](auto pool) {
		return pool.resize(*page, which, granules);
	});
}

extern "C" zsm_buddy_page *zsm_core_buddies_hold(zsm_buddies *buddies) noexcept
{
	return as_kind(buddies, [](auto pool) { return pool.hold(); });
}

extern "C" zsm_buddy_outcome
zsm_core_buddies_release(zsm_buddies *buddies, zsm_buddy_page *page) noexcept
{
	return as_kind(buddies, [&](auto pool) { return pool.release(*page); });
}

extern "C" zsm_buddy_search
zsm_core_buddies_pick_move(zsm_buddies *buddies, zsm_buddy_move *move) noexcept
{
	return as_kind(buddies,
		       [&](auto pool) { return pool.pick_move(*move); });
}

extern "C" void zsm_core_buddies_pass_over(zsm_buddies *buddies,
					   const zsm_buddy_move *move) noexcept
{
	as_kind(buddies, [&](auto pool) { pool.pass_over(*move); });
}

extern "C" zsm_buddy_outcome
zsm_core_buddies_move(zsm_buddies *buddies, const zsm_buddy_move *move) noexcept
{
	return as_kind(buddies, [&](auto pool) { return pool.move(*move); });
}

extern "C" uint64_t zsm_core_buddies_gain(const zsm_buddies *buddies) noexcept
{
	const uint64_t by_count =
		divide_up(buddies->nr_used, buddies->per_page);
	const uint64_t by_size =
		divide_up(buddies->nr_granules, ZSM_PAGE_GRANULES);
	const uint64_t fewest = by_count > by_size ? by_count : by_size;

	if (buddies->settled || buddies->nr_pages <= fewest)
		return 0;
	return buddies->nr_pages - fewest;
}
