// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "core/zram/duty.h"

namespace {

constexpr uint64_t ns_per_ms = 1000000;
constexpr uint64_t ms_per_second = 1000;
/* A look as often as that while pages come of age. */
constexpr uint64_t looks_per_age = 8;
/* A slice that lasted longer was stopped by something else, which is no work.
 */
constexpr uint64_t most_spent_ns = uint64_t{100} * ZRAM_DUTY_SLICE_NS;
constexpr uint64_t most_seconds =
	ZRAM_DUTY_MAX_REST_MS / ms_per_second * looks_per_age;

uint64_t least_of(uint64_t a, uint64_t b) noexcept
{
	return a < b ? a : b;
}

uint64_t most_of(uint64_t a, uint64_t b) noexcept
{
	return a > b ? a : b;
}

/* So that the slice is @percent of slice and pause; rounded up. */
uint64_t share_pause(uint64_t spent_ns, uint32_t percent) noexcept
{
	const uint64_t spent = least_of(spent_ns, most_spent_ns);
	const uint64_t share = most_of(least_of(percent, 100), 1);
	const uint64_t unit = share * ns_per_ms;

	return (spent * (100 - share) + unit - 1) / unit;
}

uint64_t rest(const zram_duty &duty, uint64_t age_seconds) noexcept
{
	if (duty.found)
		return ZRAM_DUTY_MIN_REST_MS;
	return most_of(least_of(age_seconds, most_seconds) * ms_per_second /
			       looks_per_age,
		       ZRAM_DUTY_MIN_REST_MS);
}

} // namespace

void zram_duty_begin(zram_duty *duty, uint64_t slots) noexcept
{
	if (duty->left)
		return;
	duty->left = slots;
	duty->found = false;
}

bool zram_duty_pass(zram_duty *duty, uint64_t slots) noexcept
{
	if (slots > duty->left) {
		duty->left = 0;
		return false;
	}
	duty->left -= slots;
	return true;
}

uint64_t zram_duty_pause(const zram_duty *duty, zram_duty_end end,
			 uint64_t spent_ns, uint32_t percent,
			 uint64_t age_seconds) noexcept
{
	const uint64_t pause = share_pause(spent_ns, percent);

	if (!duty->left)
		return most_of(pause, rest(*duty, age_seconds));
	if (end == ZRAM_DUTY_NO_MEMORY)
		return most_of(pause, ZRAM_DUTY_MIN_REST_MS);
	return pause;
}
