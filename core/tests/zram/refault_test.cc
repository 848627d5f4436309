// SPDX-License-Identifier: GPL-2.0 OR MIT
/* How old a page must be: up when pages come back, slowly down when they do
 * not. */
#include "core/tests/zsm/model.hh"
#include "core/zram/refault.h"

namespace zram_refault_test {

class refault : public testing::Test {
protected:
	refault() { zram_refault_start(&r, 16, ZRAM_REFAULT_DEFAULT_PERCENT); }

	void step(uint64_t written, uint64_t read, uint32_t times = 1)
	{
		for (uint32_t i = 0; i < times; i++)
			zram_refault_step(&r, written, read);
	}
	uint32_t age() const { return zram_refault_age(&r); }

	zram_refault r;
};

TEST_F(refault, begins_with_two_generations)
{
	EXPECT_EQ(age(), 2u);
	zram_refault_start(&r, 4, 10);
	EXPECT_EQ(age(), 2u);
}

TEST_F(refault, the_age_doubles_when_pages_come_back)
{
	step(1000, 101);
	EXPECT_EQ(age(), 4u);
	step(1000, 101);
	EXPECT_EQ(age(), 8u);
	step(1000, 101, 100);
	EXPECT_EQ(age(), 15u);
}

TEST_F(refault, and_never_beyond_what_a_slot_can_tell)
{
	zram_refault_start(&r, 4, 10);
	step(1000, 1000, 100);
	EXPECT_EQ(age(), 3u);
}

TEST_F(refault, it_does_not_double_for_what_was_written_before_it_did)
{
	step(1000, 500);
	EXPECT_EQ(age(), 4u);
	/* Nothing is written now, and more of the old pages come back. */
	step(0, 100, 30);
	EXPECT_EQ(age(), 4u);
}

TEST_F(refault, a_few_pages_say_nothing)
{
	step(31, 31);
	EXPECT_EQ(age(), 1u + 1u);
	EXPECT_EQ(r.age_eighths, 16u);
	step(1, 0);
	EXPECT_EQ(age(), 4u);
}

TEST_F(refault, between_a_quarter_and_all_of_the_share_it_stays)
{
	step(1000, 50, 200);
	EXPECT_EQ(age(), 2u);
	step(1000, 26, 200);
	EXPECT_EQ(age(), 2u);
	step(1000, 99, 200);
	EXPECT_EQ(age(), 2u);
}

TEST_F(refault, it_falls_slowly_and_not_below_one)
{
	step(1000, 1000, 3);
	EXPECT_EQ(age(), 15u);
	/* What came back is remembered for some ten minutes. */
	step(1000, 0, 6);
	EXPECT_EQ(age(), 15u);
	step(1000, 0, 200);
	EXPECT_LT(age(), 15u);
	step(1000, 0, 400);
	EXPECT_EQ(age(), 1u);
	step(0, 0, 1000);
	EXPECT_EQ(age(), 1u);
	EXPECT_EQ(r.age_eighths, 8u);
}

TEST_F(refault, at_most_an_eighth_a_step)
{
	step(1000, 1000, 3);
	for (uint32_t before = r.age_eighths, i = 0; i < 1000; i++) {
		step(1000, 0);
		ASSERT_LE(before - r.age_eighths, before / 8 + 1);
		before = r.age_eighths;
	}
}

/* Without a page that is old enough nothing is written, and that must not last.
 */
TEST_F(refault, with_nothing_written_it_comes_down_again)
{
	step(1000, 1000, 3);
	step(0, 0, 1000);
	EXPECT_EQ(age(), 1u);
}

TEST_F(refault, counts_of_any_size_do_no_harm)
{
	for (uint32_t i = 0; i < 100; i++) {
		step(UINT64_MAX, UINT64_MAX);
		step(UINT64_MAX, 0);
		step(0, UINT64_MAX);
		ASSERT_GE(age(), 1u);
		ASSERT_LE(age(), 15u);
	}
}

TEST_F(refault, zero_percent_suffers_no_page_that_comes_back)
{
	zram_refault_start(&r, 16, 0);
	step(1000000, 1);
	EXPECT_EQ(age(), 4u);
	zram_refault_start(&r, 16, 100);
	step(1000, 1000);
	EXPECT_EQ(age(), 2u);
}

} /* namespace */
