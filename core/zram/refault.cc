// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "core/zram/refault.h"

namespace {

constexpr uint32_t eighths = 8;
constexpr uint32_t default_age = 2 * eighths;
constexpr uint32_t lowest_age = 1 * eighths;

/* Steps of ten seconds in ten minutes. */
constexpr uint64_t steps = 60;
constexpr uint64_t unit = 64;
/* Fewer pages than that say nothing. */
constexpr uint64_t least_written = 32;
/* What the counts of one step are cut to, so that no product overflows. */
constexpr uint64_t most_pages = uint64_t{1} << 40;

uint64_t bounded(uint64_t pages) noexcept
{
	return pages < most_pages ? pages : most_pages;
}

/* The sum with one step less in it, and one more. */
uint64_t slid(uint64_t sum, uint64_t pages) noexcept
{
	return sum - (sum + steps - 1) / steps + pages * unit;
}

bool too_young(const zram_refault &r) noexcept
{
	return r.written_since >= least_written &&
	       r.read * 100 > r.written * r.percent &&
	       r.read_since * 100 > r.written_since * r.percent;
}

bool old_enough(const zram_refault &r) noexcept
{
	return r.read * 400 <= r.written * r.percent;
}

void grow(zram_refault &r) noexcept
{
	r.age_eighths *= 2;
	if (r.age_eighths > r.max_eighths)
		r.age_eighths = r.max_eighths;
	r.written_since = 0;
	r.read_since = 0;
}

void shrink(zram_refault &r) noexcept
{
	r.age_eighths -= (r.age_eighths + eighths - 1) / eighths;
	if (r.age_eighths < lowest_age)
		r.age_eighths = lowest_age;
}

} /* namespace */

extern "C" void zram_refault_start(struct zram_refault *r, uint32_t nr_ages,
				   uint32_t percent) noexcept
{
	*r = {};
	r->age_eighths = default_age;
	r->max_eighths = (nr_ages - 1) * eighths;
	r->percent = percent;
}

extern "C" void zram_refault_step(struct zram_refault *r, uint64_t written,
				  uint64_t read) noexcept
{
	written = bounded(written);
	read = bounded(read);
	r->written = slid(r->written, written);
	r->read = slid(r->read, read);
	r->written_since = bounded(r->written_since + written);
	r->read_since = bounded(r->read_since + read);
	if (too_young(*r))
		grow(*r);
	else if (old_enough(*r))
		shrink(*r);
}
