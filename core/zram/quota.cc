// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "core/zram/quota.h"

namespace {

constexpr uint64_t ns_per_us = 1000;
constexpr uint64_t us_per_second = 1000000;
constexpr uint64_t ns_per_second = ns_per_us * us_per_second;
constexpr uint64_t ns_per_day = 24 * 3600 * ns_per_second;

/* No disk writes more in a second; and no product below overflows. */
constexpr uint64_t most_rate = uint64_t{1} << 40;

uint64_t capacity(const zram_quota &q) noexcept
{
	return q.rate > ZRAM_QUOTA_BURST ? q.rate : ZRAM_QUOTA_BURST;
}

/*
 * How long ago that was. A task that reads the clock, and then waits for
 * another that sets or asks the quota, comes with a time before the last one:
 * that counts as the same.
 */
uint64_t since(uint64_t then, uint64_t ns) noexcept
{
	return ns > then ? ns - then : 0;
}

/* After that time there is as much as there can be, whatever there was. */
bool fills_up(const zram_quota &q, uint64_t us) noexcept
{
	return us / us_per_second > capacity(q) / q.rate;
}

void fill(zram_quota &q, uint64_t ns) noexcept
{
	const uint64_t us = since(q.filled_ns, ns) / ns_per_us;

	if (!q.rate)
		return;
	q.filled_ns += us * ns_per_us;
	if (fills_up(q, us)) {
		q.tokens = capacity(q);
		q.carry = 0;
		return;
	}
	const uint64_t parts = q.rate * us + q.carry;

	q.tokens += parts / us_per_second;
	q.carry = parts % us_per_second;
	if (q.tokens >= capacity(q)) {
		q.tokens = capacity(q);
		q.carry = 0;
	}
}

void begin_day(zram_quota &q, uint64_t ns) noexcept
{
	const uint64_t days = since(q.day_ns, ns) / ns_per_day;

	if (!days)
		return;
	q.day_ns += days * ns_per_day;
	q.spent = 0;
}

uint64_t left_today(const zram_quota &q) noexcept
{
	if (!q.daily)
		return UINT64_MAX;
	return q.spent < q.daily ? q.daily - q.spent : 0;
}

/* How long it takes until the tokens are so many. */
uint64_t rate_wait(const zram_quota &q, uint64_t bytes, uint64_t ns) noexcept
{
	if (!q.rate || q.tokens >= bytes)
		return 0;
	const uint64_t parts = (bytes - q.tokens) * us_per_second - q.carry;
	const uint64_t us = (parts + q.rate - 1) / q.rate;
	const uint64_t at = q.filled_ns + us * ns_per_us;

	return at > ns ? at - ns : 0;
}

uint64_t day_wait(const zram_quota &q, uint64_t bytes, uint64_t ns) noexcept
{
	if (left_today(q) >= bytes)
		return 0;
	if (q.daily < bytes)
		return ZRAM_QUOTA_NEVER;
	return q.day_ns + ns_per_day - ns;
}

} /* namespace */

extern "C" void zram_quota_set_rate(struct zram_quota *q, uint64_t rate,
				    uint64_t ns) noexcept
{
	q->rate = rate < most_rate ? rate : most_rate;
	q->tokens = capacity(*q);
	q->carry = 0;
	q->filled_ns = ns;
}

extern "C" void zram_quota_set_daily(struct zram_quota *q, uint64_t daily,
				     uint64_t ns) noexcept
{
	q->daily = daily;
	q->day_ns = ns;
	q->spent = 0;
}

extern "C" uint64_t zram_quota_left(struct zram_quota *q, uint64_t ns) noexcept
{
	fill(*q, ns);
	begin_day(*q, ns);
	const uint64_t today = left_today(*q);

	return q->rate && q->tokens < today ? q->tokens : today;
}

extern "C" bool zram_quota_take(struct zram_quota *q, uint64_t bytes,
				uint64_t ns) noexcept
{
	if (zram_quota_left(q, ns) < bytes)
		return false;
	if (q->rate)
		q->tokens -= bytes;
	if (q->daily)
		q->spent += bytes;
	return true;
}

extern "C" uint64_t zram_quota_wait(struct zram_quota *q, uint64_t bytes,
				    uint64_t ns) noexcept
{
	fill(*q, ns);
	begin_day(*q, ns);
	const uint64_t rate = rate_wait(*q, bytes, ns);
	const uint64_t day = day_wait(*q, bytes, ns);

	return rate > day ? rate : day;
}
