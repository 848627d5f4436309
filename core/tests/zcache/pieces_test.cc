// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "core/zcache/pieces.h"

#include <gtest/gtest.h>

#include <random>

namespace pieces_test {
namespace {

bool is_missing(uint64_t missing, uint32_t i)
{
	return (missing >> i & 1) != 0;
}

/* Blocks in a row from @from on that are cached. */
uint32_t run_at(uint64_t missing, uint32_t nr, uint32_t from)
{
	uint32_t end = from;

	while (end < nr && !is_missing(missing, end))
		end++;
	return end - from;
}

void check(uint64_t missing, uint32_t nr)
{
	const zcache_piece piece = zcache_first_piece(missing, nr);
	const uint32_t first = run_at(missing, nr, 0);

	SCOPED_TRACE(testing::Message() << std::hex << missing << " of " << nr);
	ASSERT_GE(piece.nr, 1u);
	ASSERT_LE(piece.nr, nr);
	ASSERT_EQ(piece.cached, first == nr || first >= ZCACHE_MIN_RUN);
	if (piece.cached) {
		ASSERT_EQ(piece.nr, first);
		return;
	}
	/* It ends where a long run begins, and none begins inside. */
	if (piece.nr < nr) {
		ASSERT_TRUE(is_missing(missing, piece.nr - 1));
		ASSERT_GE(run_at(missing, nr, piece.nr), ZCACHE_MIN_RUN);
	}
	for (uint32_t i = 0; i < piece.nr; i++)
		ASSERT_LT(run_at(missing, piece.nr, i), ZCACHE_MIN_RUN);
}

TEST(zcache_pieces, every_short_read_is_cut_where_it_pays)
{
	for (uint32_t nr = 1; nr <= 16; nr++) {
		for (uint64_t missing = 0; missing < 1u << nr; missing++)
			ASSERT_NO_FATAL_FAILURE(check(missing, nr));
	}
}

TEST(zcache_pieces, long_reads_are_cut_likewise)
{
	std::mt19937_64 random{7};

	for (uint32_t round = 0; round < 20000; round++) {
		const uint64_t some = random() & random() & random();

		ASSERT_NO_FATAL_FAILURE(
			check(round % 2 ? some : some & random(), 64));
	}
	ASSERT_NO_FATAL_FAILURE(check(0, 64));
	ASSERT_NO_FATAL_FAILURE(check(~uint64_t{0}, 64));
}

} /* namespace */
} /* namespace pieces_test */
