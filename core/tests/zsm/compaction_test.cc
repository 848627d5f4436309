// SPDX-License-Identifier: GPL-2.0 OR MIT
/* Compaction: that it gains pages, makes no move for nothing, and ends. */
#include "core/tests/zsm/pool.hh"

namespace {

using model::for_class;
using model::for_each_class;
using model::pool;

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
