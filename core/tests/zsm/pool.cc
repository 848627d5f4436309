// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "core/tests/zsm/pool.hh"

namespace model {

/* The highest list that a zspage with room belongs in, or -1. */
int pool::best_list() const
{
	int best = -1;

	for (const auto &[id, m] : members_) {
		if (m.list != ZSM_NO_LIST)
			best = std::max(best, static_cast<int>(m.list));
	}
	return best;
}

/* The core says in advance what the next allocation needs. */
void pool::check_wants() const
{
	const int ready = ZSM_GROWING_LISTS;

	ASSERT_EQ(zsm_core_wants_fresh(&cls_) != 0, best_list() < 0);
	ASSERT_EQ(zsm_core_wants_pages(&cls_), best_list() >= ready ? 0u : 1u);
}

/* Was that the best zspage? @fresh becomes a member if it was needed. */
void pool::choose(const zsm_taken &got, descriptor fresh)
{
	const int best = best_list();

	if (best < 0) {
		ASSERT_EQ(got.zspage, fresh.get()) << "no other had room";
		members_.emplace(got.zspage->id,
				 member{
					 .state = std::move(fresh),
					 .model = model::zspage{cls_.class_idx},
				 });
		return;
	}
	ASSERT_NE(got.zspage, fresh.get()) << "there was no need for it";
	ASSERT_EQ(members_.count(got.zspage->id), 1u);
	ASSERT_EQ(got.zspage, members_.at(got.zspage->id).state.get());
	ASSERT_EQ(members_.at(got.zspage->id).list, static_cast<uint32_t>(best))
		<< "not the best zspage";
}

void pool::took(const zsm_taken &got, uint32_t owner, const zsm_reserve &before,
		const zsm_reserve &after)
{
	member &m = members_.at(got.zspage->id);

	ASSERT_NO_FATAL_FAILURE(
		m.model.take(*m.state, got.obj, owner, before, after));
	ASSERT_EQ(got.page != ZSM_NO_PAGE, before.nr != after.nr);
	if (got.page != ZSM_NO_PAGE) {
		ASSERT_EQ(pfn_of(*m.state, got.page), before.pfn[after.nr]);
	}
	m.list = m.model.list();
	nr_used_++;
	ASSERT_NO_FATAL_FAILURE(m.model.check(*m.state));
}

object pool::alloc(bool bring_all)
{
	const bool bring = bring_all || zsm_core_wants_fresh(&cls_);
	const zsm_reserve before = pfns_.reserve(
		bring_all ? ZSM_RESERVE_PAGES : zsm_core_wants_pages(&cls_));
	const auto owner = static_cast<uint32_t>(rng_.next());
	zsm_reserve after = before;
	descriptor fresh;
	std::vector<uint8_t> untouched;

	check_wants();
	if (bring) {
		fresh = make_descriptor(cls_.class_idx, next_id_);
		untouched = snapshot(*fresh);
	}

	const zsm_taken got = zsm_core_alloc(&cls_, fresh.get(), &after, owner);

	if (got.zspage == fresh.get()) {
		next_id_++;
	} else if (fresh) {
		EXPECT_EQ(snapshot(*fresh), untouched);
	}
	choose(got, std::move(fresh));
	if (!testing::Test::HasFailure())
		took(got, owner, before, after);
	for (uint32_t i = 0; i < after.nr; i++)
		pfns_.give_back(after.pfn[i]);
	return {got.zspage->id, got.obj};
}

/* A descriptor that the core calls empty is freed, so that its use shows. */
void pool::gave(object o, const zsm_released &out)
{
	member &m = members_.at(o.id);

	ASSERT_NO_FATAL_FAILURE(m.model.give(o.obj, out, pfns_));
	m.list = m.model.list();
	nr_used_--;
	if (m.model.nr_used() == 0) {
		ASSERT_EQ(out.state, ZSM_FREED_LAST);
		members_.erase(o.id);
	} else {
		ASSERT_EQ(out.state, ZSM_FREED);
		ASSERT_NO_FATAL_FAILURE(m.model.check(*m.state));
	}
}

zsm_released pool::free(object o)
{
	const zsm_released out =
		zsm_core_free(&cls_, members_.at(o.id).state.get(), o.obj);

	gave(o, out);
	return out;
}

object pool::random_object()
{
	auto it = members_.begin();

