// SPDX-License-Identifier: GPL-2.0
/* Reading, writing and mapping objects, wherever pages cut them. */
#include <linux/mm.h>
#include <linux/preempt.h>
#include <linux/slab.h>

#include "kunit/zsm/zsmalloc_kunit.h"

struct full_zspage {
	const struct zsm_class_row *row;
	struct zsm_loc *locs;
};

/* Fills one zspage of the case's class: an object for each place there is. */
static struct full_zspage fill_zspage(struct kunit *test)
{
	struct full_zspage z = { .row = test->param_value };
	unsigned int i;

	z.locs = kunit_kcalloc(test, z.row->nr_objs, sizeof(*z.locs),
			       GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, z.locs);
	for (i = 0; i < z.row->nr_objs; i++) {
		z.locs[i] = object_alloc(test, z.row->size, i);
		object_fill(pool_of(test), z.locs[i], z.row->size, i);
	}
	return z;
}

static void free_zspage(struct kunit *test, const struct full_zspage *z)
{
	unsigned int i;

	for (i = 0; i < z->row->nr_objs; i++)
		zsm_free(pool_of(test), z->locs[i]);
}

static void *scratch(struct kunit *test)
{
	void *buf = kunit_kmalloc(test, PAGE_SIZE, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, buf);
	return buf;
}

/* Mapped for reading, an object is what was written, and stays so. */
static void access_map_read_test(struct kunit *test)
{
	struct full_zspage z = fill_zspage(test);
	void *want = scratch(test);
	unsigned int i;

	for (i = 0; i < z.row->nr_objs; i++) {
		struct zsm_mapping map;
		bool same, aligned;
		void *addr;

		pattern(want, z.row->size, i);
		addr = zsm_map(pool_of(test), z.locs[i], z.row->size,
			       ZSM_MAP_READ, &map);
		same = !memcmp(addr, want, z.row->size);
		aligned = IS_ALIGNED((unsigned long)addr, 16);
		zsm_unmap(&map);
		KUNIT_EXPECT_TRUE_MSG(test, same, "object %u", i);
		KUNIT_EXPECT_TRUE_MSG(test, aligned, "object %u", i);
		KUNIT_EXPECT_PTR_EQ(test, addr, map.addr);
	}
	free_zspage(test, &z);
}

/* What is stored in a mapping is in the object afterwards, and nowhere else. */
static void access_map_write_test(struct kunit *test)
{
	struct full_zspage z = fill_zspage(test);
	unsigned int i;

	for (i = 0; i < z.row->nr_objs; i += 2) {
		struct zsm_mapping map;

		zsm_map(pool_of(test), z.locs[i], z.row->size, ZSM_MAP_WRITE,
			&map);
		pattern(map.addr, z.row->size, 1000 + i);
		zsm_unmap(&map);
	}
	for (i = 0; i < z.row->nr_objs; i++)
		KUNIT_EXPECT_TRUE_MSG(test, object_holds(pool_of(test),
							 z.locs[i], z.row->size,
							 i % 2 ? i : 1000 + i),
				      "object %u", i);
	free_zspage(test, &z);
}

/* Mapped for both, a byte that is not stored keeps its value. */
static void access_map_read_write_test(struct kunit *test)
{
	struct full_zspage z = fill_zspage(test);
	u8 *want = scratch(test);
	u8 *got = scratch(test);
	unsigned int i;

	for (i = 0; i < z.row->nr_objs; i++) {
		u32 at = (i * 37) % z.row->size;
		struct zsm_mapping map;
		u8 *addr;

		addr = zsm_map(pool_of(test), z.locs[i], z.row->size,
			       ZSM_MAP_READ_WRITE, &map);
		addr[at] ^= 0xff;
		zsm_unmap(&map);

		pattern(want, z.row->size, i);
		want[at] ^= 0xff;
		zsm_read(pool_of(test), z.locs[i], got, z.row->size);
		KUNIT_EXPECT_MEMEQ(test, got, want, z.row->size);
	}
	free_zspage(test, &z);
}

/* The lengths beside which an object is cut in two, and its ends. */
static u32 lengths_of(const struct zsm_class_row *row, unsigned int obj,
		      u32 *lens)
{
	u32 room = PAGE_SIZE - obj * row->size % PAGE_SIZE;
	const u32 candidates[] = { 1, room - 1, room, room + 1, row->size };
	unsigned int i;
	u32 n = 0;

	for (i = 0; i < ARRAY_SIZE(candidates); i++) {
		if (candidates[i] && candidates[i] <= row->size)
			lens[n++] = candidates[i];
	}
	return n;
}

