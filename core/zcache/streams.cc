// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "core/zcache/streams.h"
#include "core/zcache/racy.hh"

namespace {

constexpr uint64_t run_mask = ZCACHE_STREAM_MAX_RUN;

uint64_t *set_of(zcache_streams &streams, uint64_t block) noexcept
{
	return streams
		.ends[zcache_spread(zcache_hash(0, block), ZCACHE_STREAM_SETS)];
}

/* Takes the stream that would go on at a block out; how long it was, or 0. */
uint64_t take(zcache_streams &streams, uint64_t block) noexcept
{
	uint64_t *set = set_of(streams, block);

	for (uint32_t way = 0; way < ZCACHE_STREAM_WAYS; way++) {
		const uint64_t entry = zcache::load(set[way]);

		if (entry && entry >> ZCACHE_STREAM_RUN_BITS == block) {
			zcache::store(set[way], uint64_t{0});
			return entry & run_mask;
		}
	}
	return 0;
}

void put(zcache_streams &streams, uint64_t block, uint64_t run) noexcept
{
	uint64_t *set = set_of(streams, block);
	uint32_t shorter = 0;

	for (uint32_t way = 1; way < ZCACHE_STREAM_WAYS; way++) {
		if ((zcache::load(set[way]) & run_mask) <
		    (zcache::load(set[shorter]) & run_mask))
			shorter = way;
	}
	zcache::store(set[shorter], block << ZCACHE_STREAM_RUN_BITS | run);
}

} /* namespace */

extern "C" uint32_t zcache_core_stream(zcache_streams *streams, uint64_t first,
				       uint64_t end) noexcept
{
	uint64_t run = take(*streams, first) + (end - first);

	if (run > ZCACHE_STREAM_MAX_RUN)
		run = ZCACHE_STREAM_MAX_RUN;
	/* A read inside a block, of no stream, says nothing. */
	if (run)
		put(*streams, end, run);
	return static_cast<uint32_t>(run);
}