	std::advance(it, rng_.below(static_cast<uint32_t>(members_.size())));
	return {it->first, it->second.model.random_used(rng_)};
}

uint64_t pool::nr_ready() const
{
	uint64_t nr = 0;

	for (const auto &[id, m] : members_)
		nr += m.model.nr_ready();
	return nr;
}

/* Of those with room, as coarse as growing lists tell them apart. */
uint32_t pool::least_fullness() const
{
	uint32_t least = ZSM_READY_LISTS;

	for (const auto &[id, m] : members_) {
		if (!m.model.full())
			least = std::min(least, m.model.fullness() / 2);
	}
	return least;
}

bool pool::is_emptiest(const member &m, uint32_t page) const
{
	return m.model.has_page(page) &&
	       m.model.nr_used_on(page) == m.model.fewest_on_a_page();
}

/* All that the page holds can go where no page is needed for it. */
bool pool::has_room_elsewhere(const member &m, uint32_t page) const
{
	return nr_ready() - m.model.nr_ready() + m.model.nr_ready(page) >=
	       m.model.nr_used_on(page);
}

/* There may be several emptiest pages: the core looks at one of them only. */
bool pool::is_hopeless(const member &m) const
{
	for (uint32_t page = 0; page < row(cls_.class_idx).nr_pages; page++) {
		if (is_emptiest(m, page) && !has_room_elsewhere(m, page))
			return true;
	}
	return false;
}

void pool::check_move(const zsm_move &move) const
{
	const member &from = members_.at(move.from.zspage->id);
	const member &to = members_.at(move.to.zspage->id);
	const auto from_obj = move.from.obj;
	const auto to_obj = move.to.obj;
	bool leads_to_a_page = false;

	ASSERT_TRUE(from.model.used(from_obj));
	ASSERT_FALSE(to.model.used(to_obj));
	ASSERT_EQ(to.model.missing(to_obj), 0u);
	ASSERT_EQ(from.model.fullness() / 2, least_fullness());
	for (uint32_t page = 0; page < row(cls_.class_idx).nr_pages; page++) {
		if (from.model.touches(from_obj, page) &&
		    !(&from == &to && to.model.touches(to_obj, page)) &&
		    is_emptiest(from, page) && has_room_elsewhere(from, page))
			leads_to_a_page = true;
	}
	ASSERT_TRUE(leads_to_a_page);
}

/* The core gives up if one of the least full gains nothing. */
void pool::check_no_move() const
{
	bool any_with_room = false;

	for (const auto &[id, m] : members_) {
		if (m.model.full())
			continue;
		any_with_room = true;
		if (m.model.fullness() / 2 == least_fullness() &&
		    is_hopeless(m))
			return;
	}
	ASSERT_FALSE(any_with_room) << "a page could be gained";
}

void pool::moved(const zsm_move &move, const zsm_released &out)
{
	const object from{move.from.zspage->id, move.from.obj};
	const uint32_t owner = members_.at(from.id).model.owner(from.obj);

	member &to = members_.at(move.to.zspage->id);

	ASSERT_NO_FATAL_FAILURE(
		to.model.take(*to.state, move.to.obj, owner, {}, {}));
	to.list = to.model.list();
	nr_used_++;
	/* Last, as it may be the end of where it came from. */
	ASSERT_NO_FATAL_FAILURE(gave(from, out));
	if (from.id != move.to.zspage->id) {
		ASSERT_NO_FATAL_FAILURE(to.model.check(*to.state));
	}
}

bool pool::compact()
{
	zsm_move move{};

	if (!zsm_core_pick_move(&cls_, &move)) {
		check_no_move();
		return false;
	}
	check_move(move);
	if (testing::Test::HasFailure())
		return false;
	moved(move, zsm_core_move(&cls_, &move));
	return true;
}

bool pool::merge_into(pool &to)
{
	zsm_move move{};

	if (!zsm_core_pick_merge(&cls_, &to.cls_, &move))
		return false;

	const object source{move.from.zspage->id, move.from.obj};
	const auto to_obj = move.to.obj;
	const uint32_t owner = members_.at(source.id).model.owner(source.obj);
	member &target = to.members_.at(move.to.zspage->id);

	EXPECT_EQ(target.model.missing(to_obj), 0u);

	const zsm_released out = zsm_core_merge(&cls_, &to.cls_, &move);

	EXPECT_NO_FATAL_FAILURE(
		target.model.take(*target.state, to_obj, owner, {}, {}));
	target.list = target.model.list();
	to.nr_used_++;
	EXPECT_NO_FATAL_FAILURE(target.model.check(*target.state));
	gave(source, out);
	return true;
}

/* Each in the list is linked both ways and belongs there. */
void pool::check_list(uint32_t list, size_t &found) const
{
	const zsm_zspage *prev = nullptr;

	for (const zsm_zspage *z = cls_.lists[list]; z; prev = z, z = z->next) {
		ASSERT_EQ(members_.count(z->id), 1u);
		ASSERT_EQ(members_.at(z->id).state.get(), z);
		ASSERT_EQ(members_.at(z->id).list, list) << "zspage " << z->id;
		ASSERT_EQ(z->list, list) << "zspage " << z->id;
		ASSERT_EQ(z->prev, prev) << "zspage " << z->id;
		ASSERT_LE(++found, members_.size()) << "the list has a loop";
	}
	ASSERT_EQ(cls_.nonempty >> list & 1, cls_.lists[list] != nullptr);
}

void pool::check() const
{
	size_t listed = 0, with_room = 0;

	for (uint32_t list = 0; list < ZSM_NR_LISTS; list++)
		ASSERT_NO_FATAL_FAILURE(check_list(list, listed));
	for (const auto &[id, m] : members_) {
		with_room += m.list != ZSM_NO_LIST;
		if (m.list == ZSM_NO_LIST) {
			ASSERT_EQ(m.state->list, ZSM_NO_LIST)
				<< "zspage " << id;
		}
	}
	ASSERT_EQ(listed, with_room);
	ASSERT_EQ(cls_.nonempty >> ZSM_NR_LISTS, 0u);
	ASSERT_EQ(cls_.nr_zspages, members_.size());
	ASSERT_EQ(cls_.nr_used, nr_used_);
	ASSERT_EQ(cls_.nr_ready, nr_ready());
	ASSERT_EQ(cls_.nr_pages, nr_pages());
}

void wander(pool &p, uint32_t nr_ops, uint32_t max_zspages, uint32_t compact)
{
	const uint32_t most = max_zspages * p.objs_each();
	uint32_t aim = 0;

	for (uint32_t op = 0; op < nr_ops; op++) {
		if (op % 100 == 0)
			aim = p.random().below(most + 1);

		const bool grow =
			p.random().percent(p.nr_used() < aim ? 85 : 15);

		if (p.random().percent(compact))
			p.compact();
		else if (grow || !p.nr_used())
			p.alloc(p.random().percent(10));
		else
			p.free(p.random_object());
		ASSERT_FALSE(testing::Test::HasFailure())
			<< "at operation " << op;
		ASSERT_NO_FATAL_FAILURE(p.check()) << "at operation " << op;
	}
}

void drain(pool &p)
{
	while (p.nr_used() && !testing::Test::HasFailure())
		p.free(p.random_object());
	ASSERT_NO_FATAL_FAILURE(p.check());
	ASSERT_EQ(p.nr_zspages(), 0u);
	ASSERT_EQ(p.nr_pages(), 0u);
}

void fill(pool &p, uint32_t nr_zspages)
{
	for (uint32_t i = 0; i < nr_zspages * p.objs_each(); i++) {
		p.alloc();
		ASSERT_FALSE(testing::Test::HasFailure()) << "object " << i;
	}
	ASSERT_EQ(p.nr_zspages(), nr_zspages);
}

} /* namespace model */
