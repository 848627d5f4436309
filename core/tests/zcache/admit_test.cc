// SPDX-License-Identifier: GPL-2.0 OR MIT
/* Who is let in, and how large the tables are. */
#include "core/zcache/admit.h"
#include "core/zcache/region.h"

#include <cstdint>
#include <set>
#include <vector>

#include <gtest/gtest.h>

namespace zcache_admit_test {
namespace {

constexpr bool both[] = {false, true};
constexpr zcache_seen everything[] = {ZCACHE_UNSEEN, ZCACHE_SEEN,
				      ZCACHE_SEEN_BAD};

TEST(zcache_admit, nothing_comes_in_where_nothing_may)
{
	for (const bool room : both) {
		for (const bool meta : both) {
			for (const bool stream : both) {
				const zcache_read read{room, meta, stream};

				for (const zcache_seen seen : everything)
					EXPECT_EQ(
						zcache_admit(ZCACHE_ADMIT_NONE,
							     &read, seen),
						ZCACHE_PASS);
				for (const zcache_policy policy :
				     {ZCACHE_ADMIT_GHOST, ZCACHE_ADMIT_ALL})
					EXPECT_EQ(zcache_admit(policy, &read,
							       ZCACHE_SEEN_BAD),
						  ZCACHE_PASS);
				EXPECT_EQ(zcache_admit(ZCACHE_ADMIT_ALL, &read,
						       ZCACHE_UNSEEN),
					  ZCACHE_FETCH);
			}
		}
	}
}

TEST(zcache_admit, the_ghost_decides_once_there_is_no_room)
{
	const auto verdict = [](zcache_read read, zcache_seen seen) {
		return zcache_admit(ZCACHE_ADMIT_GHOST, &read, seen);
	};

	EXPECT_EQ(verdict({true, false, false}, ZCACHE_UNSEEN), ZCACHE_FETCH);
	EXPECT_EQ(verdict({false, false, false}, ZCACHE_UNSEEN), ZCACHE_NOTE);
	EXPECT_EQ(verdict({false, false, false}, ZCACHE_SEEN), ZCACHE_FETCH);
	EXPECT_EQ(verdict({false, true, false}, ZCACHE_UNSEEN), ZCACHE_FETCH);
	/* A stream leaves no trace, but for a file system's own structures. */
	for (const bool room : both) {
		EXPECT_EQ(verdict({room, false, true}, ZCACHE_UNSEEN),
			  ZCACHE_PASS);
		EXPECT_EQ(verdict({room, false, true}, ZCACHE_SEEN),
			  ZCACHE_PASS);
		EXPECT_EQ(verdict({room, true, true}, ZCACHE_UNSEEN),
			  ZCACHE_FETCH);
	}
}

TEST(zcache_admit, one_block_does_not_make_the_others_useless)
{
	for (uint32_t nr = 1; nr <= 64; nr++) {
		for (uint32_t bad = 1; bad <= nr; bad++)
			EXPECT_EQ(zcache_worth_whole(bad, nr), bad <= nr - bad);
	}
}

TEST(zcache_tables, tables_stay_within_their_share)
{
	for (uint32_t shift = 0; shift < 30; shift++) {
		for (uint32_t ram = 10; ram < 34; ram++) {
			const uint64_t limit = uint64_t{1} << shift;
			const uint64_t ram_pages = uint64_t{1} << ram;
			const zcache_tables tables =
				zcache_size_tables(limit, ram_pages);

			ASSERT_GE(tables.nr_bucket_pages, 1u);
			ASSERT_GE(tables.nr_ghost_pages, 1u);
			/* 72 bytes of cells and keys for a page of the limit.
			 */
			ASSERT_LE(uint64_t{tables.nr_bucket_pages - 1} *
					  ZSM_PAGE_SIZE,
				  limit * 72);
			ASSERT_LE(tables.nr_ghost_pages,
				  ram_pages / ZCACHE_GHOST_SHARE + 1);
			ASSERT_LE(tables.nr_ghost_pages,
				  limit / ZCACHE_GHOST_LIMIT_SHARE + 1);
		}
	}
}

TEST(zcache_tables, the_ghost_knows_twice_what_fits_and_the_page_cache)
{
	/* 256 MiB of 4 GiB, and 2 GiB of 8, in pages of 4 KiB. */
	for (const auto &[limit, ram] :
	     {std::pair{65536u, 1u << 20}, std::pair{524288u, 2u << 20}}) {
		const zcache_tables tables = zcache_size_tables(limit, ram);
		const uint64_t prints = uint64_t{tables.nr_ghost_pages} *
					ZCACHE_LINES_PER_PAGE *
					ZCACHE_GHOST_ENTRIES;
		const uint64_t most = uint64_t{ram} / ZCACHE_GHOST_SHARE *
				      ZCACHE_LINES_PER_PAGE *
				      ZCACHE_GHOST_ENTRIES;

		EXPECT_GE(prints, std::min<uint64_t>(2 * 3 * limit, most));
		EXPECT_GE(prints, std::min<uint64_t>(ram, most));
	}
}

TEST(zcache_tables, a_cell_of_the_largest_cache_has_a_number_of_32_bits)
{
	const zcache_tables tables =
		zcache_size_tables(ZCACHE_MAX_LIMIT_PAGES, uint64_t{1} << 40);

	EXPECT_LE(uint64_t{tables.nr_bucket_pages} * ZCACHE_CELLS_PER_PAGE,
		  uint64_t{1} << 32);
}

TEST(zcache_region, neighbours_have_regions_of_their_own)
{
	std::vector<uint32_t> load(ZCACHE_REGIONS);

	for (uint64_t group = 0; group < 1 << 20; group++) {
		const uint32_t region = zcache_region(group);

		ASSERT_LT(region, ZCACHE_REGIONS);
		ASSERT_NE(region, zcache_region(group + 1));
		ASSERT_NE(region, zcache_region(group + 3));
		load[region]++;
	}
	for (const uint32_t groups : load)
		ASSERT_LT(groups, 2 * (1u << 20) / ZCACHE_REGIONS);
}

TEST(zcache_region, a_group_is_of_whole_blocks)
{
	EXPECT_EQ(zcache_group(0), zcache_group(15));
	EXPECT_NE(zcache_group(15), zcache_group(16));
}

} /* namespace */
} /* namespace zcache_admit_test */
