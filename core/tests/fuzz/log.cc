// SPDX-License-Identifier: GPL-2.0 OR MIT
// fuzz-parts: zram/entry zram/log tests/zram/log_sim
// fuzz-longest: 4000
// fuzz-libraries: -lgtest -pthread
/*
 * Any sequence of stores, drops, failures and readers on a packed log
 * (log_sim.hh): what was written can be read, and all that is counted is so.
 *
 * Each operation is a byte, of which the upper half chooses, and a byte for the
 * slot.
 */
#include "core/tests/zram/log_sim.hh"

#include <cstdlib>

namespace {

constexpr uint32_t nr_slots = 256;

void check(bool good)
{
	if (!good)
		std::abort();
}

void step(sim::packed &log, uint8_t op, uint8_t arg)
{
	switch (op >> 5) {
	case 0:
		log.drop(arg);
		break;
	case 1:
		log.flush();
		break;
	case 2:
		log.drain();
		break;
	case 3:
		log.flush();
		log.fail(op & 1);
		break;
	case 4:
		log.flush();
		log.forgive();
		break;
	default:
		/* Many, so that segments are filled. */
		for (uint32_t i = 0; i <= (op & 31u); i++)
			log.store((arg + i) % nr_slots,
				  1 + (arg * 37u + i * 601u) % ZSM_PAGE_SIZE);
	}
}

} /* namespace */

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sim::packed log(ZRAM_LOG_MIN_SEGMENTS, nr_slots);

	for (size_t i = 0; i + 1 < size; i += 2)
		step(log, data[i], data[i + 1]);
	log.fail(false);
	log.flush();
	check(log.adds_up());
	for (uint32_t slot = 0; slot < nr_slots; slot++)
		check(!log.has(slot) || log.reads(slot));
	return 0;
}
