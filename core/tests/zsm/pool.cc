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

void pool::member::relist()
{
	list = model.list();
	if (list == ZSM_NO_LIST)
		kept = false;
	else if (kept)
		list = list < ZSM_GROWING_LISTS ? ZSM_KEPT_GROWING_LIST
						: ZSM_KEPT_READY_LIST;
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
	m.relist();
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
	m.kept = false;
	m.relist();
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

/* It is used, its new place is free, and it is not a step back. */
void pool::check_move(const zsm_move &move) const
{
	const member &from = members_.at(move.from.zspage->id);
	const member &to = members_.at(move.to.zspage->id);
	const uint32_t missing = to.model.missing(move.to.obj);

	ASSERT_TRUE(from.model.used(move.from.obj));
	ASSERT_FALSE(to.model.used(move.to.obj));
	ASSERT_FALSE(from.kept);
	ASSERT_EQ(missing, move.page != ZSM_NO_PAGE ? 1u : 0u);
	if (missing) {
		ASSERT_TRUE(to.model.touches(move.to.obj, move.page));
		ASSERT_FALSE(to.model.has_page(move.page));
	}
	if (&from == &to) {
		ASSERT_LT(move.to.obj, move.from.obj);
	} else if (!to.kept) {
		ASSERT_GE(to.model.nr_used(), from.model.nr_used());
	}
}

/* Nothing is left to gain, but what owners keep. */
void pool::check_no_move() const
{
	for (const auto &[id, m] : members_) {
		if (m.kept)
			return;
	}

	const uint64_t fewest = fewest_pages(cls_.class_idx, nr_used_);

	ASSERT_LE(nr_pages(), fewest + std::max<uint64_t>(fewest / 100, 1))
		<< nr_used_ << " objects";
}

void pool::move_to(pool &to, const zsm_move &move)
{
	const object from{move.from.zspage->id, move.from.obj};
	const uint32_t owner = members_.at(from.id).model.owner(from.obj);
	const zsm_reserve before =
		to.pfns_.reserve(move.page != ZSM_NO_PAGE ? 1 : 0);
	zsm_reserve after = before;
	member &target = to.members_.at(move.to.zspage->id);

	zsm_core_move_take(&to.cls_, &move, &after);
	ASSERT_NO_FATAL_FAILURE(target.model.take(*target.state, move.to.obj,
						  owner, before, after, true));
	target.relist();
	to.nr_used_++;
	ASSERT_NO_FATAL_FAILURE(target.model.check(*target.state));
	gave(from, zsm_core_move_give(&cls_, &move));
}

bool pool::compact(uint32_t refuse)
{
	zsm_move move{};

	if (!zsm_core_pick_move(&cls_, &move)) {
		check_no_move();
		return false;
	}
	check_move(move);
	if (testing::Test::HasFailure())
		return false;
	if (refuse && rng_.percent(refuse)) {
		member &m = members_.at(move.from.zspage->id);

		zsm_core_refused(&cls_, &move);
		m.kept = true;
		m.relist();
	} else {
		move_to(*this, move);
	}
	return true;
}

void pool::retry()
{
	while (zsm_core_retry(&cls_))
		;
	for (auto &[id, m] : members_) {
		m.kept = false;
		m.relist();
	}
}

bool pool::merge_into(pool &to)
{
	zsm_move move{};

	if (!zsm_core_pick_merge(&cls_, &to.cls_, &move))
		return false;
	EXPECT_EQ(move.page, ZSM_NO_PAGE);
	move_to(to, move);
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

void wander(pool &p, uint32_t nr_ops, uint32_t max_zspages, uint32_t compact,
	    uint32_t refuse)
{
	const uint32_t most = max_zspages * p.objs_each();
	uint32_t aim = 0;

	for (uint32_t op = 0; op < nr_ops; op++) {
		if (op % 100 == 0)
			aim = p.random().below(most + 1);

		const bool grow =
			p.random().percent(p.nr_used() < aim ? 85 : 15);

		if (p.random().percent(compact))
			p.compact(refuse);
		else if (refuse && p.random().percent(1))
			p.retry();
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
