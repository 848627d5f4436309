// SPDX-License-Identifier: GPL-2.0 OR MIT
/* Cells, keys and buckets. */
#include "core/zcache/cell.h"

#include <array>
#include <cstdint>
#include <random>
#include <set>

#include <gtest/gtest.h>

namespace zcache_cell_test {
namespace {

constexpr uint64_t loc_mask = (uint64_t{1} << ZSM_LOC_BITS) - 1;
constexpr uint32_t tag_mask = (1u << ZCACHE_TAG_BITS) - 1;
constexpr uint64_t last_block = (uint64_t{1} << ZCACHE_BLOCK_BITS) - 1;

/* The same with plain numbers. */
uint64_t cell_of(uint64_t loc, uint32_t tag)
{
	return zcache_cell(zsm_loc{loc}, tag).bits;
}

bool has_tag(uint64_t cell, uint32_t tag)
{
	return zcache_cell_has_tag(zsm_word{cell}, tag);
}

uint64_t loc_of(uint64_t cell)
{
	return zsm_word_loc(zsm_word{cell}).value;
}

TEST(zcache_cell, every_bit_of_location_and_tag_is_kept)
{
	for (uint32_t bit = 0; bit < ZSM_LOC_BITS; bit++) {
		const uint64_t loc = uint64_t{1} << bit;

		EXPECT_EQ(loc_of(cell_of(loc, 0)), loc);
		EXPECT_EQ(loc_of(cell_of(loc ^ loc_mask, tag_mask)),
			  loc ^ loc_mask);
	}
	for (uint32_t bit = 0; bit < ZCACHE_TAG_BITS; bit++) {
		const uint32_t tag = 1u << bit;

		EXPECT_TRUE(has_tag(cell_of(0, tag), tag));
		EXPECT_FALSE(has_tag(cell_of(0, tag), 0));
		EXPECT_FALSE(has_tag(cell_of(loc_mask, tag ^ tag_mask), tag));
	}
}

TEST(zcache_cell, marks_change_nothing_but_themselves)
{
	const uint64_t cell = cell_of(0x1234567890, 0xabcde);
	const uint64_t marks =
		ZCACHE_CELL_REFERENCED | ZCACHE_CELL_OBJECT | ZSM_WORD_LOCK;

	EXPECT_TRUE(has_tag(cell | marks, 0xabcde));
	EXPECT_EQ(loc_of(cell | marks), loc_of(cell));
	EXPECT_EQ(zsm_word_moved(zsm_word{cell | marks}, zsm_loc{7}).bits,
		  cell_of(7, 0xabcde) | marks);
	EXPECT_FALSE(zcache_cell_has_object(zsm_word{cell}));
	EXPECT_TRUE(zcache_cell_has_object(zsm_word{cell | marks}));
}

TEST(zcache_cell, an_unused_cell_has_no_tag)
{
	EXPECT_FALSE(has_tag(0, 0));
	EXPECT_FALSE(has_tag(ZSM_WORD_LOCK, 0));
}

TEST(zcache_cell, a_key_keeps_what_it_is_made_of)
{
	for (const uint64_t block : {uint64_t{0}, uint64_t{1}, last_block}) {
		for (const uint32_t stored : {0u, 1u, ZSM_PAGE_SIZE}) {
			for (const zcache_kind kind :
			     {ZCACHE_COMPRESSED, ZCACHE_WHOLE, ZCACHE_FILL,
			      ZCACHE_FILL_OUTSIDE}) {
				const uint64_t key =
					zcache_key(block, stored, kind);

				EXPECT_EQ(zcache_key_block(key), block);
				EXPECT_EQ(zcache_key_stored(key), stored);
				EXPECT_EQ(zcache_key_kind(key), kind);
			}
		}
	}
}

TEST(zcache_cell, a_fill_value_of_two_equal_halves_needs_no_object)
{
	for (const uint32_t half : {0u, 1u, 0x42424242u, ~0u}) {
		const uint64_t value = uint64_t{half} << 32 | half;

		ASSERT_TRUE(zcache_fill_fits(value));
		EXPECT_EQ(
			zcache_fill_value(zcache_cell(zsm_loc{half}, tag_mask)),
			value);
	}
	EXPECT_FALSE(zcache_fill_fits(1));
	EXPECT_FALSE(zcache_fill_fits(uint64_t{1} << 32));
}

TEST(zcache_bucket, all_ways_with_the_tag_are_found_and_no_others)
{
	zcache_bucket bucket{};

	EXPECT_EQ(zcache_bucket_match(&bucket, 0), 0u);
	for (uint32_t mask = 0; mask < 1u << ZCACHE_WAYS; mask++) {
		for (uint32_t way = 0; way < ZCACHE_WAYS; way++)
			bucket.cells[way] =
				cell_of(way, mask >> way & 1 ? 5 : 6);
		EXPECT_EQ(zcache_bucket_match(&bucket, 5), mask);
	}
}

TEST(zcache_bucket, an_empty_way_comes_first_then_a_cold_one)
{
	zcache_bucket bucket{};

	for (uint32_t way = 0; way < ZCACHE_WAYS; way++) {
		EXPECT_EQ(zcache_bucket_seat(&bucket).way, way);
		bucket.cells[way] = cell_of(way, way);
	}
	/* Full: the first that is not referenced. */
	for (uint32_t way = 0; way < ZCACHE_WAYS; way++) {
		EXPECT_EQ(zcache_bucket_seat(&bucket).way, way);
		EXPECT_FALSE(zcache_bucket_seat(&bucket).age);
		bucket.cells[way] |= ZCACHE_CELL_REFERENCED;
	}
	EXPECT_EQ(zcache_bucket_seat(&bucket).way, 0u);
	EXPECT_TRUE(zcache_bucket_seat(&bucket).age);
	/* Empty beats cold. */
	bucket.cells[2] &= ~ZCACHE_CELL_REFERENCED;
	bucket.cells[5] = 0;
	EXPECT_EQ(zcache_bucket_seat(&bucket).way, 5u);
	/* One that is locked is about to be used. */
	bucket.cells[5] = ZSM_WORD_LOCK;
	EXPECT_EQ(zcache_bucket_seat(&bucket).way, 2u);
}

TEST(zcache_hash, places_are_in_range_and_prints_are_not_zero)
{
	for (uint64_t block = 0; block < 100000; block++) {
		const uint64_t hash = zcache_hash(1, block);

		ASSERT_LT(zcache_spread(hash, 7), 7u);
		ASSERT_EQ(zcache_spread(hash, 1), 0u);
		ASSERT_LE(zcache_tag(hash), tag_mask);
		ASSERT_NE(zcache_print(hash), 0u);
		ASSERT_LT(zcache_print(hash), 1u << ZCACHE_PRINT_BITS);
	}
	EXPECT_EQ(zcache_print(0), 1u);
	EXPECT_EQ(zcache_spread(~uint64_t{0}, ~0u), ~0u - 1);
}

/* Blocks in a row, or by strides, are spread as balls thrown at random are. */
TEST(zcache_hash, blocks_spread_over_buckets_and_tags)
{
	constexpr uint32_t nr = 1u << 14;

	for (const uint64_t stride : {1u, 8u, 64u, 4096u, 1u << 20}) {
		std::vector<uint32_t> load(nr / 4);
		std::set<uint64_t> pairs;
		uint32_t most = 0;

		for (uint32_t i = 0; i < nr; i++) {
			const uint64_t hash = zcache_hash(42, i * stride);
			const uint32_t place = zcache_spread(hash, nr / 4);

			most = std::max(most, ++load[place]);
			pairs.insert(uint64_t{place} << 32 | zcache_tag(hash));
		}
		/* Of 4096 Poisson draws of mean 4, more than 16 is one in 10^3.
		 */
		EXPECT_LE(most, 18u) << stride;
		EXPECT_GE(pairs.size(), nr - 2u) << stride;
	}
}

TEST(zcache_hash, another_seed_gives_other_places)
{
	uint32_t same = 0;

	for (uint64_t block = 0; block < 10000; block++)
		same += zcache_spread(zcache_hash(1, block), 1000) ==
			zcache_spread(zcache_hash(2, block), 1000);
	EXPECT_LT(same, 40u);
}

TEST(zcache_cell, a_block_that_was_read_is_kept_for_a_round)
{
	for (uint32_t round = 0; round < 20; round++) {
		const zsm_word made = zcache_cell(zsm_loc{5}, 9);
		zsm_word cell = zcache_cell_kept(made, round - 1);

		/* One that no read has found goes. */
		EXPECT_FALSE(zcache_cell_stays(&cell, round));
		cell = zcache_cell_kept(made, round - 1);
		cell.bits |= ZCACHE_CELL_REFERENCED;
		/* However often the hand comes by. */
		for (uint32_t times = 0; times < 3; times++) {
			EXPECT_TRUE(zcache_cell_stays(&cell, round));
			EXPECT_FALSE(cell.bits & ZCACHE_CELL_REFERENCED);
			EXPECT_TRUE(zcache_cell_has_tag(cell, 9));
			EXPECT_EQ(zsm_word_loc(cell).value, 5u);
		}
		EXPECT_FALSE(zcache_cell_stays(&cell, round + 1));
	}
}

} /* namespace */
} /* namespace zcache_cell_test */
