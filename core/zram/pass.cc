// SPDX-License-Identifier: GPL-2.0 OR MIT
/* Which pages a pass takes, in which order, and how many. See pass.h. */
#include "core/zram/pass.h"

#include "core/page.h"
#include "core/zram/states.h"

namespace {

bool filter_takes(const zram_filter &filter, zsm_word slot)
{
	if ((slot.bits & filter.wanted) != filter.wanted ||
	    zram_slot_size(slot) < filter.min_size)
		return false;
	if (filter.hopeless && !zram_slot_hopeless(slot, filter.hopeless))
		return false;
	return !filter.prios ||
	       zram_next_prio(filter.prios, zram_slot_tried(slot)) <
		       ZRAM_NR_PRIOS;
}

/* The band of a size from 1 to a page. */
uint32_t band_of(uint32_t size, uint32_t nr_bands)
{
	return (size - 1) / (ZSM_PAGE_SIZE / nr_bands);
}

} /* namespace */

void zram_plan_begin(struct zram_plan *plan, const struct zram_filter *filter,
		     uint64_t pages, bool largest_first) noexcept
{
	plan->filter = *filter;
	plan->left = pages;
	plan->nr_bands = largest_first ? ZRAM_SIZE_BANDS : 1;
	plan->band = plan->nr_bands - 1;
}

bool zram_plan_takes(const struct zram_plan *plan, zsm_word slot) noexcept
{
	return zram_slot_claimable(slot) && filter_takes(plan->filter, slot) &&
	       band_of(zram_slot_size(slot), plan->nr_bands) == plan->band;
}

void zram_plan_took(struct zram_plan *plan) noexcept
{
	plan->left--;
}

bool zram_plan_next_band(struct zram_plan *plan) noexcept
{
	if (!plan->left || !plan->band)
		return false;
	plan->band--;
	return true;
}
