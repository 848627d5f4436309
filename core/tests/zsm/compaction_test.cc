// SPDX-License-Identifier: GPL-2.0 OR MIT
/* Compaction: that it gains pages, moves nothing in vain, and ends. */
#include "core/tests/zsm/pool.hh"

#include <vector>

namespace {

using model::for_class;
using model::for_each_class;
using model::pool;
using model::rng;

/* Frees objects at random until so many of a hundred are left. */
void thin_out(pool &p, uint32_t percent)
{
	const uint64_t left = p.nr_used() * percent / 100;

	while (p.nr_used() > left && !testing::Test::HasFailure())
		p.free(p.random_object());
}

/*
 * Makes steps until there is none. Each ought to lead to a page's release: so
 * there is one before as many steps as two pages can hold objects, and one at
 * the very end.
 */
void compact_all(pool &p)
{
	const uint64_t most = p.nr_pages() - zsm_core_gain(&p.cls());
	uint32_t pages = p.nr_pages();
	uint32_t in_vain = 0;

	while (p.compact()) {
		ASSERT_FALSE(testing::Test::HasFailure());
		ASSERT_LE(p.nr_pages(), pages);
		in_vain = p.nr_pages() < pages ? 0 : in_vain + 1;
		ASSERT_LT(in_vain, 2 * ZSM_MAX_OBJS);
		pages = p.nr_pages();
	}
	ASSERT_EQ(in_vain, 0u) << "the last steps gained nothing";
	ASSERT_GE(pages, most) << "it gained more than was said";
	ASSERT_EQ(zsm_core_gain(&p.cls()), 0u);
	ASSERT_NO_FATAL_FAILURE(p.check());
}

/* The fewest pages that could hold the objects. */
uint64_t ideal_pages(pool &p)
{
	return (p.nr_used() * model::row(p.cls().class_idx).size +
		ZSM_PAGE_SIZE - 1) /
	       ZSM_PAGE_SIZE;
}

/* From four zspages thinned out, all classes together. */
void check_gain(uint32_t percent)
{
	uint64_t pages = 0, ideal = 0;

	SCOPED_TRACE(testing::Message() << percent << "% left");
	for_each_class(8000, [&](pool &p) {
		ASSERT_NO_FATAL_FAILURE(model::fill(p, 4));
		thin_out(p, percent);
		ASSERT_NO_FATAL_FAILURE(compact_all(p));
		pages += p.nr_pages();
		ideal += ideal_pages(p);
	});
	EXPECT_LE(pages, ideal + 2 * model::nr_classes());
}

TEST(compaction, it_comes_close_to_the_fewest_pages)
{
	for (const uint32_t percent : {10, 50, 90})
		check_gain(percent);
}

TEST(compaction, steps_between_other_operations_agree_with_the_model)
{
	for_each_class(8500, [](pool &p) {
		ASSERT_NO_FATAL_FAILURE(model::wander(p, 600, 8, 25));
		ASSERT_NO_FATAL_FAILURE(compact_all(p));
		model::drain(p);
	});
}

TEST(compaction, nothing_moves_where_there_is_no_room_or_no_object)
{
	for_each_class(1, [](pool &p) {
		EXPECT_FALSE(p.compact());
		ASSERT_NO_FATAL_FAILURE(model::fill(p, 2));
		EXPECT_FALSE(p.compact());
	});
}

/* What was said before is what compaction gets, but for a page or two. */
TEST(compaction, the_gain_is_told_beforehand)
{
	uint64_t said = 0, gained = 0;

	for_each_class(8700, [&](pool &p) {
		ASSERT_NO_FATAL_FAILURE(model::fill(p, 6));
		ASSERT_EQ(zsm_core_gain(&p.cls()), 0u);
		thin_out(p, 80);
		said += zsm_core_gain(&p.cls());
		gained += p.nr_pages();
		ASSERT_NO_FATAL_FAILURE(compact_all(p));
		gained -= p.nr_pages();
	});
	EXPECT_LE(gained, said);
	EXPECT_LE(said, gained + 2 * model::nr_classes());
}

/* Nothing to gain, until an object goes or a page comes. */
TEST(compaction, a_settled_class_has_no_gain)
{
	for_class(zsm_class_of(ZSM_PAGE_SIZE / 4), 1, [](pool &p) {
		ASSERT_NO_FATAL_FAILURE(model::fill(p, 4));
		thin_out(p, 50);
		ASSERT_NO_FATAL_FAILURE(compact_all(p));
		EXPECT_TRUE(p.cls().settled);
		p.free(p.random_object());
		EXPECT_FALSE(p.cls().settled);
		ASSERT_NO_FATAL_FAILURE(compact_all(p));
		while (!zsm_core_wants_pages(&p.cls())) {
			p.alloc();
			EXPECT_TRUE(p.cls().settled);
		}
		p.alloc();
		EXPECT_FALSE(p.cls().settled);
	});
}

/*
 * Each merge takes as many steps as were said, and gives a page; both classes
 * stay as their models have them.
 */
void merge_all(pool &from, pool &to)
{
	uint32_t steps = 0, needed = zsm_core_merge_objs(&from.cls());
	uint32_t pages = from.nr_pages();

	while (from.merge_into(to)) {
		ASSERT_FALSE(testing::Test::HasFailure());
		ASSERT_NO_FATAL_FAILURE(from.check());
		ASSERT_NO_FATAL_FAILURE(to.check());
		ASSERT_LE(++steps, needed);
		if (from.nr_pages() == pages)
			continue;
		pages = from.nr_pages();
		steps = 0;
		needed = zsm_core_merge_objs(&from.cls());
	}
	ASSERT_EQ(steps, 0u) << "the last steps gained nothing";
}

TEST(compaction, merging_gains_pages_and_agrees_with_the_models)
{
	uint32_t before = 0, after = 0;

	for (uint32_t c = 0; c + 2 < model::nr_classes(); c++) {
		SCOPED_TRACE(testing::Message() << "class " << c);
		pool from{c, 8800 + c}, to{c + 1, 8900 + c};

		for (uint32_t i = 0; i < 10; i++)
			from.alloc();
		while (!to.cls().nr_ready || to.nr_pages() < 2)
			to.alloc();
		before += from.nr_pages() + to.nr_pages();

		const uint32_t pages = to.nr_pages();

		ASSERT_NO_FATAL_FAILURE(merge_all(from, to));
		ASSERT_EQ(to.nr_pages(), pages);
		after += from.nr_pages() + to.nr_pages();
		model::drain(from);
		model::drain(to);
	}
	EXPECT_LT(after, before);
}

/* A merge may end half way: what it left may be gained by the class alone. */
TEST(compaction, a_class_that_was_merged_from_is_not_settled)
{
	const uint32_t idx = zsm_class_of(ZSM_PAGE_SIZE / 16);
	pool from{idx, 1}, to{idx + 1, 2};

	for (uint32_t i = 0; i < 2; i++)
		from.alloc();
	to.alloc();
	ASSERT_NO_FATAL_FAILURE(compact_all(from));
	EXPECT_TRUE(from.cls().settled);
	ASSERT_TRUE(from.merge_into(to));
	EXPECT_EQ(from.nr_pages(), 1u);
	EXPECT_FALSE(from.cls().settled);
	model::drain(from);
	model::drain(to);
}

/* Nor is there a merge without a free object, or at the price of a page. */
TEST(compaction, merging_respects_its_limits)
{
	const uint32_t half = zsm_class_of(ZSM_PAGE_SIZE / 2);
	pool from{half, 1}, full{half + 1, 2};
	pool large{model::nr_classes() - 2, 3};

	EXPECT_EQ(zsm_core_merge_objs(&from.cls()), 0u);
	from.alloc();
	EXPECT_EQ(zsm_core_merge_objs(&from.cls()), 1u);
	ASSERT_NO_FATAL_FAILURE(model::fill(full, 1));
	EXPECT_FALSE(from.merge_into(full));
	while (!large.cls().nr_ready)
		large.alloc();
	EXPECT_FALSE(from.merge_into(large));
	full.free(full.random_object());
	while (!full.cls().nr_ready)
		full.free(full.random_object());
	EXPECT_TRUE(from.merge_into(full));
	EXPECT_EQ(from.nr_pages(), 0u);
	model::drain(full);
	model::drain(large);
}

/* Objects of a page each: there is no free one on a page that is there. */
TEST(compaction, nothing_moves_where_no_page_is_shared)
{
	for_class(zsm_class_of(ZSM_PAGE_SIZE), 1, [](pool &p) {
		ASSERT_NO_FATAL_FAILURE(model::fill(p, 3));
		thin_out(p, 30);
		EXPECT_FALSE(p.compact());
	});
}

/* Two zspages of one object each become one. */
TEST(compaction, a_step_can_end_a_zspage)
{
	for_class(zsm_class_of(ZSM_PAGE_SIZE / 2), 1, [](pool &p) {
		ASSERT_NO_FATAL_FAILURE(model::fill(p, 2));
		for (uint32_t id = 0; id < 2; id++) {
			for (uint32_t obj = 1; obj < p.objs_each(); obj++)
				p.free({id, obj});
		}
		EXPECT_TRUE(p.compact());
		EXPECT_EQ(p.nr_zspages(), 1u);
		EXPECT_EQ(p.nr_pages(), 1u);
		EXPECT_FALSE(p.compact());
		ASSERT_NO_FATAL_FAILURE(p.check());
	});
}

/*
 * A class without a model beside it, so that very many states of it can be gone
 * through. Only where its objects are is kept.
 */
class bare_class {
public:
	bare_class(uint32_t class_idx, uint64_t seed) : rng_(seed)
	{
		cls_.class_idx = class_idx;
	}

