// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "core/page.h"
#include "core/zram/trigger.h"
#include "core/zsm/geometry.h"

namespace {

/* Until the quota has more, pages are older, or blocks were dropped. */
constexpr uint32_t pause_ms = 1000;

/* A share of the limit, without a product that overflows. */
uint64_t share(uint64_t limit, uint32_t percent) noexcept
{
	return limit / 100 * percent + limit % 100 * percent / 100;
}

/* How many pages have to go so that so many bytes do. */
uint64_t pages_for(const zram_trigger_facts &facts, uint64_t bytes) noexcept
{
	if (!facts.stored_pages)
		return 0;
	const uint64_t each = facts.stored_bytes / facts.stored_pages;

	return each ? bytes / each + 1 : bytes;
}

/* A lower mark that is not below the upper one would keep the worker at it. */
uint32_t low_mark(const zram_trigger_facts &facts) noexcept
{
	return facts.low < facts.high ? facts.low : facts.high - 1;
}

bool is_above(bool was, const zram_trigger_facts &facts) noexcept
{
	if (!facts.limit)
		return false;
	return facts.refused ||
	       facts.used >
		       share(facts.limit, was ? low_mark(facts) : facts.high);
}

/* What a write that is refused may have needed, however little is used. */
uint64_t least_room(const zram_trigger_facts &facts) noexcept
{
	return facts.refused ? uint64_t{ZSM_MAX_CHAIN} << ZSM_PAGE_SHIFT : 0;
}

zram_trigger_goal for_limit(const zram_trigger_facts &facts) noexcept
{
	const uint64_t low = share(facts.limit, low_mark(facts));
	const uint64_t over = facts.used > low ? facts.used - low : 0;
	const uint64_t least = least_room(facts);

	return {ZRAM_TIER_LIMIT, pages_for(facts, over > least ? over : least),
		0};
}

zram_trigger_goal for_pressure(const zram_trigger_facts &facts) noexcept
{
	const uint64_t bytes = facts.pressure_pages << ZSM_PAGE_SHIFT;

	return {ZRAM_TIER_PRESSURE, pages_for(facts, bytes), facts.min_age};
}

} /* namespace */

extern "C" struct zram_trigger_goal
zram_trigger_decide(struct zram_trigger *trigger,
		    const struct zram_trigger_facts *facts) noexcept
{
	trigger->above = is_above(trigger->above, *facts);
	if (!facts->stored_pages)
		return {ZRAM_TIER_NOTHING, 0, 0};
	if (trigger->above)
		return for_limit(*facts);
	if (facts->pressure_pages)
		return for_pressure(*facts);
	if (facts->at_rest)
		return {ZRAM_TIER_AGE, UINT64_MAX, 0};
	return {ZRAM_TIER_NOTHING, 0, 0};
}

extern "C" uint64_t zram_trigger_high_bytes(uint64_t limit,
					    uint32_t high) noexcept
{
	return limit ? share(limit, high) : UINT64_MAX;
}

extern "C" void zram_trigger_start(struct zram_trigger *trigger,
				   bool on) noexcept
{
	trigger->state = on ? ZRAM_TIER_IDLE : ZRAM_TIER_OFF;
	trigger->failures = 0;
	trigger->above = false;
}

extern "C" void zram_trigger_rest(struct zram_trigger *trigger) noexcept
{
	trigger->state = ZRAM_TIER_IDLE;
}

extern "C" uint32_t
zram_trigger_note(struct zram_trigger *trigger,
		  enum zram_trigger_outcome outcome) noexcept
{
	if (outcome == ZRAM_TIER_WROTE)
		trigger->failures = 0;
	switch (outcome) {
	case ZRAM_TIER_WROTE:
		trigger->state = ZRAM_TIER_WRITING;
		return 0;
	case ZRAM_TIER_NO_PAGE:
		trigger->state = ZRAM_TIER_YOUNG;
		return pause_ms;
	case ZRAM_TIER_NO_QUOTA:
		trigger->state = ZRAM_TIER_SPENT;
		return pause_ms;
	case ZRAM_TIER_NO_ROOM:
		trigger->state = ZRAM_TIER_FULL;
		return pause_ms;
	case ZRAM_TIER_ERROR:
		break;
	}
	trigger->failures++;
	if (trigger->failures >= ZRAM_TIER_MAX_FAILURES)
		trigger->state = ZRAM_TIER_FAILED;
	return pause_ms;
}

extern "C" bool zram_may_wait(const struct zram_patience *patience,
			      enum zram_trigger_state state,
			      uint64_t progress) noexcept
{
	if (state != ZRAM_TIER_IDLE && state != ZRAM_TIER_WRITING)
		return false;
	return !patience->in_vain || patience->progress != progress;
}

extern "C" void zram_waited_in_vain(struct zram_patience *patience,
				    uint64_t before, uint64_t progress) noexcept
{
	patience->in_vain = before == progress;
	patience->progress = progress;
}
