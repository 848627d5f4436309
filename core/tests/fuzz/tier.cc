// SPDX-License-Identifier: GPL-2.0 OR MIT
// fuzz-parts: zram/age zram/quota zram/refault zram/trigger tests/zram/tier_sim
// fuzz-longest: 600
// fuzz-libraries: -lgtest -pthread
/*
 * Any sequence of stores, loads, drops, pressure and time on a device with a
 * worker (tier_sim.hh): no page is lost, the limit holds, and so does the
 * quota.
 *
 * The first bytes are the settings; then each operation is a byte, of which the
 * upper half chooses, and a byte for the page.
 */
#include "core/tests/zram/tier_sim.hh"

#include <cstdlib>

namespace {

constexpr uint32_t nr_slots = 256;
constexpr uint64_t daily = 100 * ZSM_PAGE_SIZE;

void check(bool good)
{
	if (!good)
		std::abort();
}

/* What should be there, by slot. */
struct player {
	sim::tier tier;
	sim::settings set;
	bool stored[nr_slots] = {};

	void step(uint8_t op, uint8_t index)
	{
		switch (op >> 5) {
		case 0:
		case 1:
		case 2:
			stored[index] =
				tier.store(index, 1 + (op & 31u) * 100) ||
				stored[index];
			break;
		case 3:
			tier.load(index);
			break;
		case 4:
			tier.drop(index);
			stored[index] = false;
			break;
		case 5:
			tier.pressure(op & 31u);
			break;
		default:
			for (uint32_t i = 0; i <= index; i++)
				tier.tick();
		}
		verify();
	}

	void verify() const
	{
		uint64_t used = 0;

		for (uint32_t i = 0; i < nr_slots; i++) {
			check(stored[i] == tier.holds(i));
			used += tier.bytes_in_memory(i);
		}
		check(used == tier.used());
		check(!set.limit || used <= set.limit);
		check(tier.written * ZSM_PAGE_SIZE <=
		      daily * (1 + tier.ns() / (24 * 3600 * 1000000000ull)));
	}
};

} /* namespace */

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 4)
		return 0;
	const sim::settings set{
		.limit = data[0] * uint64_t{1000},
		.high = 1 + data[1] % 100u,
		.low = data[2] % 100u,
		.pages_a_tick = data[3],
	};
	player p{.tier = sim::tier(nr_slots, set), .set = set};

	zram_quota_set_daily(&p.tier.quota, daily, 0);
	for (size_t i = 4; i + 1 < size; i += 2)
		p.step(data[i], data[i + 1]);
	return 0;
}
