// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The protocol of core/zcache/region.h. For each of its rules there is a test
 * that leaves the rule out, and wants a stale block to be found: so the model
 * can see what it is there to see.
 */
#include "core/tests/zcache/epoch_model.hh"

namespace {

using zcache_epoch::fault;

/* Nothing cached at first, or what the disk holds. */
constexpr std::array<uint8_t, 2> beginnings{zcache_epoch::none, 0};

bool ever_stale(fault left_out)
{
	for (const uint8_t cached : beginnings) {
		if (!zcache_epoch::model{left_out, cached}.run())
			return true;
	}
	return false;
}

TEST(zcache_epoch, no_order_of_steps_serves_a_stale_block)
{
	if (ZSM_PAGE_SHIFT != 12)
		GTEST_SKIP() << "pages of another size change nothing";
	for (const uint8_t cached : beginnings) {
		zcache_epoch::model m{fault::none, cached};

		EXPECT_TRUE(m.run());
		EXPECT_GT(m.nr_ends(), 0u);
		EXPECT_GT(m.nr_hits(), 0u);
		EXPECT_GT(m.nr_fills(), 0u);
		RecordProperty("states", static_cast<int>(m.nr_states()));
	}
}

TEST(zcache_epoch, a_fill_that_checks_before_it_publishes_is_found)
{
	EXPECT_TRUE(ever_stale(fault::check_then_publish));
}

TEST(zcache_epoch, a_fill_that_does_not_check_is_found)
{
	EXPECT_TRUE(ever_stale(fault::epoch_not_checked));
}

TEST(zcache_epoch, a_missing_barrier_is_found)
{
	EXPECT_TRUE(ever_stale(fault::no_barrier_in_write));
	EXPECT_TRUE(ever_stale(fault::no_barrier_in_fill));
}

TEST(zcache_epoch, a_wrong_order_of_epoch_and_writers_is_found)
{
	EXPECT_TRUE(ever_stale(fault::writers_noted_first));
	EXPECT_TRUE(ever_stale(fault::epoch_raised_before_writers));
}

TEST(zcache_epoch, cells_emptied_too_early_are_found)
{
	EXPECT_TRUE(ever_stale(fault::cells_emptied_before_epoch));
	EXPECT_TRUE(ever_stale(fault::one_way_emptied));
}

TEST(zcache_epoch, a_writer_that_is_not_counted_to_its_end_is_found)
{
	EXPECT_TRUE(ever_stale(fault::writers_gone_at_submission));
	EXPECT_TRUE(ever_stale(fault::writers_not_asked));
}

TEST(zcache_epoch, a_reader_that_takes_no_lock_is_found)
{
	EXPECT_TRUE(ever_stale(fault::cell_read_while_locked));
}

} /* namespace */
