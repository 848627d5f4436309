// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "core/tests/zram/tier_sim.hh"

#include <algorithm>

namespace sim {

namespace {

constexpr uint64_t ten_minutes_ns = uint64_t{60000} * tick_ns;

} /* namespace */

tier::tier(uint32_t nr_slots, const settings &set)
	: set_(set), slots_(nr_slots), used_ns_(nr_slots), written_ns_(nr_slots)
{
	zram_clock_start(&clock_, 0, 0);
	zram_refault_start(&refault, ZRAM_NR_AGES,
			   ZRAM_REFAULT_DEFAULT_PERCENT);
	zram_trigger_start(&state, true);
}

bool tier::stored(zsm_word slot)
{
	return !zram_slot_empty(slot) && !(slot.bits & ZRAM_SLOT_BACKED);
}

uint32_t tier::age(uint32_t index) const
{
	if (ZRAM_SLOT_AGE_BITS)
		return zram_slot_age(slots_[index], clock_.now);
	return zram_clock_age_at(&clock_, used_ns_[index]);
}

bool tier::backed(uint32_t index) const
{
	return slots_[index].bits & ZRAM_SLOT_BACKED;
}

bool tier::holds(uint32_t index) const
{
	return !zram_slot_empty(slots_[index]);
}

uint64_t tier::bytes_in_memory(uint32_t index) const
{
	return stored(slots_[index]) ? zram_slot_size(slots_[index]) : 0;
}

void tier::drop(uint32_t index)
{
	if (stored(slots_[index])) {
		used_ -= zram_slot_size(slots_[index]);
		pages_--;
	}
	slots_[index] = {};
}

bool tier::store(uint32_t index, uint32_t bytes)
{
	/* What a write may wait is as many ticks as ZRAM_TIER_WAIT_MS has. */
	for (uint32_t i = 0; set_.limit && used_ + bytes > set_.limit; i++) {
		if (i == ZRAM_TIER_WAIT_MS / 10) {
			failed++;
			return false;
		}
		tick();
	}
	drop(index);
	slots_[index] =
		zram_slot_used(zram_slot_object({index}, bytes, 0), clock_.now);
	used_ns_[index] = ns_;
	used_ += bytes;
	pages_++;
	uses_++;
	return true;
}

void tier::load(uint32_t index)
{
	if (zram_slot_empty(slots_[index]))
		return;
	uses_++;
	if (!backed(index)) {
		slots_[index] = zram_slot_used(slots_[index], clock_.now);
		used_ns_[index] = ns_;
		return;
	}
	read_back++;
	read_soon += ns_ - written_ns_[index] < ten_minutes_ns;
}

zram_ages tier::count() const
{
	zram_ages ages{};

	for (uint32_t index = 0; index < slots_.size(); index++) {
		if (stored(slots_[index]))
			ages.pages[age(index)]++;
	}
	return ages;
}

void tier::advance()
{
	if (!zram_clock_due(&clock_, uses_, pages_))
		return;
	for (zsm_word &slot : slots_)
		slot = zram_age_before(slot, clock_.now);
	zram_clock_advance(&clock_, uses_, ns_);
}

bool tier::write_one(uint32_t index)
{
	const uint32_t bytes = zram_slot_size(slots_[index]);

	if (!zram_quota_take(&quota, ZSM_PAGE_SIZE, ns_))
		return false;
	used_ -= bytes;
	pages_--;
	slots_[index] = zram_slot_away({index}, bytes, 0);
	written++;
	written_ns_[index] = ns_;
	order.push_back(index);
	return true;
}

zram_trigger_facts tier::facts() const
{
	return {
		.used = used_,
		.limit = set_.limit,
		.high = set_.high,
		.low = set_.low,
		.refused = false,
		.stored_pages = pages_,
		.stored_bytes = used_,
		.pressure_pages = pressure_,
		.min_age = zram_refault_age(&refault),
		.at_rest = false,
	};
}

/* What the backing device takes in a tick, by a hand that goes round. */
void tier::work()
{
	const zram_trigger_facts now = facts();
	zram_trigger_goal goal = zram_trigger_decide(&state, &now);
	const zram_trigger_state before = state.state;
	uint64_t room = std::min<uint64_t>(goal.pages, set_.pages_a_tick);
	zram_trigger_outcome outcome = ZRAM_TIER_NO_PAGE;

	if (goal.reason == ZRAM_TIER_NOTHING) {
		zram_trigger_rest(&state);
		switches += before == ZRAM_TIER_WRITING;
		return;
	}
	if (zram_quota_left(&quota, ns_) < ZSM_PAGE_SIZE) {
		zram_trigger_note(&state, ZRAM_TIER_NO_QUOTA);
		return;
	}
	while (room) {
		const zram_ages ages = count();
		const uint32_t cutoff =
			zram_age_cutoff(&ages, goal.min_age, goal.pages);

		if (cutoff == ZRAM_NO_AGE)
			break;
		for (size_t n = 0; n < slots_.size() && room; n++) {
			const uint32_t index = hand_;

			hand_ = (hand_ + 1) % slots_.size();
			if (!stored(slots_[index]) || age(index) < cutoff)
				continue;
			if (!write_one(index)) {
				zram_trigger_note(&state, ZRAM_TIER_NO_QUOTA);
				return;
			}
			outcome = ZRAM_TIER_WROTE;
			room--;
			if (goal.pages != UINT64_MAX)
				goal.pages--;
		}
	}
	zram_trigger_note(&state, outcome);
	switches +=
		before != ZRAM_TIER_WRITING && state.state == ZRAM_TIER_WRITING;
	pressure_ = 0;
}

void tier::tick()
{
	ns_ += tick_ns;
	advance();
	work();
	if (++ticks_ % (ZRAM_REFAULT_STEP_SECONDS * ticks_a_second))
		return;
	zram_refault_step(&refault, written - written_before_,
			  read_back - read_before_);
	written_before_ = written;
	read_before_ = read_back;
}

} /* namespace sim */
