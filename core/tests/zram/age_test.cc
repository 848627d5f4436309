// SPDX-License-Identifier: GPL-2.0 OR MIT
/* Generations: in a slot's word, on the clock, and which pages they choose. */
#include "core/tests/store/words.hh"
#include "core/tests/zsm/model.hh"
#include "core/zram/age.h"

#include <algorithm>

namespace zram_age_test {

constexpr uint32_t last_age = ZRAM_NR_AGES - 1;
/* Without room in the slot there is nothing to look at there. */
constexpr bool in_slot = ZRAM_SLOT_AGE_BITS != 0;

TEST(age, the_fields_of_a_slot_fill_it)
{
	EXPECT_EQ(ZRAM_SLOT_LOC_SHIFT, 27u);
	EXPECT_EQ(ZRAM_SLOT_AGE_BITS, ZSM_PAGE_SHIFT == 12   ? 4u
				      : ZSM_PAGE_SHIFT == 14 ? 2u
							     : 0u);
	EXPECT_EQ(ZRAM_NR_AGES, ZSM_PAGE_SHIFT == 14 ? 4u : 16u);
}

TEST(age, a_stamp_changes_nothing_else)
{
	constexpr zsm_loc loc{~uint64_t{0} >> ZRAM_SLOT_LOC_SHIFT};

	for (uint32_t g = 0; g < 2 * ZRAM_MAX_AGES; g++) {
		for (const uint64_t size :
		     {uint64_t{1}, uint64_t{ZSM_PAGE_SIZE}}) {
			const uint64_t flags = ZRAM_SLOT_IDLE |
					       ZRAM_SLOT_CLAIMED |
					       zram_slot_prios(3, 3);
			const zsm_word slot = zram_slot_object(
				loc, static_cast<uint32_t>(size), flags);
			const zsm_word used = zram_slot_used(slot, g);

			EXPECT_EQ(zram_slot_loc(used), loc);
			EXPECT_EQ(zram_slot_size(used), size);
			EXPECT_EQ(used & ((1u << ZRAM_SLOT_FLAG_BITS) - 1),
				  flags);
			EXPECT_EQ(zram_slot_age(used, g), 0u);
		}
	}
}

TEST(age, what_has_no_object_gets_no_stamp)
{
	for (uint32_t g = 0; g < ZRAM_MAX_AGES; g++) {
		for (const zsm_word slot : std::initializer_list<zsm_word>{
			     {0},
			     zram_slot_fill({0}),
			     zram_slot_fill({0x123456}),
			     zram_slot_fill({~uint64_t{0}}),
			     zram_slot_fill_outside({77})}) {
			EXPECT_FALSE(zram_slot_has_age(slot));
			EXPECT_EQ(zram_slot_used(slot, g), slot);
			EXPECT_EQ(zram_age_before(slot, g), slot);
		}
	}
}

TEST(age, a_page_grows_older_by_one_a_generation_and_then_no_more)
{
	if (!in_slot)
		GTEST_SKIP();
	for (uint32_t now = 0; now < 3 * ZRAM_MAX_AGES; now++) {
		zsm_word slot =
			zram_slot_used(zram_slot_object({9}, 100, 0), now);

		for (uint32_t age = 0; age < 50; age++) {
			ASSERT_EQ(zram_slot_age(slot, now + age),
				  std::min(age, last_age));
			slot = zram_age_before(slot, now + age);
		}
	}
}

/* A word that was made in a generation may be put into the slot in the next
 * ones. */
TEST(age, a_store_that_is_late_by_a_generation_counts_as_such)
{
	if (!in_slot)
		GTEST_SKIP();
	const zsm_word slot = zram_slot_used(zram_slot_object({9}, 100, 0), 6);

	EXPECT_EQ(zram_slot_age(slot, 7), 1u);
	EXPECT_EQ(zram_slot_age(slot, 8), 2u);
}

TEST(age, a_generation_is_an_eighth_of_the_pages)
{
	zram_clock clock;

	zram_clock_start(&clock, 1000, 5);
	EXPECT_FALSE(zram_clock_due(&clock, 1000, 0));
	EXPECT_FALSE(zram_clock_due(&clock, 1063, 0));
	EXPECT_TRUE(zram_clock_due(&clock, 1064, 0));
	EXPECT_FALSE(zram_clock_due(&clock, 1999, 8000));
	EXPECT_TRUE(zram_clock_due(&clock, 2000, 8000));
	zram_clock_advance(&clock, 2000, 6);
	EXPECT_EQ(clock.now, 1u);
	EXPECT_FALSE(zram_clock_due(&clock, 2999, 8000));
	EXPECT_TRUE(zram_clock_due(&clock, 3000, 8000));
}

TEST(age, a_time_tells_the_generation_that_it_was_in)
{
	zram_clock clock;

	zram_clock_start(&clock, 0, 100);
	EXPECT_EQ(zram_clock_age_at(&clock, 100), 0u);
	EXPECT_EQ(zram_clock_age_at(&clock, 99), last_age);
	for (uint32_t i = 1; i <= 40; i++) {
		zram_clock_advance(&clock, 0, 100 + 10 * i);
		EXPECT_EQ(zram_clock_age_at(&clock, 105 + 10 * i), 0u);
		EXPECT_EQ(zram_clock_age_at(&clock, 100 + 10 * i), 0u);
		EXPECT_EQ(zram_clock_age_at(&clock, 99 + 10 * i), 1u);
		EXPECT_EQ(zram_clock_age_at(&clock, 95 + 10 * i), 1u);
		EXPECT_EQ(zram_clock_age_at(&clock, 0), last_age);
	}
}

/* The pages that are taken in the rounds that follow one another. */
std::vector<uint64_t> rounds(zram_ages ages, uint32_t min_age, uint64_t wanted)
{
	std::vector<uint64_t> taken;

	while (wanted) {
		const uint32_t cutoff = zram_age_cutoff(&ages, min_age, wanted);

		if (cutoff == ZRAM_NO_AGE)
			break;
		uint64_t n = 0;

		EXPECT_GE(cutoff, min_age);
		for (uint32_t age = cutoff; age < ZRAM_NR_AGES; age++) {
			const uint64_t some = std::min(wanted, ages.pages[age]);

			ages.pages[age] -= some;
			wanted -= some;
			n += some;
		}
		taken.push_back(n);
		EXPECT_NE(n, 0u);
	}
	return taken;
}

TEST(age, the_oldest_are_taken_first_in_two_rounds)
{
	zram_ages ages{};

	EXPECT_EQ(zram_age_cutoff(&ages, 0, 10), ZRAM_NO_AGE);
	ages.pages[0] = 1000;
	ages.pages[1] = 100;
	ages.pages[last_age - 1] = 20;
	ages.pages[last_age] = 5;
	EXPECT_EQ(zram_age_cutoff(&ages, 0, 1), last_age);
	EXPECT_EQ(zram_age_cutoff(&ages, 0, 24), last_age);
	EXPECT_EQ(zram_age_cutoff(&ages, 0, 25), last_age - 1);
	EXPECT_EQ(zram_age_cutoff(&ages, 0, UINT64_MAX), 0u);
	EXPECT_EQ(zram_age_cutoff(&ages, 1, UINT64_MAX), 1u);
	EXPECT_EQ(rounds(ages, 0, 30), (std::vector<uint64_t>{25, 5}));
	EXPECT_EQ(rounds(ages, 1, 10000), (std::vector<uint64_t>{125}));
	ages.pages[last_age] = 0;
	EXPECT_EQ(rounds(ages, 2, 10000), last_age - 1 < 2
						  ? std::vector<uint64_t>{}
						  : std::vector<uint64_t>{20});
}

TEST(age, no_younger_page_is_taken_while_there_are_older_ones)
{
	constexpr uint64_t seed = 7100;
	model::rng rng{seed};

	SCOPED_TRACE(testing::Message() << "seed " << seed);
	for (uint32_t i = 0; i < 5000; i++) {
		zram_ages ages{};
		uint64_t all = 0;

		for (uint32_t age = 0; age < ZRAM_NR_AGES; age++) {
			if (rng.percent(60))
				ages.pages[age] = rng.below(100);
		}
		const uint32_t min_age = rng.below(ZRAM_NR_AGES);
		const uint64_t wanted = 1 + rng.below(500);

		for (uint32_t age = min_age; age < ZRAM_NR_AGES; age++)
			all += ages.pages[age];
		uint64_t taken = 0;
		const auto each = rounds(ages, min_age, wanted);

		for (const uint64_t n : each)
			taken += n;
		ASSERT_EQ(taken, std::min(wanted, all));
		ASSERT_LE(each.size(), 2u);
	}
}

} /* namespace */
