// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "core/tests/kinds/buddies.hh"

#include <algorithm>

namespace model {

/* The longest run of granules that no object has. */
uint32_t buddies::largest_hole(const objects &all) const
{
	std::vector<bool> taken(ZSM_PAGE_GRANULES);
	uint32_t run = 0, most = 0;

	for (const auto &[which, o] : all)
		std::fill(taken.begin() + o.first, taken.begin() + o.end(),
			  true);
	for (const bool t : taken) {
		run = t ? 0 : run + 1;
		most = std::max(most, run);
	}
	return most;
}

/*
 * The longest object that a page takes: each of its objects is slid as far as
 * it goes either way, if objects may be.
 */
uint32_t buddies::room_of(const objects &all) const
{
	if (all.size() == state_.per_page)
		return 0;

	uint32_t most = largest_hole(all);

	for (const auto &[which, o] : all) {
		uint32_t low = 0, high = ZSM_PAGE_GRANULES;
		objects moved = all;

		if (!state_.slides)
			break;
		for (const auto &[other, p] : all) {
			if (p.first < o.first)
				low = std::max(low, p.end());
			if (p.first > o.first)
				high = std::min(high, p.first);
		}
		moved[which].first = low;
		most = std::max(most, largest_hole(moved));
		moved[which].first = high - o.granules;
		most = std::max(most, largest_hole(moved));
	}
	return most;
}

/* The core has changed a page's objects, and so has the model. */
void buddies::changed(member &m)
{
	m.room = m.held ? 0 : room_of(m.objects);
	check_page(m);
}

/* The least room that is enough. */
std::optional<uint32_t> buddies::least_room(uint32_t granules) const
{
	std::optional<uint32_t> least;

	for (const auto &[id, m] : members_) {
		if (m.room >= granules && (!least || m.room < *least))
			least = m.room;
	}
	return least;
}

void buddies::slide(member &m, uint32_t which, uint32_t to)
{
	object &o = m.objects.at(which);

	ASSERT_TRUE(state_.slides);
	ASSERT_NE(o.first, to) << "nothing slides for nothing";
	for (const auto &[other, p] : m.objects) {
		if (other == which)
			continue;
		/* It stays on its side of the others. */
		if (p.first < o.first)
			ASSERT_GE(to, p.end());
		else
			ASSERT_LE(to + o.granules, p.first);
	}
	o.first = to;
}

/* A new object is where the core said, and overlaps nothing. */
void buddies::put(const zsm_placing &p, uint32_t owner)
{
	member &m = members_.at(p.page->id);

	ASSERT_EQ(m.state.get(), p.page);
	ASSERT_FALSE(m.held);
	if (p.slides) {
		ASSERT_LT(largest_hole(m.objects), p.granules)
			<< "there was no need to slide";
		ASSERT_NO_FATAL_FAILURE(slide(m, p.slid, p.slid_to));
	}
	ASSERT_LT(p.which, state_.per_page);
	ASSERT_EQ(m.objects.count(p.which), 0u);
	ASSERT_LE(p.first + p.granules, ZSM_PAGE_GRANULES);
	for (const auto &[which, o] : m.objects)
		ASSERT_TRUE(o.end() <= p.first ||
			    p.first + p.granules <= o.first)
			<< "it overlaps object " << which;
	m.objects[p.which] = {p.first, p.granules, owner};
	nr_used_++;
	nr_granules_ += p.granules;
	changed(m);
}

buddy buddies::alloc(uint32_t granules, uint32_t refusals)
{
	const auto owner = static_cast<uint32_t>(rng_.next());
	const std::optional<uint32_t> best = least_room(granules);
	const zsm_buddy_page *after = nullptr;
	zsm_placing p{};

	while (zsm_core_buddies_pick(&state_, granules, after, &p)) {
		if (!after) {
			EXPECT_EQ(members_.at(p.page->id).room, best);
		}
		EXPECT_EQ(p.granules, granules);
		if (!p.slides || !refusals) {
			zsm_core_buddies_place(&state_, &p, owner);
			put(p, owner);
			members_.at(p.page->id).age = ++now_;
			return {p.page->id, p.which};
		}
		refusals--;
		after = p.page;
	}
	if (!after) {
		EXPECT_FALSE(best) << "a page had the room";
	}

	member m{};

	m.state = std::make_unique<zsm_buddy_page>();
	m.state->id = next_id_++;
	m.state->pfn = m.state->id + 1000;
	p = {};
	p.page = m.state.get();
	p.granules = granules;
	p.which = zsm_core_buddies_add(&state_, p.page, granules, owner);
	p.first = p.page->first[p.which];
	m.age = ++now_;
	members_.emplace(p.page->id, std::move(m));
	put(p, owner);
	return {p.page->id, p.which};
}

/* The core freed an object and said @what. */
void buddies::forget(buddy b, int what)
{
	member &m = members_.at(b.id);

	nr_used_--;
	nr_granules_ -= m.objects.at(b.which).granules;
	m.objects.erase(b.which);
	if (m.objects.empty() && !m.held) {
		ASSERT_EQ(what, ZSM_BUDDY_FREED_PAGE);
		/* So that its use shows. */
		members_.erase(b.id);
	} else {
		ASSERT_EQ(what, ZSM_BUDDY_FREED);
		changed(m);
	}
}

void buddies::free(buddy b)
{
	forget(b, zsm_core_buddies_free(&state_, members_.at(b.id).state.get(),
					b.which));
}

bool buddies::resize(buddy b, uint32_t granules)
{
	member &m = members_.at(b.id);
	object &o = m.objects.at(b.which);
	bool fits = o.first + granules <= ZSM_PAGE_GRANULES;

	for (const auto &[other, p] : m.objects)
		fits = fits &&
		       (p.first <= o.first || p.first >= o.first + granules);
	EXPECT_EQ(zsm_core_buddies_resize(&state_, m.state.get(), b.which,
					  granules) != 0,
		  fits);
	if (!fits)
		return false;
	nr_granules_ = nr_granules_ - o.granules + granules;
	o.granules = granules;
	changed(m);
	return true;
}

/* Granules of a page's objects. */
uint32_t buddies::filled(const objects &all)
{
	uint32_t granules = 0;

	for (const auto &[which, o] : all)
		granules += o.granules;
	return granules;
}

/* No first page of a bin has an object for whose hole the core looks first. */
void buddies::check_no_move() const
{
	for (uint32_t r = ZSM_PAGE_GRANULES; r-- > 1;) {
		const zsm_buddy_page *z = state_.bins[r];

		if (!z)
			continue;

		const auto &source = members_.at(z->id).objects;
		uint32_t longest = 0;

		for (const auto &[which, o] : source)
			longest = std::max(longest, o.granules);
		for (const auto &[id, m] : members_)
			ASSERT_TRUE(m.state.get() == z || m.held ||
				    m.room != longest ||
				    largest_hole(m.objects) < longest ||
				    filled(m.objects) + longest <=
					    filled(source) ||
				    state_.bins[longest] != m.state.get())
				<< "page " << id << " has the hole exactly";
	}
}

bool buddies::compact(uint32_t kept)
{
	zsm_buddy_move move{};
	zsm_buddy_search search;

	while ((search = zsm_core_buddies_pick_move(&state_, &move)) ==
	       ZSM_BUDDY_SEARCH_ON)
		;
	if (search == ZSM_BUDDY_NO_MOVE) {
		if (!kept) {
			EXPECT_EQ(zsm_core_buddies_gain(&state_), 0u);
			check_no_move();
		}
		return false;
	}

	const uint32_t id = move.from->id;
	const object o = members_.at(id).objects.at(move.which);

	if (kept && o.owner % kept == 0) {
		zsm_core_buddies_pass_over(&state_, &move);
		return true;
	}
	EXPECT_GT(filled(members_.at(move.to.page->id).objects) + o.granules,
		  filled(members_.at(id).objects));
	EXPECT_NE(move.from, move.to.page);
	EXPECT_FALSE(move.to.slides);
	EXPECT_EQ(move.to.granules, o.granules);

	const int what = zsm_core_buddies_move(&state_, &move);

	put(move.to, o.owner);
	forget({id, move.which}, what);
	return true;
}

std::optional<uint32_t> buddies::hold()
{
	zsm_buddy_page *page = zsm_core_buddies_hold(&state_);
	const member *oldest = nullptr;

	for (const auto &[id, m] : members_) {
		if (!m.held && (!oldest || m.age < oldest->age))
			oldest = &m;
	}
	EXPECT_EQ(page, oldest ? oldest->state.get() : nullptr);
	if (!page)
		return std::nullopt;
	members_.at(page->id).held = true;
	changed(members_.at(page->id));
	return page->id;
}

void buddies::release(uint32_t id)
{
	member &m = members_.at(id);
	const int what = zsm_core_buddies_release(&state_, m.state.get());

	m.held = false;
	if (m.objects.empty()) {
		ASSERT_EQ(what, ZSM_BUDDY_FREED_PAGE);
		members_.erase(id);
	} else {
		ASSERT_EQ(what, ZSM_BUDDY_FREED);
		m.age = ++now_;
		changed(m);
	}
}

/* One of a page that has any; there is one. */
buddy buddies::random_buddy()
{
	auto it = members_.lower_bound(rng_.below(next_id_));

	while (it == members_.end() || it->second.objects.empty()) {
		if (it == members_.end())
			it = members_.begin();
		else
			++it;
	}

	auto object = it->second.objects.begin();

	std::advance(object, rng_.below(static_cast<uint32_t>(
				     it->second.objects.size())));
	return {it->first, object->first};
}

uint32_t buddies::granules_of(buddy b) const
{
	return members_.at(b.id).objects.at(b.which).granules;
}

uint32_t buddies::nr_on(uint32_t id) const
{
	return static_cast<uint32_t>(members_.at(id).objects.size());
}

std::vector<buddy> buddies::on(uint32_t id) const
{
	std::vector<buddy> all;

	for (const auto &[which, o] : members_.at(id).objects)
		all.push_back({id, which});
	return all;
}

void buddies::check_page(const member &m) const
{
	const zsm_buddy_page &z = *m.state;

	for (uint32_t which = 0; which < 4; which++)
		ASSERT_EQ(zsm_buddy_is_used(&z, which) != 0,
			  m.objects.count(which) != 0);
	for (const auto &[which, o] : m.objects) {
		ASSERT_EQ(z.owners[which], o.owner);
		ASSERT_EQ(zsm_buddy_offset(&z, which), o.first * ZSM_GRANULE);
		ASSERT_EQ(zsm_buddy_size(&z, which), o.granules * ZSM_GRANULE);
	}
	ASSERT_EQ(z.room, m.room);
	ASSERT_EQ(z.held != 0, m.held);
}

/* Each page with room is in the bin of its room, linked both ways. */
void buddies::check_bins() const
{
	size_t binned = 0, with_room = 0;

	ASSERT_EQ(state_.bins[0], nullptr);
	for (uint32_t r = 0; r < ZSM_PAGE_GRANULES; r++) {
		const zsm_buddy_page *prev = nullptr;

		for (const zsm_buddy_page *z = state_.bins[r]; z;
		     prev = z, z = z->next) {
			ASSERT_EQ(members_.at(z->id).state.get(), z);
			ASSERT_EQ(z->room, r);
			ASSERT_EQ(z->prev, prev);
			ASSERT_LE(++binned, members_.size()) << "a loop";
		}
		ASSERT_EQ(state_.nonempty[r / 64] >> r % 64 & 1,
			  state_.bins[r] != nullptr);
	}
	for (const auto &[id, m] : members_)
		with_room += m.state->room != 0;
	ASSERT_EQ(binned, with_room);
}

void buddies::check_ages() const
{
	size_t linked = 0, held = 0;
	const zsm_buddy_page *newer = nullptr;
	uint64_t age = now_ + 1;

	for (const zsm_buddy_page *z = state_.newest; z;
	     newer = z, z = z->older) {
		const member &m = members_.at(z->id);

		ASSERT_FALSE(m.held);
		ASSERT_LT(m.age, age);
		age = m.age;
		ASSERT_EQ(z->newer, newer);
		ASSERT_LE(++linked, members_.size()) << "a loop";
	}
	ASSERT_EQ(state_.oldest, newer);
	for (const auto &[id, m] : members_)
		held += m.held;
	ASSERT_EQ(linked + held, members_.size());
}

void buddies::check() const
{
	for (const auto &[id, m] : members_)
		ASSERT_NO_FATAL_FAILURE(check_page(m));
	ASSERT_NO_FATAL_FAILURE(check_bins());
	ASSERT_NO_FATAL_FAILURE(check_ages());
	ASSERT_EQ(state_.nr_pages, members_.size());
	ASSERT_EQ(state_.nr_used, nr_used_);
	ASSERT_EQ(state_.nr_granules, nr_granules_);
}

} /* namespace model */
