// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The decisions together, on traces: which pages go to disk, how many come
 * back, and whether the worker is steady.
 */
#include "core/tests/zram/tier_sim.hh"

#include <algorithm>
#include <cmath>

namespace zram_tier_test {

/* The same part of a page whatever that is, so that as many pages make room for
 * one. */
constexpr uint32_t page_bytes = ZSM_PAGE_SIZE * 3 / 10;

/* Ranks of a Zipf distribution, 0 the most frequent, by their inverse sums. */
class zipf {
public:
	zipf(uint32_t n, double exponent) : sums_(n)
	{
		double sum = 0;

		for (uint32_t i = 0; i < n; i++)
			sums_[i] = sum += 1 / std::pow(i + 1, exponent);
	}

	uint32_t next(model::rng &rng) const
	{
		const double at = static_cast<double>(rng.next() >> 11) /
				  static_cast<double>(uint64_t{1} << 53) *
				  sums_.back();

		return static_cast<uint32_t>(
			std::lower_bound(sums_.begin(), sums_.end(), at) -
			sums_.begin());
	}

private:
	std::vector<double> sums_;
};

/*
 * A program of @cold pages that it fills and forgets, and @hot that it goes on
 * rewriting, while a limit lets only some of both stay in memory.
 */
void hog(sim::tier &t, uint32_t cold, uint32_t hot, uint32_t rounds)
{
	model::rng rng{7300};

	for (uint32_t i = 0; i < cold + hot; i++)
		t.store(i, page_bytes);
	for (uint32_t i = 0; i < rounds; i++) {
		for (uint32_t n = 0; n < hot / 10; n++)
			t.store(cold + rng.below(hot), page_bytes);
		t.tick();
	}
}

TEST(tier, the_cold_set_goes_and_the_hot_one_stays)
{
	constexpr uint32_t cold = 20000, hot = 2000;
	/* Room for less than a half of it. */
	sim::tier t(cold + hot, {.limit = uint64_t{9000} * page_bytes});

	hog(t, cold, hot, 500);
	const auto of_cold = static_cast<uint64_t>(
		std::count_if(t.order.begin(), t.order.end(),
			      [](uint32_t index) { return index < cold; }));

	EXPECT_GT(t.written, uint64_t{cold + hot - 9000});
	EXPECT_GE(of_cold * 100, t.written * 95);
	EXPECT_EQ(t.failed, 0u);
}

/* At five speeds, of which the disk keeps up with all. */
TEST(tier, is_steady_at_the_limit)
{
	constexpr uint32_t nr = 40000;

	for (const uint32_t speed : {10, 50, 200, 500, 900}) {
		const uint64_t limit = uint64_t{nr} * page_bytes / 4;
		sim::tier t(nr, {.limit = limit});

		for (uint32_t i = 0; i < nr; i++) {
			ASSERT_TRUE(t.store(i, page_bytes));
			ASSERT_LE(t.used(), limit);
			if (i % speed == speed - 1)
				t.tick();
		}
		EXPECT_EQ(t.failed, 0u) << speed;
		/* From high to low is a tenth of the limit: 2,500 pages. */
		EXPECT_LE(t.switches, 2 * (nr / 1000 + 1)) << speed;
	}
}

TEST(tier, fails_writes_only_when_the_disk_does_not_keep_up)
{
	constexpr uint32_t nr = 20000;
	sim::tier t(nr, {.limit = uint64_t{nr} * page_bytes / 4,
			 .pages_a_tick = 0});

	for (uint32_t i = 0; i < nr; i++)
		t.store(i, page_bytes);
	EXPECT_GT(t.failed, 0u);
	EXPECT_LE(t.used(), uint64_t{nr} * page_bytes / 4);
}

/*
 * Pages are used again by a skew, and memory pressure takes what is old enough:
 * what comes back in the ten minutes after is a small share.
 */
TEST(tier, few_pages_come_back_soon)
{
	constexpr uint32_t nr = 5000;

	if (ZRAM_NR_AGES < ZRAM_MAX_AGES)
		GTEST_SKIP() << "so few ages tell too little: with four, a "
				"fifth of the pages comes back";
	const zipf ranks(nr, 1.0);
	model::rng rng{7400};
	sim::tier t(nr, {});

	for (uint32_t i = 0; i < nr; i++)
		t.store(i, page_bytes);
	for (uint32_t s = 0; s < 2 * 3600; s++) {
		for (uint32_t n = 0; n < 3; n++) {
			const uint32_t index = ranks.next(rng);
			const bool backed = t.backed(index);

			t.load(index);
			/* As swap does: what comes from disk is stored anew. */
			if (backed)
				t.store(index, page_bytes);
		}
		for (uint32_t tick = 0; tick < sim::ticks_a_second; tick++)
			t.tick();
		/* Once it is known which pages are used. */
		if (s >= 3600 && s % 10 == 0)
			t.pressure(1);
	}
	RecordProperty("written", static_cast<int>(t.written));
	RecordProperty("read_soon", static_cast<int>(t.read_soon));
	EXPECT_GT(t.written, 500u);
	EXPECT_LE(t.read_soon * 100, t.written * ZRAM_REFAULT_DEFAULT_PERCENT);
}

/* Where each page is used as often as any other there are no cold ones. */
TEST(tier, pages_that_come_back_make_it_choose_older_ones)
{
	constexpr uint32_t nr = 4000;
	model::rng rng{7500};
	sim::tier t(nr, {});
	uint32_t highest = 0;

	for (uint32_t i = 0; i < nr; i++)
		t.store(i, page_bytes);
	for (uint32_t s = 0; s < 600; s++) {
		for (uint32_t tick = 0; tick < sim::ticks_a_second; tick++) {
			const uint32_t index = rng.below(nr);

			t.load(index);
			t.store(index, page_bytes);
			t.tick();
		}
		t.pressure(50);
		highest = std::max(highest, zram_refault_age(&t.refault));
	}
	EXPECT_EQ(highest, ZRAM_NR_AGES - 1);
}

TEST(tier, keeps_to_its_quota)
{
	constexpr uint32_t nr = 4000;
	sim::tier t(nr, {.limit = uint64_t{nr} * page_bytes / 4});

	zram_quota_set_rate(&t.quota, 1 << 20, 0);
	zram_quota_set_daily(&t.quota, 4 << 20, 0);
	for (uint32_t i = 0; i < nr; i++) {
		t.store(i, page_bytes);
		ASSERT_LE(t.written * ZSM_PAGE_SIZE, uint64_t{4} << 20);
		ASSERT_LE(t.written * ZSM_PAGE_SIZE, (t.ns() / 1000000000 + 2)
							     << 20);
		if (i % 16 == 15)
			t.tick();
	}
	EXPECT_EQ(t.state.state, ZRAM_TIER_SPENT);
	EXPECT_GT(t.failed, 0u);
}

/* A file system that is read: loads keep pages young as stores do. */
TEST(tier, what_is_read_stays)
{
	constexpr uint32_t nr = 10000, hot = 1000;
	model::rng rng{7600};
	sim::tier t(nr, {.limit = uint64_t{nr / 2} * page_bytes});
	uint64_t hot_written = 0;

	for (uint32_t i = 0; i < nr; i++) {
		t.store(i, page_bytes);
		for (uint32_t n = 0; n < 4; n++)
			t.load(rng.below(std::min(i + 1, hot)));
		if (i % 100 == 99)
			t.tick();
	}
	for (const uint32_t index : t.order)
		hot_written += index < hot;
	EXPECT_GE(t.written, uint64_t{nr / 2});
	EXPECT_LE(hot_written * 20, t.written);
}

} /* namespace */
