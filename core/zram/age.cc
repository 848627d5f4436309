// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "core/zram/age.h"

namespace {

/* A generation is over when one in so many pages has been used in it. */
constexpr uint64_t generation_share = 8;
/* But a device with hardly any pages has no use for more than one. */
constexpr uint64_t generation_min = 64;

uint64_t &began(zram_clock &clock, uint32_t generation) noexcept
{
	return clock.began_ns[generation % ZRAM_MAX_AGES];
}

} /* namespace */

extern "C" void zram_clock_start(struct zram_clock *clock, uint64_t uses,
				 uint64_t ns) noexcept
{
	clock->now = 0;
	clock->uses = uses;
	for (uint64_t &began_ns : clock->began_ns)
		began_ns = ns;
}

extern "C" bool zram_clock_due(const struct zram_clock *clock, uint64_t uses,
			       uint64_t pages) noexcept
{
	uint64_t wanted = pages / generation_share;

	if (wanted < generation_min)
		wanted = generation_min;
	return uses - clock->uses >= wanted;
}

extern "C" void zram_clock_advance(struct zram_clock *clock, uint64_t uses,
				   uint64_t ns) noexcept
{
	clock->now++;
	clock->uses = uses;
	began(*clock, clock->now) = ns;
}

extern "C" uint32_t zram_clock_age_at(const struct zram_clock *clock,
				      uint64_t ns) noexcept
{
	uint32_t age = 0;

	while (age < ZRAM_NR_AGES - 1 &&
	       clock->began_ns[(clock->now - age) % ZRAM_MAX_AGES] > ns)
		age++;
	return age;
}

extern "C" uint32_t zram_age_cutoff(const struct zram_ages *ages,
				    uint32_t min_age, uint64_t wanted) noexcept
{
	uint32_t cutoff = ZRAM_NO_AGE;
	uint64_t taken = 0;

	for (uint32_t age = ZRAM_NR_AGES; age-- > min_age;) {
		if (!ages->pages[age])
			continue;
		/* The oldest are taken even if not all of them are wanted. */
		if (cutoff != ZRAM_NO_AGE && taken + ages->pages[age] > wanted)
			break;
		taken += ages->pages[age];
		cutoff = age;
	}
	return cutoff;
}
