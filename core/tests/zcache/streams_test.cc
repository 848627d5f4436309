// SPDX-License-Identifier: GPL-2.0 OR MIT
/* Streams: found among other reads, whatever the table holds. */
#include "core/zcache/streams.h"

#include <array>
#include <cstdint>
#include <random>

#include <gtest/gtest.h>

namespace zcache_streams_test {
namespace {

constexpr uint64_t last_block = (uint64_t{1} << ZCACHE_BLOCK_BITS) - 1;

TEST(zcache_streams, a_stream_grows_by_what_it_reads)
{
	zcache_streams streams{};

	for (uint32_t i = 0; i < 100; i++)
		ASSERT_EQ(zcache_core_stream(&streams, 1000 + 32 * i,
					     1032 + 32 * i),
			  32 * (i + 1));
	/* Elsewhere a new one begins. */
	EXPECT_EQ(zcache_core_stream(&streams, 1000, 1001), 1u);
}

TEST(zcache_streams, reads_of_parts_of_blocks_go_on_too)
{
	zcache_streams streams{};

	EXPECT_EQ(zcache_core_stream(&streams, 10, 14), 4u);
	EXPECT_EQ(zcache_core_stream(&streams, 14, 14), 4u);
	EXPECT_EQ(zcache_core_stream(&streams, 14, 15), 5u);
	/* Of no stream, and no whole block. */
	EXPECT_EQ(zcache_core_stream(&streams, 3, 3), 0u);
	EXPECT_EQ(zcache_core_stream(&streams, 15, 16), 6u);
}

TEST(zcache_streams, a_length_stops_where_it_no_longer_fits)
{
	zcache_streams streams{};
	uint64_t at = 0;

	for (uint32_t i = 0; i < 5000; i++, at += 64)
		zcache_core_stream(&streams, at, at + 64);
	EXPECT_EQ(zcache_core_stream(&streams, at, at + 64),
		  ZCACHE_STREAM_MAX_RUN);
	EXPECT_EQ(zcache_core_stream(&streams, last_block - 9, last_block), 9u);
}

/* One file is copied while others are read here and there. */
TEST(zcache_streams, a_long_stream_outlasts_random_reads)
{
	std::mt19937_64 rng{1};
	zcache_streams streams{};
	uint32_t shortest = ~0u;
	uint64_t at = 1 << 20;

	for (uint32_t i = 0; i < 10000; i++, at += 32) {
		const uint32_t run = zcache_core_stream(&streams, at, at + 32);

		if (i >= 8)
			shortest = std::min(shortest, run);
		for (uint32_t j = 0; j < 20; j++) {
			const uint64_t other = rng() % last_block;

			zcache_core_stream(&streams, other, other + 1);
		}
	}
	EXPECT_GE(shortest, 256u);
}

TEST(zcache_streams, streams_that_have_ended_make_room)
{
	zcache_streams streams{};
	uint32_t found = 0;

	/* Far more than the table has places, each a long one. */
	for (uint64_t s = 0; s < 1000; s++) {
		const uint64_t start = s << 24;

		for (uint32_t i = 0; i < 16; i++)
			zcache_core_stream(&streams, start + 64 * i,
					   start + 64 * (i + 1));
		found += zcache_core_stream(&streams, start + 1024,
					    start + 1025) == 1025;
	}
	EXPECT_EQ(found, 1000u);
}

TEST(zcache_streams, several_at_a_time_are_told_apart)
{
	constexpr uint32_t nr = 8;
	std::array<uint64_t, nr> at{};
	zcache_streams streams{};
	uint32_t long_ones = 0;

	for (uint32_t s = 0; s < nr; s++)
		at[s] = uint64_t{s} << 30;
	for (uint32_t i = 0; i < 100; i++) {
		for (uint64_t &next : at) {
			long_ones += zcache_core_stream(&streams, next,
							next + 32) >= 256;
			next += 32;
		}
	}
	/* All but each one's first seven reads; two may share a place. */
	EXPECT_GE(long_ones, nr * 93u * 3 / 4);
}

} /* namespace */
} /* namespace zcache_streams_test */
