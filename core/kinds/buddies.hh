/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * One page of a pool of pairs or triples: which granules are taken, and where a
 * new object goes. And pages by their room.
 *
 * The objects need not lie in the order of their numbers. With one or two there
 * are two or three holes, some of them empty: before the first, between both,
 * behind the last. Sliding the first object to the page's start, or the last to
 * its end, joins two of them; a new object is laid against an edge or another
 * object, so that what is left stays in one piece.
 */
#ifndef ZSM_CORE_KINDS_BUDDIES_HH
#define ZSM_CORE_KINDS_BUDDIES_HH

#include "core/kinds/buddies.h"

#include <cstdint>

namespace zsm {

enum class buddy_idx : uint32_t {};

constexpr uint32_t raw(buddy_idx i) noexcept
{
	return static_cast<uint32_t>(i);
}

/* Granules from @first to before @end. */
struct hole {
	uint32_t first;
	uint32_t end;

	constexpr uint32_t size() const noexcept { return end - first; }
};

/*
 * @Kind has the number of objects that a page takes, per_page. It is a type of
 * the user's alone, in a namespace without a name, so that what is made of the
 * template is of its object alone, too.
 */
template <typename Kind>
class buddy_page {
	static constexpr uint32_t N = Kind::per_page;
	static_assert(N == 2 || N == 3);

public:
	explicit buddy_page(zsm_buddy_page &state) noexcept : s_(state) {}

	static constexpr uint32_t all = (1u << N) - 1;

	bool empty() const noexcept { return !s_.used; }
	bool full() const noexcept { return s_.used == all; }

	bool is_used(buddy_idx i) const noexcept
	{
		return raw(i) < N && (s_.used >> raw(i) & 1);
	}

	uint32_t first(buddy_idx i) const noexcept { return s_.first[raw(i)]; }
	uint32_t end(buddy_idx i) const noexcept
	{
		return s_.last[raw(i)] + 1u;
	}
	uint32_t size(buddy_idx i) const noexcept { return end(i) - first(i); }

	/* The longest object that the page takes if none of its objects may
	 * slide. */
	uint32_t largest_hole() const noexcept
	{
		if (full())
			return 0;

		uint32_t most = between().size();

		if (before().size() > most)
			most = before().size();
		return behind().size() > most ? behind().size() : most;
	}

	/* The longest that it takes if one may. */
	uint32_t largest_joined() const noexcept
	{
		if (full())
			return 0;
		return low_slid() > high_slid() ? low_slid() : high_slid();
	}

	/*
	 * Where a new object goes; sliding one only where it must. There is the
	 * room for it, and neither no object nor all of them.
	 */
	zsm_placing place(uint32_t granules) const noexcept;

	/* Granules of its objects. */
	uint32_t filled() const noexcept
	{
		uint32_t granules = 0;

		for (uint32_t i = 0; i < N; i++) {
			if (is_used(buddy_idx{i}))
				granules += size(buddy_idx{i});
		}
		return granules;
	}

	/* The longest object of a page that has one. */
	buddy_idx longest() const noexcept
	{
		buddy_idx best = lowest();

		for (uint32_t i = raw(best) + 1; i < N; i++) {
			const buddy_idx other{i};

			if (is_used(other) && size(other) > size(best))
				best = other;
		}
		return best;
	}

	/* Whether no other object, nor the page's end, is before granule @end.
	 */
	bool is_free_to(buddy_idx i, uint32_t end) const noexcept
	{
		for (uint32_t j = 0; j < N; j++) {
			const buddy_idx other{j};

			if (other != i && is_used(other) &&
			    first(other) > first(i) && first(other) < end)
				return false;
		}
		return end <= ZSM_PAGE_GRANULES;
	}

	void lay(buddy_idx i, uint32_t first, uint32_t granules) noexcept
	{
		s_.first[raw(i)] = static_cast<uint8_t>(first);
		s_.last[raw(i)] = static_cast<uint8_t>(first + granules - 1);
	}

	void take(buddy_idx i, uint32_t owner) noexcept
	{
		s_.used |= static_cast<uint8_t>(1u << raw(i));
		s_.owners[raw(i)] = owner;
	}

	void give(buddy_idx i) noexcept
	{
		s_.used &= static_cast<uint8_t>(~(1u << raw(i)));
	}

	buddy_idx lowest_free() const noexcept
	{
		return buddy_idx{static_cast<uint32_t>(
			__builtin_ctz(~uint32_t{s_.used}))};
	}

private:
	/* The used object with the lowest number, and the one with the highest.
	 */
	buddy_idx lowest() const noexcept
	{
		return buddy_idx{static_cast<uint32_t>(__builtin_ctz(s_.used))};
	}

	buddy_idx highest() const noexcept
	{
		return buddy_idx{31 -
				 static_cast<uint32_t>(__builtin_clz(s_.used))};
	}

	/* The one that lies first, and the one that lies last, of one or two.
	 */
	buddy_idx low() const noexcept
	{
		return first(lowest()) <= first(highest()) ? lowest()
							   : highest();
	}

	buddy_idx high() const noexcept
	{
		return first(lowest()) <= first(highest()) ? highest()
							   : lowest();
	}

