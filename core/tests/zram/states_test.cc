// SPDX-License-Identifier: GPL-2.0 OR MIT
/* The table of a slot's states. */
#include "core/zram/states.h"

#include "core/tests/store/words.hh"

#include <gtest/gtest.h>

#include <map>
#include <vector>

namespace {

constexpr zsm_loc loc{0x1234567};
constexpr zram_block block{0x1234567};

/* A slot of each state. */
const std::map<zram_state, zsm_word> slots{
	{ZRAM_EMPTY, {0}},
	{ZRAM_FILL_INSIDE, zram_slot_fill({42})},
	{ZRAM_FILL_OBJECT, zram_slot_fill_outside(loc)},
	{ZRAM_PACKED, zram_slot_object(loc, 100, 0)},
	{ZRAM_WHOLE, zram_slot_object(loc, ZSM_PAGE_SIZE, ZRAM_SLOT_HUGE)},
	{ZRAM_AWAY, zram_slot_away(block, ZSM_PAGE_SIZE, 0)},
	{ZRAM_AWAY_PACKED, zram_slot_away(block, 100, 0)},
};

TEST(states, each_is_made_of_its_bits)
{
	ASSERT_EQ(slots.size(), ZRAM_NR_STATES);
	for (const auto &[state, slot] : slots)
		EXPECT_EQ(zram_slot_state(slot), state);
}

TEST(states, marks_a_claim_and_the_lock_do_not_change_it)
{
	for (const auto &[state, slot] : slots) {
		for (const uint64_t bits :
		     {uint64_t{ZSM_WORD_LOCK}, uint64_t{ZRAM_SLOT_IDLE},
		      uint64_t{ZRAM_SLOT_CLAIMED}, zram_slot_prios(2, 3)})
			EXPECT_EQ(zram_slot_state(slot | bits), state);
	}
}

/* Something is behind a slot, or nothing; never both. */
TEST(states, an_object_and_a_block_exclude_each_other)
{
	for (const auto &[state, slot] : slots) {
		const uint32_t facts = zram_slot_facts(slot);

		EXPECT_FALSE(facts & ZRAM_HAS_OBJECT && facts & ZRAM_HAS_BLOCK);
		EXPECT_TRUE(!(facts & ZRAM_HAS_DATA) ||
			    facts & ZRAM_HAS_OBJECT);
		EXPECT_EQ(!!(facts & ZRAM_HAS_BLOCK),
			  !!(slot & ZRAM_SLOT_BACKED));
		EXPECT_EQ(!!(facts & ZRAM_REPEATS), !!(slot & ZRAM_SLOT_SAME));
	}
}

/* What may be claimed has its data in the pool. */
TEST(states, only_data_in_the_pool_is_claimed)
{
	for (const auto &[state, slot] : slots) {
		const bool data = state == ZRAM_PACKED || state == ZRAM_WHOLE;

		EXPECT_EQ(zram_slot_claimable(slot), data);
		EXPECT_EQ(zram_slot_claimable(slot | ZRAM_SLOT_IDLE), data);
		EXPECT_FALSE(zram_slot_claimable(slot | ZRAM_SLOT_CLAIMED));
		EXPECT_EQ(zram_slot_data_size(slot),
			  data ? zram_slot_size(slot) : 0);
	}
}

TEST(states, what_is_packed_is_decompressed_wherever_it_is)
{
	for (const auto &[state, slot] : slots)
		EXPECT_EQ(zram_slot_compressed(slot),
			  state == ZRAM_PACKED || state == ZRAM_AWAY_PACKED);
}

/* A page that was away as it is keeps the mark of one that does not compress.
 */
TEST(states, a_huge_page_that_was_written_back_is_away_as_it_is)
{
	EXPECT_EQ(zram_slot_state(
			  zram_slot_away(block, ZSM_PAGE_SIZE, ZRAM_SLOT_HUGE)),
		  ZRAM_AWAY);
}

/* An object that has moved is in the same state, elsewhere. */
TEST(states, moving_changes_the_location_alone)
{
	for (const auto &[state, slot] : slots) {
		if (!zram_slot_has_object(slot))
			continue;
		const zsm_loc elsewhere{loc.value + 1};
		const zsm_word moved = zram_slot_moved(slot, elsewhere);

		EXPECT_EQ(zram_slot_state(moved), state);
		EXPECT_EQ(zram_slot_loc(moved), elsewhere);
		EXPECT_EQ(zram_slot_moved(moved, loc), slot);
	}
}

} /* namespace */
