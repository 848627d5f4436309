// SPDX-License-Identifier: GPL-2.0 OR MIT
/* The packed log: its entries, its segments, and how much is written for a
 * page. */
#include "core/tests/zram/log_sim.hh"
#include "core/tests/zsm/model.hh"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

namespace zram_log_test {

constexpr uint32_t nr_segments = 64;

uint32_t random_size(model::rng &rng)
{
	/* One in sixteen does not compress. */
	return rng.below(16) ? 1 + rng.below(ZSM_PAGE_SIZE / 2) : ZSM_PAGE_SIZE;
}

/* Slots of which so many percent of the log's room are in use. */
uint32_t slots_for(uint32_t percent)
{
	const uint32_t mean = ZSM_PAGE_SIZE / 2 * 15 / 32 + ZSM_PAGE_SIZE / 16;
	const uint64_t bytes = uint64_t{nr_segments - 1} *
			       ZRAM_LOG_SEGMENT_BYTES * percent / 100;

	return static_cast<uint32_t>(bytes / mean);
}

TEST(log_entry, takes_whole_granules)
{
	EXPECT_EQ(zram_entry_granules(1), 1u);
	EXPECT_EQ(zram_entry_granules(ZRAM_LOG_GRANULE - 8), 1u);
	EXPECT_EQ(zram_entry_granules(ZRAM_LOG_GRANULE - 7), 2u);
	EXPECT_EQ(zram_entry_granules(ZSM_PAGE_SIZE), 257u);
}

TEST(log_entry, no_check_looks_like_an_end_mark)
{
	for (uint32_t hash = 0; hash < 1u << 20; hash++) {
		const zram_entry entry{0xffffffff, 0xffff,
				       zram_entry_check(hash * 4099)};

		ASSERT_FALSE(zram_entry_is_end(&entry));
	}
}

TEST(log_entry, crosses_two_blocks_at_the_most)
{
	for (uint32_t at = 0; at < 256; at++)
		ASSERT_LE((at + zram_entry_granules(ZSM_PAGE_SIZE) + 255) / 256,
			  ZRAM_LOG_ENTRY_BLOCKS);
}

TEST(log_entry, is_found_behind_end_marks)
{
	alignas(8) char window[2 * ZSM_PAGE_SIZE] = {};
	uint32_t at = 0;

	*reinterpret_cast<zram_entry *>(window) = {7, 15, 1};
	*reinterpret_cast<zram_entry *>(window + zram_entry_granules(16) *
							 ZRAM_LOG_GRANULE) =
		zram_entry_end();
	*reinterpret_cast<zram_entry *>(window + ZSM_PAGE_SIZE) = {8, 99, 1};
	EXPECT_EQ(zram_entry_next(window, 512, &at), ZRAM_FOUND_ENTRY);
	EXPECT_EQ(at, 0u);
	at = zram_entry_granules(16);
	EXPECT_EQ(zram_entry_next(window, 512, &at), ZRAM_FOUND_ENTRY);
	EXPECT_EQ(at, 256u);
	at += zram_entry_granules(100);
	*reinterpret_cast<zram_entry *>(window + at * ZRAM_LOG_GRANULE) =
		zram_entry_end();
	EXPECT_EQ(zram_entry_next(window, 512, &at), ZRAM_FOUND_NOTHING);
	EXPECT_EQ(at, 512u);
	at = 511;
	*reinterpret_cast<zram_entry *>(window + at * ZRAM_LOG_GRANULE) = {
		9, ZSM_PAGE_SIZE / 2, 1};
	EXPECT_EQ(zram_entry_next(window, 512, &at), ZRAM_FOUND_MORE);
	EXPECT_EQ(at, 511u);
}

TEST(log_entry, nothing_is_read_behind_the_window)
{
	model::rng rng(1);

	for (uint32_t round = 0; round < 2000; round++) {
		const uint32_t granules = 256 * (1 + rng.below(2));
		std::vector<uint64_t> window(granules * ZRAM_LOG_GRANULE / 8);
		uint32_t at = 0;

		for (uint64_t &word : window)
			word = rng.below(4) ? rng.next() & 0xff00ffffffff
					    : ~uint64_t{0};
		while (at < granules &&
		       zram_entry_next(window.data(), granules, &at) ==
			       ZRAM_FOUND_ENTRY)
			at += zram_entry_granules(zram_entry_size(
				reinterpret_cast<zram_entry *>(window.data()) +
				at * ZRAM_LOG_GRANULE / 8));
		ASSERT_LE(at, granules);
	}
}

TEST(log, keeps_the_first_segment)
{
	sim::packed log(ZRAM_LOG_MIN_SEGMENTS, 1000);

	EXPECT_EQ(log.log.nr_in[ZRAM_SEGMENT_FREE], ZRAM_LOG_MIN_SEGMENTS - 1);
	ASSERT_TRUE(log.store(0, 100));
	log.flush();
	EXPECT_EQ(log.log.heads[ZRAM_LOG_NEW].segment, 1u);
	EXPECT_TRUE(log.reads(0));
	log.forgive();
	EXPECT_EQ(log.log.segments[0].state, ZRAM_SEGMENT_BAD + 0u);
}

/* Whether the driver keeps such a log: not with larger pages. */
constexpr bool has_driver = ZSM_PAGE_SHIFT == 12;

/* Stores and drops at random. Everything can be read, all the time. */
void churn(uint32_t percent, uint32_t ops, uint32_t skew)
{
	const uint32_t nr = slots_for(percent);
	sim::packed log(nr_segments, nr);
	model::rng rng(percent);
	uint64_t new_before = 0, moved_before = 0;

	for (uint32_t op = 0; op < ops; op++) {
		const uint32_t slot = skew && rng.below(100) < 80
					      ? rng.below(nr / 5)
					      : rng.below(nr);

		ASSERT_TRUE(log.store(slot, random_size(rng)));
		if (!rng.below(300))
			log.flush();
		if (!rng.below(100))
			log.drain();
		if (op == ops / 2) {
			new_before = log.new_bytes;
			moved_before = log.moved_bytes;
		}
	}
	log.flush();
	ASSERT_TRUE(log.adds_up());
	for (uint32_t slot = 0; slot < nr; slot++)
		ASSERT_TRUE(!log.has(slot) || log.reads(slot));
	EXPECT_LE(log.most_cleaned_live,
		  ZRAM_LOG_SEGMENT_GRANULES * ZRAM_LOG_CLEAN_PERCENT / 100);

	const double amplification =
		1 + static_cast<double>(log.moved_bytes - moved_before) /
			    static_cast<double>(log.new_bytes - new_before);

	testing::Test::RecordProperty("amplification_percent",
				      static_cast<int>(amplification * 100));
	EXPECT_LE(amplification, 2.1);
}

TEST(log, writes_little_more_than_it_is_given_half_full)
{
	churn(50, 600000, false);
}

TEST(log, writes_no_more_than_twice_what_it_is_given)
{
	churn(66, 600000, false);
}

TEST(log, writes_no_more_than_twice_what_it_is_given_with_a_hot_fifth)
{
	if (!has_driver)
		GTEST_SKIP() << "the packed log is for pages of 4 KiB";
	churn(66, 600000, true);
}

/* Beyond the fill nothing is taken, and when pages go it is again. */
TEST(log, is_full_before_cleaning_is_dear)
{
	const uint32_t nr = slots_for(150);
	sim::packed log(nr_segments, nr);
	model::rng rng(3);
	uint32_t slot = 0;

	while (log.store(slot, random_size(rng)))
		slot++;
	log.flush();
	EXPECT_GT(log.log.live,
		  uint64_t{nr_segments} * ZRAM_LOG_SEGMENT_GRANULES * 60 / 100);
	EXPECT_EQ(log.moved_bytes, 0u);
	EXPECT_FALSE(log.store(slot, 1));
	for (uint32_t i = 0; i < slot; i += 2)
		log.drop(i);
	for (uint32_t i = 0; i < slot / 4; i++)
		ASSERT_TRUE(log.store(i, 1 + rng.below(ZSM_PAGE_SIZE / 2)));
	log.flush();
	ASSERT_TRUE(log.adds_up());
}

/* Whatever fails, what was there before can be read. */
TEST(log, failed_writes_lose_nothing)
{
	if (!has_driver)
		GTEST_SKIP() << "the packed log is for pages of 4 KiB";
	const uint32_t nr = slots_for(40);
	sim::packed log(nr_segments, nr);
	model::rng rng(4);

	for (uint32_t op = 0; op < 200000; op++) {
		log.store(rng.below(nr), random_size(rng));
		if (!rng.below(5000)) {
			log.flush();
			log.fail(true);
			log.store(rng.below(nr), random_size(rng));
			log.flush();
			log.fail(false);
		}
		if (!rng.below(20000)) {
			log.forgive();
			log.drain();
		}
		if (!rng.below(1000)) {
			ASSERT_TRUE(log.adds_up()) << op;
		}
	}
	log.flush();
	for (uint32_t slot = 0; slot < nr; slot++)
		ASSERT_TRUE(!log.has(slot) || log.reads(slot));
	EXPECT_LT(log.log.nr_in[ZRAM_SEGMENT_BAD], nr_segments);
}

/* A segment that reads as something else is left alone, and the rest is fine.
 */
TEST(log, junk_is_neither_moved_nor_used_again)
{
	const uint32_t nr = slots_for(60);
	sim::packed log(nr_segments, nr);
	model::rng rng(5);
	uint32_t spoilt = 0;
	uint32_t unreadable = 0;

	for (uint32_t op = 0; op < 300000; op++) {
		log.store(rng.below(nr), random_size(rng));
		if (!rng.below(20000) && spoilt < 10) {
			const uint32_t segment = 1 + rng.below(nr_segments - 1);

			log.flush();
			if (log.log.segments[segment].state ==
			    ZRAM_SEGMENT_CLOSED) {
				log.spoil(segment, op);
				spoilt++;
			}
		}
	}
	log.flush();
	ASSERT_TRUE(log.adds_up());
	for (uint32_t slot = 0; slot < nr; slot++)
		unreadable += log.has(slot) && !log.reads(slot);
	EXPECT_GT(spoilt, 0u);
	EXPECT_LT(unreadable, nr / nr_segments * 12);
}

/* Ten million stores, drops and cleanings. */
TEST(log, goes_on_for_long)
{
	const uint32_t nr = slots_for(60);
	sim::packed log(nr_segments, nr);
	model::rng rng(6);

	for (uint32_t op = 0; op < 10000000; op++) {
		const uint32_t slot = rng.below(nr);

		if (rng.below(8))
			log.store(slot, 1 + rng.below(ZSM_PAGE_SIZE / 2));
		else
			log.drop(slot);
	}
	log.flush();
	ASSERT_TRUE(log.adds_up());
	EXPECT_GT(log.nr_cleaned, 1000u);
}

} /* namespace zram_log_test */
