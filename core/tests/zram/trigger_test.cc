// SPDX-License-Identifier: GPL-2.0 OR MIT
/* When pages are written back, how many, and what a write may wait for. */
#include "core/tests/zsm/model.hh"
#include "core/zram/trigger.h"

namespace zram_trigger_test {

constexpr uint64_t mib = 1 << 20;

class trigger : public testing::Test {
protected:
	trigger() { zram_trigger_start(&tier, true); }

	zram_trigger_goal decide()
	{
		return zram_trigger_decide(&tier, &facts);
	}
	zram_trigger_goal at(uint64_t used)
	{
		facts.used = used;
		return decide();
	}

	zram_trigger tier;
	zram_trigger_facts facts{
		.used = 0,
		.limit = 100 * mib,
		.high = 90,
		.low = 80,
		.refused = false,
		.stored_pages = 1000,
		.stored_bytes = 1000 * 2048,
		.pressure_pages = 0,
		.min_age = 3,
		.at_rest = false,
	};
};

TEST_F(trigger, nothing_to_do_at_first)
{
	EXPECT_EQ(decide().reason, ZRAM_TIER_NOTHING);
	EXPECT_EQ(tier.state, ZRAM_TIER_IDLE);
	zram_trigger_start(&tier, false);
	EXPECT_EQ(tier.state, ZRAM_TIER_OFF);
}

TEST_F(trigger, from_high_down_to_low)
{
	EXPECT_EQ(at(90 * mib).reason, ZRAM_TIER_NOTHING);
	EXPECT_EQ(at(90 * mib + 1).reason, ZRAM_TIER_LIMIT);
	EXPECT_EQ(decide().pages, 10 * mib / 2048 + 1);
	EXPECT_EQ(decide().min_age, 0u);
	EXPECT_EQ(at(85 * mib).reason, ZRAM_TIER_LIMIT);
	EXPECT_EQ(at(80 * mib + 1).reason, ZRAM_TIER_LIMIT);
	EXPECT_EQ(at(80 * mib).reason, ZRAM_TIER_NOTHING);
	EXPECT_EQ(at(85 * mib).reason, ZRAM_TIER_NOTHING);
	EXPECT_EQ(at(91 * mib).reason, ZRAM_TIER_LIMIT);
}

/*
 * An object may need a zspage more than there is, far below writeback_high.
 * Some of the limit is kept for urgent writes, so that may be below
 * writeback_low too.
 */
TEST_F(trigger, a_write_that_was_refused_begins_it_too)
{
	facts.refused = true;
	EXPECT_EQ(at(85 * mib).reason, ZRAM_TIER_LIMIT);
	EXPECT_EQ(decide().pages, 5 * mib / 2048 + 1);
	EXPECT_EQ(at(70 * mib).reason, ZRAM_TIER_LIMIT);
	EXPECT_EQ(decide().pages, 16 * ZSM_PAGE_SIZE / 2048 + 1);
	facts.refused = false;
	EXPECT_EQ(at(70 * mib).reason, ZRAM_TIER_NOTHING);
	facts.refused = true;
	EXPECT_EQ(at(85 * mib).reason, ZRAM_TIER_LIMIT);
	facts.refused = false;
	EXPECT_EQ(at(81 * mib).reason, ZRAM_TIER_LIMIT);
	EXPECT_EQ(at(80 * mib).reason, ZRAM_TIER_NOTHING);
}

TEST_F(trigger, marks_in_the_wrong_order_are_one_percent_apart)
{
	facts.low = 95;
	EXPECT_EQ(at(91 * mib).reason, ZRAM_TIER_LIMIT);
	EXPECT_EQ(at(89 * mib + 1).reason, ZRAM_TIER_LIMIT);
	EXPECT_EQ(at(89 * mib).reason, ZRAM_TIER_NOTHING);
	EXPECT_EQ(at(90 * mib).reason, ZRAM_TIER_NOTHING);
}

TEST_F(trigger, without_a_limit_pressure_alone)
{
	facts.limit = 0;
	EXPECT_EQ(at(1000 * mib).reason, ZRAM_TIER_NOTHING);
	facts.pressure_pages = 32;
	EXPECT_EQ(decide().reason, ZRAM_TIER_PRESSURE);
	EXPECT_EQ(decide().min_age, 3u);
	EXPECT_EQ(decide().pages, 32 * ZSM_PAGE_SIZE / 2048 + 1);
	EXPECT_EQ(zram_trigger_high_bytes(0, 90), UINT64_MAX);
}

TEST_F(trigger, the_limit_counts_before_pressure_and_that_before_age)
{
	facts.at_rest = true;
	EXPECT_EQ(decide().reason, ZRAM_TIER_AGE);
	EXPECT_EQ(decide().pages, UINT64_MAX);
	facts.pressure_pages = 1;
	EXPECT_EQ(decide().reason, ZRAM_TIER_PRESSURE);
	EXPECT_EQ(at(99 * mib).reason, ZRAM_TIER_LIMIT);
}

TEST_F(trigger, without_pages_there_is_nothing_to_write)
{
	facts.stored_pages = 0;
	facts.stored_bytes = 0;
	facts.pressure_pages = 9;
	facts.at_rest = true;
	EXPECT_EQ(at(99 * mib).reason, ZRAM_TIER_NOTHING);
}

TEST_F(trigger, shares_of_any_limit)
{
	EXPECT_EQ(zram_trigger_high_bytes(100, 90), 90u);
	EXPECT_EQ(zram_trigger_high_bytes(199, 90), 179u);
	EXPECT_EQ(zram_trigger_high_bytes(UINT64_MAX, 100), UINT64_MAX);
	EXPECT_EQ(zram_trigger_high_bytes(uint64_t{1} << 63, 50),
		  uint64_t{1} << 62);
}

TEST_F(trigger, a_round_says_what_the_state_is)
{
	EXPECT_EQ(zram_trigger_note(&tier, ZRAM_TIER_WROTE), 0u);
	EXPECT_EQ(tier.state, ZRAM_TIER_WRITING);
	EXPECT_NE(zram_trigger_note(&tier, ZRAM_TIER_NO_PAGE), 0u);
	EXPECT_EQ(tier.state, ZRAM_TIER_YOUNG);
	EXPECT_NE(zram_trigger_note(&tier, ZRAM_TIER_NO_QUOTA), 0u);
	EXPECT_EQ(tier.state, ZRAM_TIER_SPENT);
	EXPECT_NE(zram_trigger_note(&tier, ZRAM_TIER_NO_ROOM), 0u);
	EXPECT_EQ(tier.state, ZRAM_TIER_FULL);
	zram_trigger_rest(&tier);
	EXPECT_EQ(tier.state, ZRAM_TIER_IDLE);
}

TEST_F(trigger, three_failures_in_a_row_are_enough)
{
	zram_trigger_note(&tier, ZRAM_TIER_WROTE);
	zram_trigger_note(&tier, ZRAM_TIER_ERROR);
	zram_trigger_note(&tier, ZRAM_TIER_ERROR);
	EXPECT_EQ(tier.state, ZRAM_TIER_WRITING);
	zram_trigger_note(&tier, ZRAM_TIER_WROTE);
	for (uint32_t i = 1; i < ZRAM_TIER_MAX_FAILURES; i++) {
		EXPECT_NE(zram_trigger_note(&tier, ZRAM_TIER_ERROR), 0u);
		EXPECT_EQ(tier.state, ZRAM_TIER_WRITING);
	}
	/* What does not come to writing says nothing about errors. */
	zram_trigger_note(&tier, ZRAM_TIER_NO_QUOTA);
	zram_trigger_note(&tier, ZRAM_TIER_ERROR);
	EXPECT_EQ(tier.state, ZRAM_TIER_FAILED);
}

TEST_F(trigger, a_write_waits_where_that_may_help)
{
	zram_patience patience{};

	EXPECT_TRUE(zram_may_wait(&patience, ZRAM_TIER_IDLE, 0));
	EXPECT_TRUE(zram_may_wait(&patience, ZRAM_TIER_WRITING, 0));
	for (const auto state :
	     {ZRAM_TIER_OFF, ZRAM_TIER_YOUNG, ZRAM_TIER_SPENT, ZRAM_TIER_FULL,
	      ZRAM_TIER_FAILED})
		EXPECT_FALSE(zram_may_wait(&patience, state, 0));
}

TEST_F(trigger, nobody_waits_for_a_device_that_hangs)
{
	zram_patience patience{};

	/* Something was written, though not enough. */
	zram_waited_in_vain(&patience, 5, 6);
	EXPECT_TRUE(zram_may_wait(&patience, ZRAM_TIER_WRITING, 6));
	zram_waited_in_vain(&patience, 6, 6);
	EXPECT_FALSE(zram_may_wait(&patience, ZRAM_TIER_WRITING, 6));
	EXPECT_TRUE(zram_may_wait(&patience, ZRAM_TIER_WRITING, 7));
}

} /* namespace */
