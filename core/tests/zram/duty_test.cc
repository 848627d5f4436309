// SPDX-License-Identifier: GPL-2.0 OR MIT
/* The CPU time of work that nobody waits for. */
#include "core/tests/zsm/model.hh"
#include "core/zram/duty.h"

#include <algorithm>
#include <random>

namespace zram_duty_test {

constexpr uint64_t ms = 1000000;
constexpr uint64_t hour = 3600;

uint64_t pause_of(const zram_duty &d, uint64_t spent_ns, uint32_t percent,
		  uint64_t age = hour)
{
	return zram_duty_pause(&d, ZRAM_DUTY_SLICE_OVER, spent_ns, percent,
			       age);
}

TEST(duty, a_slice_is_its_share_of_slice_and_pause)
{
	const zram_duty going{.left = 1, .found = true};

	EXPECT_EQ(pause_of(going, 5 * ms, 100), 0u);
	EXPECT_EQ(pause_of(going, 5 * ms, 50), 5u);
	EXPECT_EQ(pause_of(going, 5 * ms, 5), 95u);
	EXPECT_EQ(pause_of(going, 5 * ms, 1), 495u);
	/* Never more than the share: rounded up. */
	EXPECT_EQ(pause_of(going, 1, 99), 1u);
	EXPECT_EQ(pause_of(going, 0, 1), 0u);
}

TEST(duty, what_is_no_share_counts_as_the_nearest)
{
	const zram_duty going{.left = 1, .found = false};

	EXPECT_EQ(pause_of(going, 5 * ms, 0), pause_of(going, 5 * ms, 1));
	EXPECT_EQ(pause_of(going, 5 * ms, 900), 0u);
	/* A machine that was stopped in a slice. */
	EXPECT_EQ(pause_of(going, UINT64_MAX, 1), 49500u);
	EXPECT_EQ(pause_of(going, 500 * ms, 1), 49500u);
}

TEST(duty, a_round_passes_every_slot_once)
{
	zram_duty d{};

	zram_duty_begin(&d, 10);
	EXPECT_TRUE(zram_duty_pass(&d, 4));
	d.found = true;
	/* It goes on. */
	zram_duty_begin(&d, 10);
	EXPECT_TRUE(d.found);
	EXPECT_TRUE(zram_duty_pass(&d, 6));
	EXPECT_EQ(d.left, 0u);
	zram_duty_begin(&d, 10);
	EXPECT_FALSE(d.found);
	EXPECT_FALSE(zram_duty_pass(&d, 11));
	EXPECT_EQ(d.left, 0u);
	zram_duty_begin(&d, 0);
	EXPECT_FALSE(zram_duty_pass(&d, 1));
}

TEST(duty, after_a_round_it_rests)
{
	const zram_duty found{.left = 0, .found = true};
	const zram_duty none{.left = 0, .found = false};

	EXPECT_EQ(pause_of(found, 0, 50), ZRAM_DUTY_MIN_REST_MS);
	EXPECT_EQ(pause_of(none, 0, 50, hour), hour * 1000 / 8);
	EXPECT_EQ(pause_of(none, 0, 50, 1), ZRAM_DUTY_MIN_REST_MS);
	EXPECT_EQ(pause_of(none, 0, 50, 0), ZRAM_DUTY_MIN_REST_MS);
	EXPECT_EQ(pause_of(none, 0, 50, UINT64_MAX), ZRAM_DUTY_MAX_REST_MS);
	/* What the share asks for is not forgotten. */
	EXPECT_EQ(pause_of(found, 100 * ms, 1), 9900u);
}

TEST(duty, where_memory_is_short_it_waits)
{
	const zram_duty going{.left = 1, .found = true};

	EXPECT_EQ(zram_duty_pause(&going, ZRAM_DUTY_NO_MEMORY, 0, 50, hour),
		  ZRAM_DUTY_MIN_REST_MS);
	EXPECT_EQ(zram_duty_pause(&going, ZRAM_DUTY_NO_MEMORY, 500 * ms, 10,
				  hour),
		  4500u);
}

/* Beside a model: a device on which pages come of age, and a worker. */
TEST(duty, it_keeps_its_share_and_leaves_no_page_behind)
{
	for (const uint32_t percent : {1u, 5u, 30u, 100u}) {
		constexpr uint64_t slots = 5000, age = 40, cost = 50000;
		std::mt19937_64 numbers(percent);
		std::vector<uint64_t> due(slots);
		uint64_t now = 0, busy = 0, hand = 0, done = 0;
		zram_duty d{};

		/* Pages come of age in the first hundred seconds. */
		for (uint64_t &at : due)
			at = numbers() % 100 * 1000 * ms;
		while (done < slots) {
			const uint64_t begin = now;

			ASSERT_LT(now, uint64_t{1000000} * 1000 * ms);
			zram_duty_begin(&d, slots);
			while (d.left && now - begin < ZRAM_DUTY_SLICE_NS) {
				ASSERT_TRUE(zram_duty_pass(&d, 1));
				now += 20;
				if (due[hand] <= begin) {
					due[hand] = UINT64_MAX;
					now += cost;
					d.found = true;
					done++;
				}
				hand = (hand + 1) % slots;
			}
			busy += now - begin;
			now += zram_duty_pause(&d, ZRAM_DUTY_SLICE_OVER,
					       now - begin, percent, age) *
			       ms;
		}
		EXPECT_LE(busy * 100, now * percent) << percent;
		/* All are done soon after the last has come of age. */
		EXPECT_LT(now, std::max(slots * (cost + 20) * 100 / percent,
					uint64_t{100000} * ms) +
				       20000 * ms)
			<< percent;
	}
}

} // namespace zram_duty_test