	hole before() const noexcept { return {0, first(low())}; }
	hole behind() const noexcept
	{
		return {end(high()), ZSM_PAGE_GRANULES};
	}

	hole between() const noexcept
	{
		if (low() == high())
			return {end(low()), end(low())};
		return {end(low()), first(high())};
	}

	/* The hole behind the first object once that is at the page's start. */
	uint32_t low_slid() const noexcept
	{
		return before().size() +
		       (low() == high() ? behind().size() : between().size());
	}

	/* The hole before the last object once that is at the page's end. */
	uint32_t high_slid() const noexcept
	{
		return behind().size() +
		       (low() == high() ? before().size() : between().size());
	}

	/* Lays against the page's start or end, or behind the first object. */
	void lay_in_hole(zsm_placing &p) const noexcept;
	void lay_by_sliding(zsm_placing &p) const noexcept;

	zsm_buddy_page &s_;
};

template <typename Kind>
void buddy_page<Kind>::lay_in_hole(zsm_placing &p) const noexcept
{
	uint32_t least = ZSM_PAGE_GRANULES + 1;

	const auto fits = [&](hole h) {
		const bool better = h.size() >= p.granules && h.size() < least;

		if (better)
			least = h.size();
		return better;
	};

	if (fits(before()))
		p.first = 0;
	if (fits(behind()))
		p.first = ZSM_PAGE_GRANULES - p.granules;
	if (fits(between()))
		p.first = between().first;
}

/* Of two that may slide, the shorter does. */
template <typename Kind>
void buddy_page<Kind>::lay_by_sliding(zsm_placing &p) const noexcept
{
	const bool may_low = low_slid() >= p.granules;
	const bool may_high = high_slid() >= p.granules;

	p.slides = true;
	if (may_low && (!may_high || size(low()) <= size(high()))) {
		p.slid = raw(low());
		p.slid_to = 0;
		p.first = size(low());
	} else {
		p.slid = raw(high());
		p.slid_to = ZSM_PAGE_GRANULES - size(high());
		p.first = end(low());
	}
}

template <typename Kind>
zsm_placing buddy_page<Kind>::place(uint32_t granules) const noexcept
{
	zsm_placing p{};

	p.page = &s_;
	p.which = raw(lowest_free());
	p.granules = granules;
	if (granules <= largest_hole())
		lay_in_hole(p);
	else
		lay_by_sliding(p);
	return p;
}

/* Granules: that of a page of which one is taken. */
constexpr uint32_t most_room = ZSM_PAGE_GRANULES - 1;

/* The pool's pages by the longest object that they take, with a map of the bins
 * that have any; pages with no room are in none. */
class room_bins {
public:
	explicit room_bins(zsm_buddies &state) noexcept : s_(state) {}

	/* The highest bin that is not empty, up to @room, or 0. */
	uint32_t highest(uint32_t room) const noexcept
	{
		uint64_t keep = ~uint64_t{0} >> (63 - room % 64);

		for (uint32_t w = room / 64 + 1; w-- > 0; keep = ~uint64_t{0}) {
			if (const uint64_t bins = s_.nonempty[w] & keep)
				return w * 64 + 63 -
				       static_cast<uint32_t>(
					       __builtin_clzll(bins));
		}
		return 0;
	}

	/* The first page with the room behind @after in the order of bins. */
	zsm_buddy_page *with_room(uint32_t granules,
				  const zsm_buddy_page *after) const noexcept
	{
		if (after && after->next)
			return after->next;
		if (after)
			granules = after->room + 1u;
		if (granules >= ZSM_PAGE_GRANULES)
			return nullptr;

		const uint32_t bin = bin_from(granules);

		return bin ? s_.bins[bin] : nullptr;
	}

	void add(zsm_buddy_page &z, uint32_t room) noexcept
	{
		z.room = static_cast<uint8_t>(room);
		if (!room)
			return;
		z.prev = nullptr;
		z.next = s_.bins[room];
		if (z.next)
			z.next->prev = &z;
		s_.bins[room] = &z;
		s_.nonempty[room / 64] |= uint64_t{1} << room % 64;
	}

	void remove(zsm_buddy_page &z) noexcept
	{
		const uint32_t room = z.room;

		if (!room)
			return;
		z.room = 0;
		if (z.next)
			z.next->prev = z.prev;
		if (z.prev)
			z.prev->next = z.next;
		else
			s_.bins[room] = z.next;
		if (!s_.bins[room])
			s_.nonempty[room / 64] &= ~(uint64_t{1} << room % 64);
	}

private:
	/* The lowest bin that is not empty from @room up, or 0. */
	uint32_t bin_from(uint32_t room) const noexcept
	{
		uint64_t skip = ~uint64_t{0} << room % 64;

		for (uint32_t w = room / 64; w < ZSM_BIN_WORDS;
		     w++, skip = ~uint64_t{0}) {
			if (const uint64_t bins = s_.nonempty[w] & skip)
				return w * 64 + static_cast<uint32_t>(
							__builtin_ctzll(bins));
		}
		return 0;
	}

	zsm_buddies &s_;
};

} /* namespace zsm */

#endif /* ZSM_CORE_KINDS_BUDDIES_HH */