/* The first bytes can be had alone, up to and across a page's end. */
static void access_part_read_test(struct kunit *test)
{
	struct full_zspage z = fill_zspage(test);
	u8 *got = scratch(test);
	u8 *want = scratch(test);
	unsigned int i, k, n;
	u32 lens[5];

	for (i = 0; i < z.row->nr_objs; i++) {
		pattern(want, z.row->size, i);
		n = lengths_of(z.row, i, lens);
		for (k = 0; k < n; k++) {
			struct zsm_mapping map;
			bool same;

			memset(got, 0xa5, PAGE_SIZE);
			zsm_read(pool_of(test), z.locs[i], got, lens[k]);
			KUNIT_EXPECT_MEMEQ(test, got, want, lens[k]);
			if (lens[k] < PAGE_SIZE)
				KUNIT_EXPECT_EQ(test, got[lens[k]], 0xa5);

			zsm_map(pool_of(test), z.locs[i], lens[k], ZSM_MAP_READ,
				&map);
			same = !memcmp(map.addr, want, lens[k]);
			zsm_unmap(&map);
			KUNIT_EXPECT_TRUE_MSG(test, same,
					      "object %u, %u bytes", i,
					      lens[k]);
		}
	}
	free_zspage(test, &z);
}

/* The first bytes can be written alone; those that follow stay. */
static void access_part_write_test(struct kunit *test)
{
	struct full_zspage z = fill_zspage(test);
	u8 *want = scratch(test);
	u8 *got = scratch(test);
	unsigned int i, k, n;
	u32 lens[5];

	for (i = 0; i < z.row->nr_objs; i++) {
		pattern(want, z.row->size, i);
		n = lengths_of(z.row, i, lens);
		for (k = 0; k < n; k++) {
			struct zsm_mapping map;

			pattern(want, lens[k], 2000 + k);
			if (k % 2) {
				zsm_write(pool_of(test), z.locs[i], want,
					  lens[k]);
			} else {
				zsm_map(pool_of(test), z.locs[i], lens[k],
					ZSM_MAP_WRITE, &map);
				memcpy(map.addr, want, lens[k]);
				zsm_unmap(&map);
			}
			zsm_read(pool_of(test), z.locs[i], got, z.row->size);
			KUNIT_EXPECT_MEMEQ(test, got, want, z.row->size);
		}
	}
	free_zspage(test, &z);
}

/* Between map and unmap nothing may sleep, for each mode, cut in two or not. */
static void access_map_is_atomic_test(struct kunit *test)
{
	static const enum zsm_map_mode modes[] = {
		ZSM_MAP_READ, ZSM_MAP_WRITE, ZSM_MAP_READ_WRITE,
	};
	/* Of 2,720 bytes, the second of a zspage crosses into the next page. */
	struct zsm_loc locs[] = { object_alloc(test, 2720, 0),
			     object_alloc(test, 2720, 0) };
	unsigned int i, k;

	for (i = 0; i < ARRAY_SIZE(locs); i++) {
		for (k = 0; k < ARRAY_SIZE(modes); k++) {
			int before = preempt_count(), during;
			struct zsm_mapping map;

			zsm_map(pool_of(test), locs[i], 2720, modes[k], &map);
			during = preempt_count();
			zsm_unmap(&map);
			KUNIT_EXPECT_EQ(test, map.gathered, i);
			KUNIT_EXPECT_EQ(test, during, before + 1);
			KUNIT_EXPECT_EQ(test, preempt_count(), before);
		}
		zsm_free(pool_of(test), locs[i]);
	}
}

static struct kunit_case access_cases[] = {
	KUNIT_CASE_PARAM(access_map_read_test, each_class),
	KUNIT_CASE_PARAM(access_map_write_test, some_classes),
	KUNIT_CASE_PARAM(access_map_read_write_test, some_classes),
	KUNIT_CASE_PARAM(access_part_read_test, some_classes),
	KUNIT_CASE_PARAM(access_part_write_test, some_classes),
	KUNIT_CASE(access_map_is_atomic_test),
	{}
};

static struct kunit_suite access_suite = {
	.name = "zsmalloc_access",
	.init = pool_init,
	.exit = pool_exit,
	.test_cases = access_cases,
};

kunit_test_suite(access_suite);
