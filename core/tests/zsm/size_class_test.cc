// SPDX-License-Identifier: GPL-2.0 OR MIT
/* The class table, for every size and every class. */
#include "core/tests/zsm/model.hh"
#include "core/zsm/class_table.hh"

#include <cstdio>

namespace {

using model::nr_classes;
using model::row;

/* What a zspage costs in the kernel: pages, descriptor, entry in the table. */
uint64_t zspage_cost(uint32_t pages, uint32_t objs)
{
	return uint64_t{pages} * ZSM_PAGE_SIZE + sizeof(void *) +
	       zsm_zspage_bytes(pages, objs);
}

/*
 * The chain whose object costs least, all told, and the shorter of equals.
 * Not what the core computes: that leaves the object's own bytes out.
 */
zsm::chain cheapest_chain(uint32_t size)
{
	zsm::chain best{};

	for (uint32_t pages = ZSM_MAX_CHAIN; pages > 0; pages--) {
		const uint32_t objs = pages * ZSM_PAGE_SIZE / size;

		if (objs > ZSM_MAX_OBJS)
			continue;
		if (!best.objs ||
		    zspage_cost(pages, objs) * best.objs <=
			    zspage_cost(best.pages, best.objs) * objs)
			best = {pages, objs};
	}
	return best;
}

zsm::chain chain_of(const zsm_class_row &row)
{
	return {row.nr_pages, row.nr_objs};
}

uint32_t smallest_class(uint32_t size)
{
	uint32_t c = 0;

	while (row(c).size < size)
		c++;
	return c;
}

TEST(size_class, each_size_is_in_the_smallest_class_that_holds_it)
{
	for (uint32_t size = 1; size <= ZSM_PAGE_SIZE; size++)
		ASSERT_EQ(zsm_class_of(size), smallest_class(size)) << size;
}

TEST(size_class, sizes_rise_by_whole_granules_up_to_a_page)
{
	uint32_t last = 0;

	for (uint32_t c = 0; c < nr_classes(); c++) {
		EXPECT_EQ(row(c).size % ZSM_GRANULE, 0u) << c;
		EXPECT_GT(row(c).size, last) << c;
		last = row(c).size;
	}
	EXPECT_GE(row(0).size, ZSM_MIN_SIZE);
	EXPECT_EQ(last, ZSM_PAGE_SIZE);
}

TEST(size_class, a_class_fits_a_byte)
{
	EXPECT_LE(nr_classes(), 256u);
	for (uint32_t c = nr_classes(); c < ZSM_PAGE_GRANULES; c++)
		EXPECT_EQ(row(c).size, 0u) << c;
}

TEST(size_class, objects_fill_their_chain)
{
	for (uint32_t c = 0; c < nr_classes(); c++) {
		const zsm_class_row &r = row(c);
		const uint32_t bytes = r.nr_pages * ZSM_PAGE_SIZE;

		SCOPED_TRACE(testing::Message() << "class of size " << r.size);
		EXPECT_LE(r.nr_objs * r.size, bytes);
		EXPECT_LT(bytes - r.nr_objs * r.size, r.size);
		EXPECT_GE(r.nr_objs, 1u);
		EXPECT_LE(r.nr_objs, ZSM_MAX_OBJS);
		EXPECT_GE(r.nr_pages, 1u);
		EXPECT_LE(r.nr_pages, ZSM_MAX_CHAIN);
	}
}

/* A bit, a page number and an owner each, and no more than a step of air. */
TEST(size_class, a_descriptor_holds_its_tail)
{
	for (uint32_t c = 0; c < nr_classes(); c++) {
		const zsm_class_row &r = row(c);
		const size_t tail = 4u * (r.nr_words + r.nr_pages + r.nr_objs);
		const size_t needed = offsetof(zsm_zspage, tail) + tail;
		const size_t bytes = model::descriptor_bytes(c);

		SCOPED_TRACE(testing::Message() << "class of size " << r.size);
		EXPECT_GE(r.nr_words * ZSM_OBJS_PER_WORD, r.nr_objs);
		EXPECT_LT(r.nr_words * ZSM_OBJS_PER_WORD,
			  r.nr_objs + ZSM_OBJS_PER_WORD);
		EXPECT_GE(bytes, needed);
		EXPECT_LT(bytes, needed + ZSM_ZSPAGE_STEP);
		EXPECT_EQ(bytes % ZSM_ZSPAGE_STEP, 0u);
		EXPECT_LE(bytes, ZSM_MAX_ZSPAGE_BYTES);
	}
}

TEST(size_class, the_reciprocal_divides_every_offset_exactly)
{
	for (uint32_t c = 0; c < nr_classes(); c++) {
		const zsm_class_row &r = row(c);
		const uint32_t granules = r.size / ZSM_GRANULE;

		for (uint32_t g = 0; g < r.nr_pages * ZSM_PAGE_GRANULES; g++)
			ASSERT_EQ(uint64_t{g} * r.inv >> 24, g / granules)
				<< "size " << r.size << ", granule " << g;
	}
}

TEST(size_class, fullness_rises_and_stays_below_the_last_list)
{
	for (uint32_t c = 0; c < nr_classes(); c++) {
		const zsm_class_row &r = row(c);
		uint32_t last = 0;

		for (uint32_t used = 0; used < r.nr_objs; used++) {
			const uint32_t fullness = used * r.full_mul >> 16;
			const uint32_t exact =
				used * ZSM_READY_LEVELS / r.nr_objs;

			ASSERT_GE(fullness, last) << r.size;
			ASSERT_LT(fullness, ZSM_READY_LEVELS) << r.size;
			ASSERT_LE(fullness, exact) << r.size;
			ASSERT_LE(exact - fullness, 1u) << r.size;
			last = fullness;
		}
	}
}

TEST(size_class, each_chain_is_the_cheapest_for_each_of_its_sizes)
{
	for (uint32_t size = ZSM_MIN_SIZE; size <= ZSM_PAGE_SIZE;
	     size += ZSM_GRANULE)
		ASSERT_EQ(chain_of(row(zsm_class_of(size))),
			  cheapest_chain(size))
			<< size;
}

TEST(size_class, neighbours_that_could_share_a_class_do)
{
	for (uint32_t c = 1; c < nr_classes(); c++)
		EXPECT_NE(chain_of(row(c)), chain_of(row(c - 1)))
			<< row(c).size;
}

double descriptor_bytes_per_obj(uint32_t c)
{
	return static_cast<double>(model::descriptor_bytes(c)) / row(c).nr_objs;
}

/* In-tree spends 16 bytes on an object, in a header and a handle. */
TEST(size_class, a_descriptor_is_small)
{
	for (uint32_t size = ZSM_PAGE_SIZE / 8; size <= ZSM_PAGE_SIZE / 2;
	     size += ZSM_GRANULE)
		EXPECT_LE(descriptor_bytes_per_obj(zsm_class_of(size)), 8.5)
			<< size;
	for (uint32_t c = 0; c < nr_classes(); c++)
		EXPECT_LT(descriptor_bytes_per_obj(c), 16) << row(c).size;
}

/* Bytes by which a class is larger than what it serves, on average. */
double rounding_of(uint32_t c)
{
	const uint32_t below = c ? row(c - 1).size : 0;

	return (row(c).size - below - 1) / 2.0;
}

void print_class(uint32_t c)
{
	const zsm_class_row &r = row(c);
	const double tail = static_cast<double>(r.nr_pages * ZSM_PAGE_SIZE -
						r.nr_objs * r.size) /
			    r.nr_objs;
	const double waste =
		rounding_of(c) + tail + descriptor_bytes_per_obj(c);

	std::printf("%6u %5u %5u %9.1f %6.2f %11.2f %6.1f%%\n", r.size,
		    r.nr_pages, r.nr_objs, rounding_of(c), tail,
		    descriptor_bytes_per_obj(c), 100 * waste / r.size);
}

/* For people: what a class wastes, in bytes an object. */
TEST(size_class, waste_for_people_to_see)
{
	std::printf("%u classes for %u KiB pages; waste in bytes an object:\n"
		    "%6s %5s %5s %9s %6s %11s %7s\n",
		    nr_classes(), ZSM_PAGE_SIZE / 1024, "size", "pages", "objs",
		    "rounding", "tail", "descriptor", "all");
	for (uint32_t sixteenths : {1, 2, 4, 6, 8, 10, 12, 14, 16})
		print_class(zsm_class_of(sixteenths * ZSM_PAGE_SIZE / 16));
}

} /* namespace */
