// SPDX-License-Identifier: GPL-2.0 OR MIT
/* Compaction: that it gains pages, moves nothing in vain, and ends. */
#include "core/tests/zsm/pool.hh"

#include <algorithm>
#include <cmath>
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
 * Makes steps until there is none. No more are made than twice the objects that
 * there are, and the last of them releases a page.
 */
void compact_all(pool &p)
{
	const uint64_t most = p.nr_pages() - zsm_core_gain(&p.cls());
	uint64_t steps = 2 * p.nr_used();
	uint32_t pages = p.nr_pages();
	bool released = true;

	while (p.compact()) {
		ASSERT_FALSE(testing::Test::HasFailure());
		ASSERT_GT(steps--, 0u) << "it does not end";
		released = p.nr_pages() < pages;
		pages = p.nr_pages();
	}
	ASSERT_TRUE(released) << "the last step gained nothing";
	ASSERT_GE(pages, most) << "it gained more than was said";
	ASSERT_EQ(zsm_core_gain(&p.cls()), 0u);
	ASSERT_NO_FATAL_FAILURE(p.check());
}

/* From some zspages thinned out; the fewest pages possible are told by the
 * tests. */
void check_gain(uint32_t percent)
{
	SCOPED_TRACE(testing::Message() << percent << "% left");
	for_each_class(8000, [&](pool &p) {
		ASSERT_NO_FATAL_FAILURE(model::fill(p, 4));
		thin_out(p, percent);
		ASSERT_NO_FATAL_FAILURE(compact_all(p));

		const uint64_t fewest =
			model::fewest_pages(p.cls().class_idx, p.nr_used());

		ASSERT_LE(p.nr_pages(), fewest + fewest / 100)
			<< "size " << model::row(p.cls().class_idx).size;
	});
}

TEST(compaction, it_reaches_the_fewest_pages)
{
	for (const uint32_t percent : {10, 25, 50, 90})
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

/* What an owner does not let go is asked for once, and all else is gained. */
TEST(compaction, what_is_refused_is_passed_over)
{
	for_each_class(8600, [](pool &p) {
		ASSERT_NO_FATAL_FAILURE(model::wander(p, 600, 8, 25, 20));
		ASSERT_NO_FATAL_FAILURE(p.check());
		p.retry();
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

/* What was said before is what compaction gets. */
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
	EXPECT_EQ(gained, said);
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
		while (p.cls().nr_ready) {
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

		const auto owner = static_cast<uint32_t>(objs_.size());
		const zsm_taken got =
			zsm_core_alloc(&cls_, fresh.get(), &reserve, owner);

		objs_.push_back({got.zspage, got.obj});
		if (fresh)
			zspages_.push_back(std::move(fresh));
	}

	/* Frees what the owners below @left do not have. */
	void free_but(uint32_t left)
	{
		for (size_t i = objs_.size(); i > 1; i--)
			std::swap(objs_[i - 1],
				  objs_[rng_.below(static_cast<uint32_t>(i))]);
		for (size_t i = left; i < objs_.size(); i++)
			zsm_core_free(&cls_, objs_[i].zspage, objs_[i].obj);
		objs_.resize(left);
	}

	/*
	 * Moves until there is no more to move, or that takes too long. Owners
	 * of one object in @refuse let none go. Returns how many have moved.
	 */
	uint64_t compact(uint64_t most, uint32_t refuse = 0)
	{
		uint64_t moves = 0;
		zsm_move move;

		while (moves <= most && zsm_core_pick_move(&cls_, &move)) {
			const uint32_t owner =
				zsm_owner(move.from.zspage, move.from.obj);
			zsm_reserve reserve{1, {1, 0}};

			if (refuse && owner % refuse == 0) {
				zsm_core_refused(&cls_, &move);
				refusals_++;
				continue;
			}
			zsm_core_move_take(&cls_, &move, &reserve);
			zsm_core_move_give(&cls_, &move);
			moves++;
		}
		return moves;
	}

	uint64_t nr_pages() const { return cls_.nr_pages; }
	uint64_t nr_refusals() const { return refusals_; }
	uint64_t nr_zspages() const { return cls_.nr_zspages; }

private:
	rng rng_;
	zsm_class cls_{};
	std::vector<model::descriptor> zspages_;
	std::vector<zsm_object> objs_;
	uint64_t refusals_ = 0;
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
			c.free_but(static_cast<uint32_t>(left));
			for (uint32_t more = random.below(20); more; more--)
				c.alloc();

			const uint64_t steps = 2 * c.nr_used();

			ASSERT_LE(c.compact(steps), steps)
				<< "size " << model::row(idx).size << ", state "
				<< state;

			const uint64_t fewest =
				model::fewest_pages(idx, c.nr_used());

			ASSERT_LE(c.nr_pages(), fewest + fewest / 100)
				<< "size " << model::row(idx).size << ", state "
				<< state;
		}
	}
}

/* How many of @nr objects of sizes around a third of a page are in each class.
 */
std::vector<uint32_t> mixture(uint32_t nr)
{
	std::vector<uint32_t> objs(model::nr_classes());
	rng random{9800};

	while (nr--) {
		/* Twelve numbers together are close to normal; so is the
		 * logarithm. */
		double normal = -6;

		for (uint32_t i = 0; i < 12; i++)
			normal += random.below(1u << 16) / 65536.0;

		const double size =
			1300.0 / 4096 * ZSM_PAGE_SIZE * std::exp(normal / 2);

		objs[zsm_class_of(static_cast<uint32_t>(std::clamp(
			size, 1.0, static_cast<double>(ZSM_PAGE_SIZE))))]++;
	}
	return objs;
}

/* Of many objects, of which so many of a hundred are left. */
void check_mixture(uint32_t percent)
{
	const auto objs = mixture(100000);
	uint64_t before = 0, after = 0, fewest = 0, moves = 0;

	for (uint32_t idx = 0; idx < objs.size(); idx++) {
		bare_class c{idx, 9700 + idx};

		while (c.nr_used() < objs[idx])
			c.alloc();
		c.free_but(objs[idx] * percent / 100);
		before += c.nr_pages();
		moves += c.compact(2 * c.nr_used());
		after += c.nr_pages();
		fewest += model::fewest_pages(idx, c.nr_used());
	}
	EXPECT_LE(after, fewest + fewest / 100) << percent << "% left";
	EXPECT_LE(moves, 6 * (before - after)) << percent << "% left";
}

TEST(compaction, a_mixture_of_sizes_is_packed_by_few_moves)
{
	for (const uint32_t percent : {50, 25, 10})
		check_mixture(percent);
}

/* Owners who refuse cost what their own objects take, and are asked once each.
 */
TEST(compaction, refusals_stop_nothing_else)
{
	constexpr uint32_t nr_objs = 4000, refuse = 50;

	for (const uint32_t sixteenths : {1, 5, 9, 11, 15}) {
		const uint32_t idx =
			zsm_class_of(sixteenths * ZSM_PAGE_SIZE / 16);
		bare_class c{idx, 9900 + sixteenths};

		while (c.nr_used() < nr_objs)
			c.alloc();
		c.free_but(nr_objs / 2);

		const uint64_t zspages = c.nr_zspages();
		const uint64_t fewest = model::fewest_pages(idx, nr_objs / 2);

		c.compact(nr_objs, refuse);
		EXPECT_LE(c.nr_refusals(), zspages);
		EXPECT_LE(c.nr_pages(), fewest + fewest / 100 + 1)
			<< "size " << model::row(idx).size;
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
