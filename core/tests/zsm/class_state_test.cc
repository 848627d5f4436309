// SPDX-License-Identifier: GPL-2.0 OR MIT
/* A size class: which zspage an object comes from, the lists and the counts. */
#include "core/tests/zsm/pool.hh"

#include <cstring>

namespace {

using model::for_class;
using model::for_each_class;
using model::pool;

TEST(class_state, allocating_and_freeing_at_random_agrees_with_the_model)
{
	for_each_class(2000, [](pool &p) {
		ASSERT_NO_FATAL_FAILURE(model::wander(p, 1000, 12));
		model::drain(p);
	});
}

TEST(class_state, many_zspages_agree_with_the_model)
{
	for (uint32_t sixteenths : {1, 5, 8, 11, 15, 16}) {
		const uint32_t size = sixteenths * ZSM_PAGE_SIZE / 16;

		for_class(zsm_class_of(size), 3000, [](pool &p) {
			ASSERT_NO_FATAL_FAILURE(model::wander(p, 8000, 40));
			model::drain(p);
		});
	}
}

TEST(class_state, an_empty_class_wants_everything)
{
	for_each_class(2000, [](pool &p) {
		EXPECT_TRUE(zsm_core_wants_fresh(&p.cls()));
		EXPECT_EQ(zsm_core_wants_pages(&p.cls()), 1u);
		EXPECT_EQ(p.alloc().obj, 0u);
		EXPECT_EQ(p.nr_pages(), 1u);
	});
}

/* One object at a time: the descriptor and the page come back with it. */
TEST(class_state, the_last_object_takes_all_with_it)
{
	for_each_class(2000, [](pool &p) {
		for (uint32_t round = 0; round < 3; round++) {
			const zsm_released out = p.free(p.alloc());

			EXPECT_EQ(out.state, ZSM_FREED_LAST);
			EXPECT_EQ(out.nr, 1u);
			EXPECT_EQ(p.cls().nonempty, 0u);
			ASSERT_NO_FATAL_FAILURE(p.check());
		}
	});
}

/* Every so many objects: what is left keeps the pages there. */
void free_every(pool &p, uint32_t id, uint32_t step)
{
	for (uint32_t obj = 0; obj < p.objs_each(); obj += step)
		p.free({id, obj});
}

/* The hole in the fullest zspage is filled before any other. */
TEST(class_state, the_fullest_of_those_that_are_ready_comes_first)
{
	for (uint32_t size = ZSM_MIN_SIZE; size <= ZSM_PAGE_SIZE / 4;
	     size *= 2) {
		for_class(zsm_class_of(size), 1, [](pool &p) {
			ASSERT_NO_FATAL_FAILURE(model::fill(p, 3));
			free_every(p, 0, 2);
			free_every(p, 2, 4);
			free_every(p, 1, p.objs_each());
			EXPECT_EQ(p.alloc().id, 1u);
			EXPECT_EQ(p.alloc().id, 2u);
		});
	}
}

/* A zspage that is nearly full but would need a page comes after. */
TEST(class_state, one_that_is_ready_comes_before_one_that_must_grow)
{
	const uint32_t c = zsm_class_of(ZSM_PAGE_SIZE / 2);
	pool p{c, 1};
	const uint32_t nr_objs = p.objs_each();

	ASSERT_NO_FATAL_FAILURE(model::fill(p, 2));
	p.free({0, 0});
	p.free({0, 1});
	for (uint32_t obj = 1; obj < nr_objs; obj++)
		p.free({1, obj});
	ASSERT_EQ(p.zspage(0).nr_unready, 2u);
	EXPECT_EQ(zsm_core_wants_pages(&p.cls()), 0u);
	EXPECT_EQ(p.alloc().id, 1u);
	EXPECT_EQ(zsm_core_wants_pages(&p.cls()), 1u);
	EXPECT_EQ(p.alloc().id, 0u);
	ASSERT_NO_FATAL_FAILURE(p.check());
}

/* Frees what is not there; says whether all was as before. */
void free_nothing(pool &p, uint32_t id, uint32_t obj)
{
	const std::vector<uint8_t> before = model::snapshot(p.zspage(id));
	const zsm_class cls = p.cls();
	const zsm_released out = zsm_core_free(&p.cls(), &p.zspage(id), obj);

	ASSERT_EQ(out.state, ZSM_NOT_ALLOCATED) << "object " << obj;
	ASSERT_EQ(out.nr, 0u) << "object " << obj;
	ASSERT_EQ(model::snapshot(p.zspage(id)), before) << "object " << obj;
	ASSERT_EQ(std::memcmp(&cls, &p.cls(), sizeof(cls)), 0);
}

TEST(class_state, freeing_what_is_not_allocated_changes_nothing)
{
	for_each_class(2000, [](pool &p) {
		const uint32_t nr_objs = p.objs_each();

		ASSERT_NO_FATAL_FAILURE(model::fill(p, 1));
		for (uint32_t obj = nr_objs; obj < 2 * ZSM_MAX_OBJS; obj++)
			ASSERT_NO_FATAL_FAILURE(free_nothing(p, 0, obj));
		for (uint32_t obj :
		     {0x8000u, 0x10000u, 0x80000000u, UINT32_MAX})
			ASSERT_NO_FATAL_FAILURE(free_nothing(p, 0, obj));
		for (uint32_t obj = 1; obj < nr_objs; obj++) {
			p.free({0, obj});
			ASSERT_NO_FATAL_FAILURE(free_nothing(p, 0, obj));
		}
		ASSERT_NO_FATAL_FAILURE(p.check());
	});
}

} /* namespace */