	size_t nr_used() const { return objs_.size(); }

	void alloc()
	{
		model::descriptor fresh;
		zsm_reserve reserve{1, {1, 0}};

		if (zsm_core_wants_fresh(&cls_))
			fresh = model::make_descriptor(cls_.class_idx, 0);

		const zsm_taken got =
			zsm_core_alloc(&cls_, fresh.get(), &reserve, 0);

		objs_.push_back({got.zspage, got.obj});
		if (fresh)
			zspages_.push_back(std::move(fresh));
	}

	void free_any()
	{
		zsm_object &o = objs_[rng_.below(objs_.size())];

		zsm_core_free(&cls_, o.zspage, o.obj);
		o = objs_.back();
		objs_.pop_back();
	}

	/* Moves until there is no more to move; the most moves for one page. */
	uint32_t compact()
	{
		uint32_t worst = 0, moves = 0;
		zsm_move move;

		while (worst <= ZSM_MAX_OBJS &&
		       zsm_core_pick_move(&cls_, &move)) {
			moves = zsm_core_move(&cls_, &move).nr ? 0 : moves + 1;
			worst = std::max(worst, moves);
		}
		return worst;
	}

private:
	rng rng_;
	zsm_class cls_{};
	std::vector<model::descriptor> zspages_;
	std::vector<zsm_object> objs_;
};

TEST(compaction, it_ends_in_any_state)
{
	constexpr uint32_t nr_states = 150;

	for (uint32_t idx = 0; idx < model::nr_classes(); idx++) {
		rng random{9500 + idx};

		for (uint32_t state = 0; state < nr_states; state++) {
			bare_class c{idx, random.next()};
			const size_t most =
				1 + random.below(6 * model::row(idx).nr_objs);
			const size_t left = 1 + random.below(most);

			while (c.nr_used() < most)
				c.alloc();
			while (c.nr_used() > left)
				c.free_any();
			for (uint32_t more = random.below(20); more; more--)
				c.alloc();
			ASSERT_LE(c.compact(), ZSM_MAX_OBJS)
				<< "size " << model::row(idx).size << ", state "
				<< state;
		}
	}
}

/* Inside the only zspage, from one page to another. */
TEST(compaction, a_zspage_is_compacted_in_itself)
{
	for_class(zsm_class_of(ZSM_PAGE_SIZE / 2), 1, [](pool &p) {
		ASSERT_NO_FATAL_FAILURE(model::fill(p, 1));
		for (uint32_t obj = 0; obj < p.objs_each(); obj += 2)
			p.free({0, obj});

		const uint32_t pages = p.nr_pages();

		ASSERT_NO_FATAL_FAILURE(compact_all(p));
		EXPECT_EQ(p.nr_pages(), pages / 2);
		EXPECT_EQ(p.nr_zspages(), 1u);
	});
}

} /* namespace */
