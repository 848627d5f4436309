// SPDX-License-Identifier: GPL-2.0 OR MIT
/* Locations as numbers, and where the bytes of an object are. */
#include "core/tests/zsm/model.hh"

namespace {

using model::nr_classes;
using model::row;

constexpr uint32_t max_id = (1u << ZSM_ID_BITS) - 1;

TEST(location, id_and_object_come_back)
{
	for (uint32_t bit = 0; bit <= ZSM_ID_BITS; bit++) {
		for (uint32_t id : {1u << bit & max_id, (1u << bit) - 1}) {
			for (uint32_t obj = 0; obj < ZSM_MAX_OBJS; obj++) {
				const zsm_loc loc = zsm_loc_pack(id, obj);

				ASSERT_EQ(zsm_loc_id(loc), id);
				ASSERT_EQ(zsm_loc_obj(loc), obj);
				ASSERT_EQ(loc.value >> ZSM_LOC_BITS, 0u);
			}
		}
	}
}

TEST(location, every_object_of_every_class_has_a_number)
{
	for (uint32_t c = 0; c < nr_classes(); c++)
		EXPECT_LE(row(c).nr_objs, 1u << ZSM_OBJ_BITS) << row(c).size;
}

/* A full zspage whose pages have numbers that tell which they are. */
model::descriptor make_full(uint32_t class_idx)
{
	model::descriptor z = model::make_descriptor(class_idx, 0);

	for (uint32_t page = 0; page < row(class_idx).nr_pages; page++)
		model::set_pfn(*z, page, ZSM_MAX_PFN - page);
	return z;
}

struct place {
	uint32_t page;
	uint32_t offset;

	void advance(uint32_t bytes)
	{
		for (offset += bytes; offset >= ZSM_PAGE_SIZE; page++)
			offset -= ZSM_PAGE_SIZE;
	}
};

bool matches(const struct zsm_extent &ext, place first, place last)
{
	return ext.offset == first.offset &&
	       ext.pfn[0] == ZSM_MAX_PFN - first.page &&
	       ext.pfn[1] ==
		       (last.page == first.page ? 0 : ZSM_MAX_PFN - last.page);
}

/* Every length, or, of large pages, some and all near the ends of pages. */
bool worth_a_look(uint32_t len, uint32_t size, place last)
{
	constexpr uint32_t near = 3;
	constexpr uint32_t stride = 61;

	return ZSM_PAGE_SHIFT == 12 || len % stride == 0 || len <= near ||
	       len + near >= size || last.offset <= near ||
	       last.offset + near >= ZSM_PAGE_SIZE;
}

/* @first is where the object starts; walks over its bytes. */
void check_extents(const zsm_zspage &z, uint32_t obj, place first)
{
	const uint32_t size = row(z.class_idx).size;
	place last = first;

	for (uint32_t len = 1; len <= size; len++, last.advance(1)) {
		if (worth_a_look(len, size, last) &&
		    !matches(zsm_extent(&z, obj, len), first, last)) {
			FAIL() << "object " << obj << ", length " << len;
		}
	}
}

TEST(location, an_extent_is_where_the_bytes_are)
{
	for (uint32_t c = 0; c < nr_classes(); c++) {
		const model::descriptor z = make_full(c);
		place first{0, 0};

		SCOPED_TRACE(testing::Message() << "size " << row(c).size);
		for (uint32_t obj = 0; obj < row(c).nr_objs; obj++) {
			ASSERT_NO_FATAL_FAILURE(check_extents(*z, obj, first));
			first.advance(row(c).size);
		}
	}
}

} /* namespace */
