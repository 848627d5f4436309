/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * A device and its worker, simulated around the core's decisions: slots are
 * words, objects are numbers of bytes, and the backing device takes so many
 * pages in a tick. Time goes on by ticks of a hundredth of a second.
 */
#ifndef ZSM_TESTS_TIER_SIM_HH
#define ZSM_TESTS_TIER_SIM_HH

#include "core/tests/zsm/model.hh"
#include "core/zram/age.h"
#include "core/zram/quota.h"
#include "core/zram/refault.h"
#include "core/zram/trigger.h"

#include <vector>

namespace sim {

constexpr uint64_t tick_ns = 10000000;
constexpr uint32_t ticks_a_second = 100;

struct settings {
	uint64_t limit = 0;
	uint32_t high = 90;
	uint32_t low = 80;
	uint32_t pages_a_tick = 1000; /* that the backing device takes */
};

class tier {
public:
	tier(uint32_t nr_slots, const settings &set);

	/* False if the page would exceed the limit, and still does after
	 * waiting. */
	bool store(uint32_t index, uint32_t bytes);
	void load(uint32_t index);
	void drop(uint32_t index);
	void tick();
	void pressure(uint64_t pages) { pressure_ = pages; }

	bool backed(uint32_t index) const;
	bool holds(uint32_t index) const;
	uint64_t bytes_in_memory(uint32_t index) const;
	uint64_t used() const { return used_; }
	uint64_t ns() const { return ns_; }

	uint64_t written = 0;
	uint64_t read_back = 0;
	uint64_t read_soon = 0; /* within ten minutes */
	uint64_t failed = 0;
	uint64_t switches = 0;       /* of the worker, on and off */
	std::vector<uint32_t> order; /* the slots as they were written */
	zram_refault refault;
	zram_quota quota{};
	zram_trigger state;

private:
	static bool stored(zsm_word slot);
	uint32_t age(uint32_t index) const;
	zram_trigger_facts facts() const;
	zram_ages count() const;
	void advance();
	void work();
	bool write_one(uint32_t index);

	settings set_;
	std::vector<zsm_word> slots_;
	std::vector<uint64_t> used_ns_; /* where slots have no room */
	std::vector<uint64_t> written_ns_;
	zram_clock clock_;
	uint64_t uses_ = 0;
	uint64_t used_ = 0;
	uint64_t pages_ = 0;
	uint64_t ns_ = 0;
	uint64_t ticks_ = 0;
	uint64_t pressure_ = 0;
	uint32_t hand_ = 0;
	uint64_t written_before_ = 0;
	uint64_t read_before_ = 0;
};

} /* namespace sim */

#endif /* ZSM_TESTS_TIER_SIM_HH */
