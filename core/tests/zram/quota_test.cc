// SPDX-License-Identifier: GPL-2.0 OR MIT
/* Bytes a second and a day. */
#include "core/tests/zsm/model.hh"
#include "core/zram/quota.h"

#include <deque>

namespace zram_quota_test {

constexpr uint64_t second = 1000000000;
constexpr uint64_t day = 24 * 3600 * second;
constexpr uint64_t mib = 1 << 20;

TEST(quota, without_one_anything_goes)
{
	zram_quota q{};

	EXPECT_EQ(zram_quota_left(&q, 7), UINT64_MAX);
	EXPECT_TRUE(zram_quota_take(&q, ZRAM_QUOTA_BURST, 7));
	EXPECT_EQ(zram_quota_wait(&q, ZRAM_QUOTA_BURST, 7), 0u);
}

TEST(quota, a_seconds_bytes_come_in_a_second)
{
	zram_quota q{};

	zram_quota_set_rate(&q, mib, second);
	EXPECT_EQ(zram_quota_left(&q, second), mib);
	for (uint32_t i = 0; i < 8; i++)
		EXPECT_TRUE(zram_quota_take(&q, mib / 8, second));
	EXPECT_FALSE(zram_quota_take(&q, 1, second));
	EXPECT_EQ(zram_quota_wait(&q, mib / 8, second), second / 8);
	EXPECT_EQ(zram_quota_left(&q, second + second / 2), mib / 2);
	EXPECT_EQ(zram_quota_left(&q, 9 * second), mib);
}

TEST(quota, one_of_a_few_bytes_still_lets_a_page_through)
{
	zram_quota q{};

	zram_quota_set_rate(&q, 1, 0);
	EXPECT_TRUE(zram_quota_take(&q, ZRAM_QUOTA_BURST, 0));
	EXPECT_EQ(zram_quota_wait(&q, 10, 0), 10 * second);
	/* However often it is asked meanwhile. */
	for (uint64_t ns = 0; ns < 10 * second; ns += 7777777)
		ASSERT_FALSE(zram_quota_take(&q, 10, ns));
	EXPECT_TRUE(zram_quota_take(&q, 10, 10 * second));
	EXPECT_EQ(zram_quota_left(&q, 1000000 * second), ZRAM_QUOTA_BURST);
}

TEST(quota, a_time_that_comes_late_brings_nothing)
{
	zram_quota q{};

	zram_quota_set_rate(&q, mib, 5 * second);
	zram_quota_set_daily(&q, mib, 5 * second);
	for (uint32_t i = 0; i < 8; i++)
		EXPECT_TRUE(zram_quota_take(&q, mib / 8, 6 * second));
	EXPECT_EQ(zram_quota_left(&q, 4 * second), 0u);
	EXPECT_FALSE(zram_quota_take(&q, 1, 0));
	EXPECT_EQ(zram_quota_wait(&q, 1, 6 * second), day - second);
	EXPECT_EQ(zram_quota_left(&q, 7 * second), 0u);
}

TEST(quota, a_days_bytes_come_once_a_day)
{
	zram_quota q{};

	zram_quota_set_daily(&q, mib, 5 * second);
	for (uint32_t i = 0; i < 8; i++)
		EXPECT_TRUE(zram_quota_take(&q, mib / 8, 6 * second));
	EXPECT_FALSE(zram_quota_take(&q, 1, 6 * second));
	EXPECT_EQ(zram_quota_wait(&q, 1, 6 * second), day - second);
	EXPECT_FALSE(zram_quota_take(&q, 1, day + 5 * second - 1));
	EXPECT_TRUE(zram_quota_take(&q, 1, day + 5 * second));
	/* What was left of the days between is not kept. */
	EXPECT_EQ(zram_quota_left(&q, 9 * day + 5 * second), mib);
}

TEST(quota, more_than_a_day_has_never_comes)
{
	zram_quota q{};

	zram_quota_set_daily(&q, 100, 0);
	EXPECT_FALSE(zram_quota_take(&q, 101, 0));
	EXPECT_EQ(zram_quota_wait(&q, 101, 0), ZRAM_QUOTA_NEVER);
	EXPECT_EQ(zram_quota_left(&q, 0), 100u);
}

TEST(quota, the_longer_wait_counts)
{
	zram_quota q{};

	zram_quota_set_rate(&q, mib, 0);
	zram_quota_set_daily(&q, mib, 0);
	for (uint32_t i = 0; i < 8; i++)
		EXPECT_TRUE(zram_quota_take(&q, mib / 8, 0));
	EXPECT_EQ(zram_quota_wait(&q, 1, 0), day);
	zram_quota_set_daily(&q, 0, 0);
	EXPECT_EQ(zram_quota_wait(&q, mib / 8, 0), second / 8);
}

TEST(quota, absurd_numbers_do_no_harm)
{
	zram_quota q{};

	zram_quota_set_rate(&q, UINT64_MAX, 0);
	zram_quota_set_daily(&q, UINT64_MAX, 0);
	for (uint64_t ns = 1; ns < uint64_t{1} << 62; ns *= 3) {
		EXPECT_TRUE(zram_quota_take(&q, ZRAM_QUOTA_BURST, ns));
		EXPECT_LE(zram_quota_wait(&q, ZRAM_QUOTA_BURST, ns), second);
	}
}

/* Measured from outside: in no second more than two, in no day more than a
 * day's. */
TEST(quota, is_never_exceeded)
{
	constexpr uint64_t seed = 7200;
	model::rng rng{seed};

	SCOPED_TRACE(testing::Message() << "seed " << seed);
	for (uint32_t round = 0; round < 40; round++) {
		const uint64_t rate = ZRAM_QUOTA_BURST + rng.below(4 * mib);
		const uint64_t daily = 100 * mib;
		std::deque<std::pair<uint64_t, uint64_t>> last;
		uint64_t ns = 0, within = 0, today = 0, days = 0;
		zram_quota q{};

		zram_quota_set_rate(&q, rate, 0);
		zram_quota_set_daily(&q, daily, 0);
		for (uint32_t i = 0; i < 3000; i++) {
			const uint64_t bytes = 1 + rng.below(ZRAM_QUOTA_BURST);

			ns += rng.percent(1) ? rng.below(3600) * second
					     : rng.below(second / 5);
			if (rng.percent(20)) {
				const uint64_t wait =
					zram_quota_wait(&q, bytes, ns);

				ns += wait;
				ASSERT_GE(zram_quota_left(&q, ns), bytes);
			}
			if (ns / day != days) {
				days = ns / day;
				today = 0;
			}
			if (!zram_quota_take(&q, bytes, ns))
				continue;
			today += bytes;
			within += bytes;
			last.emplace_back(ns, bytes);
			while (last.front().first + second < ns) {
				within -= last.front().second;
				last.pop_front();
			}
			ASSERT_LE(today, daily);
			ASSERT_LE(within, 2 * rate + 1);
		}
	}
}

} /* namespace */
