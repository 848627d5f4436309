// SPDX-License-Identifier: GPL-2.0
/* Size classes: their edges, and what a zspage of each holds. */
#include <linux/mm.h>
#include <linux/slab.h>

#include "kunit/zsm/zsmalloc_kunit.h"

static u32 index_of(const struct zsm_class_row *row)
{
	return row - zsm_classes.rows;
}

/* Both ends of a class are served by it, and the sizes beside them are not. */
static void class_edges_test(struct kunit *test)
{
	const struct zsm_class_row *row = test->param_value;
	u32 idx = index_of(row);
	u32 size = row->size;
	u32 first = class_min(row);

	KUNIT_EXPECT_EQ(test, zsm_class_of(first), idx);
	KUNIT_EXPECT_EQ(test, zsm_class_of(size), idx);
	if (first > 1)
		KUNIT_EXPECT_EQ(test, zsm_class_of(first - 1), idx - 1);
	if (size < PAGE_SIZE)
		KUNIT_EXPECT_EQ(test, zsm_class_of(size + 1), idx + 1);
}

/* An object of either end takes all its bytes, beside its neighbours. */
static void class_sizes_test(struct kunit *test)
{
	const struct zsm_class_row *row = test->param_value;
	u32 sizes[] = { class_min(row), row->size, class_min(row), row->size };
	struct zsm_loc locs[ARRAY_SIZE(sizes)];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		locs[i] = object_alloc(test, sizes[i], i);
		KUNIT_EXPECT_LT(test, locs[i].value, 1ull << ZSM_LOC_BITS);
		object_fill(pool_of(test), locs[i], row->size, i);
	}
	KUNIT_EXPECT_EQ(test, stats_of(test).object_bytes,
			ARRAY_SIZE(sizes) * row->size);
	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		KUNIT_EXPECT_TRUE(test, object_holds(pool_of(test), locs[i],
						     row->size, i));
	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		zsm_free(pool_of(test), locs[i]);
}

/* Objects fill one zspage to its last, page by page, before the next begins. */
static void class_fills_zspage_test(struct kunit *test)
{
	const struct zsm_class_row *row = test->param_value;
	struct zsm_loc *locs;
	unsigned int i;

	locs = kunit_kcalloc(test, row->nr_objs + 1, sizeof(*locs), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, locs);
	for (i = 0; i < row->nr_objs; i++) {
		struct zsm_stats stats;

		locs[i] = object_alloc(test, row->size, i);
		object_fill(pool_of(test), locs[i], row->size, i);
		/* Each of the first, and some of the others. */
		if (i >= 8 && i % 16 && i != row->nr_objs - 1)
			continue;
		stats = stats_of(test);
		KUNIT_EXPECT_EQ(test, stats.zspages, 1);
		KUNIT_EXPECT_EQ(test, stats.pages,
				DIV_ROUND_UP((i + 1) * row->size, PAGE_SIZE));
	}
	locs[i] = object_alloc(test, row->size, i);
	KUNIT_EXPECT_EQ(test, stats_of(test).zspages, 2);
	zsm_free(pool_of(test), locs[i]);
	for (i = 0; i < row->nr_objs; i++)
		KUNIT_EXPECT_TRUE_MSG(test, object_holds(pool_of(test), locs[i],
							 row->size, i),
				      "object %u", i);
	for (i = 0; i < row->nr_objs; i++)
		zsm_free(pool_of(test), locs[i]);
}

/* Every other object is freed, and only those bytes are used again. */
static void class_reuse_test(struct kunit *test)
{
	const struct zsm_class_row *row = test->param_value;
	u64 pages;
	struct zsm_loc *locs;
	unsigned int i;

	locs = kunit_kcalloc(test, row->nr_objs, sizeof(*locs), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, locs);
	for (i = 0; i < row->nr_objs; i++) {
		locs[i] = object_alloc(test, row->size, i);
		object_fill(pool_of(test), locs[i], row->size, i);
	}
	pages = stats_of(test).pages;
	for (i = 0; i < row->nr_objs; i += 2)
		zsm_free(pool_of(test), locs[i]);
	for (i = 0; i < row->nr_objs; i += 2) {
		locs[i] = object_alloc(test, row->size, i);
		object_fill(pool_of(test), locs[i], row->size, 1000 + i);
	}
	KUNIT_EXPECT_EQ(test, stats_of(test).pages, pages);
	for (i = 0; i < row->nr_objs; i++)
		KUNIT_EXPECT_TRUE_MSG(test, object_holds(pool_of(test), locs[i],
							 row->size,
							 i % 2 ? i : 1000 + i),
				      "object %u", i);
	for (i = row->nr_objs; i--;)
		zsm_free(pool_of(test), locs[i]);
}

/* From the size that zsm_huge_size() tells on, an object costs a page. */
static void class_huge_size_test(struct kunit *test)
{
	size_t huge = zsm_huge_size();

	KUNIT_EXPECT_EQ(test, zsm_class_of(huge), zsm_class_of(PAGE_SIZE));
	KUNIT_EXPECT_NE(test, zsm_class_of(huge - 1), zsm_class_of(PAGE_SIZE));
	KUNIT_EXPECT_EQ(test, zsm_classes.rows[zsm_class_of(huge)].size,
			PAGE_SIZE);
}

static void class_bad_size_test(struct kunit *test)
{
	static const size_t sizes[] = { 0, PAGE_SIZE + 1, SIZE_MAX };
	struct zsm_loc loc = { 42 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		KUNIT_EXPECT_EQ(test, zsm_alloc(pool_of(test), sizes[i],
						GFP_KERNEL, 0, &loc), -EINVAL);
	KUNIT_EXPECT_EQ(test, loc.value, 42);
}

static struct kunit_case class_cases[] = {
	KUNIT_CASE_PARAM(class_edges_test, each_class),
	KUNIT_CASE_PARAM(class_sizes_test, each_class),
	KUNIT_CASE_PARAM(class_fills_zspage_test, each_class),
	KUNIT_CASE_PARAM(class_reuse_test, each_class),
	KUNIT_CASE(class_huge_size_test),
	KUNIT_CASE(class_bad_size_test),
	{}
};

static struct kunit_suite class_suite = {
	.name = "zsmalloc_class",
	.init = pool_init,
	.exit = pool_exit,
	.test_cases = class_cases,
};

kunit_test_suite(class_suite);
