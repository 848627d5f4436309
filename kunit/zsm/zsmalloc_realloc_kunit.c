// SPDX-License-Identifier: GPL-2.0
/* Changing the size of objects. */
#include <linux/mm.h>

#include "kunit/zsm/zsmalloc_kunit.h"

/* Within a class an object stays where it is, memory at hand or not. */
static void realloc_same_class_test(struct kunit *test)
{
	const struct zsm_class_row *row = test->param_value;
	struct zsm_loc loc = object_alloc(test, row->size, 7);
	struct zsm_loc before = loc;

	object_fill(pool_of(test), loc, row->size, 1);
	KUNIT_EXPECT_EQ(test, zsm_realloc(pool_of(test), &loc, class_min(row),
					  0), 0);
	KUNIT_EXPECT_EQ(test, loc.value, before.value);
	KUNIT_EXPECT_EQ(test, zsm_realloc(pool_of(test), &loc, row->size,
					  GFP_KERNEL), 0);
	KUNIT_EXPECT_EQ(test, loc.value, before.value);
	KUNIT_EXPECT_TRUE(test, object_holds(pool_of(test), loc, row->size, 1));
	zsm_free(pool_of(test), loc);
}

/* One byte across either edge, an object moves and keeps what fits. */
static void realloc_across_edge_test(struct kunit *test)
{
	const struct zsm_class_row *row = test->param_value;
	struct zsm_loc loc = object_alloc(test, row->size, 7);
	struct zsm_stats stats;

	object_fill(pool_of(test), loc, row->size, 1);
	if (row->size < PAGE_SIZE) {
		KUNIT_EXPECT_EQ(test, zsm_realloc(pool_of(test), &loc,
						  row->size + 1, GFP_KERNEL),
				0);
		KUNIT_EXPECT_TRUE(test, object_holds(pool_of(test), loc,
						     row->size, 1));
		stats = stats_of(test);
		KUNIT_EXPECT_EQ(test, stats.objects, 1);
		KUNIT_EXPECT_EQ(test, stats.object_bytes, row[1].size);
		KUNIT_EXPECT_EQ(test, zsm_realloc(pool_of(test), &loc,
						  row->size, GFP_KERNEL), 0);
		KUNIT_EXPECT_TRUE(test, object_holds(pool_of(test), loc,
						     row->size, 1));
	}
	if (class_min(row) > 1) {
		KUNIT_EXPECT_EQ(test, zsm_realloc(pool_of(test), &loc,
						  class_min(row) - 1,
						  GFP_KERNEL), 0);
		KUNIT_EXPECT_TRUE(test, object_holds(pool_of(test), loc,
						     class_min(row) - 1, 1));
		KUNIT_EXPECT_EQ(test, stats_of(test).object_bytes,
				row[-1].size);
	}
	zsm_free(pool_of(test), loc);
}

/* With no flags at all there is no other class to be had. */
static void realloc_in_place_only_test(struct kunit *test)
{
	struct zsm_loc loc = object_alloc(test, 1000, 7);
	struct zsm_loc before = loc;

	object_fill(pool_of(test), loc, 1000, 1);
	KUNIT_EXPECT_EQ(test, zsm_realloc(pool_of(test), &loc, 2000, 0),
			-EAGAIN);
	KUNIT_EXPECT_EQ(test, zsm_realloc(pool_of(test), &loc, 10, 0), -EAGAIN);
	KUNIT_EXPECT_EQ(test, loc.value, before.value);
	KUNIT_EXPECT_TRUE(test, object_holds(pool_of(test), loc, 1000, 1));
	zsm_free(pool_of(test), loc);
}

static void realloc_bad_size_test(struct kunit *test)
{
	struct zsm_loc loc = object_alloc(test, 1000, 7);
	struct zsm_loc before = loc;

	object_fill(pool_of(test), loc, 1000, 1);
	KUNIT_EXPECT_EQ(test, zsm_realloc(pool_of(test), &loc, 0, GFP_KERNEL),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, zsm_realloc(pool_of(test), &loc, PAGE_SIZE + 1,
					  GFP_KERNEL), -EINVAL);
	KUNIT_EXPECT_EQ(test, loc.value, before.value);
	KUNIT_EXPECT_TRUE(test, object_holds(pool_of(test), loc, 1000, 1));
	zsm_free(pool_of(test), loc);
}

/* Objects that pages cut differently: from and to each place in a zspage. */
static void realloc_cut_objects_test(struct kunit *test)
{
	struct zsm_loc locs[24];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(locs); i++) {
		locs[i] = object_alloc(test, 2720, i);
		object_fill(pool_of(test), locs[i], 2720, i);
	}
	for (i = 0; i < ARRAY_SIZE(locs); i++)
		KUNIT_EXPECT_EQ(test, zsm_realloc(pool_of(test), &locs[i], 3300,
						  GFP_KERNEL), 0);
	for (i = 0; i < ARRAY_SIZE(locs); i++)
		KUNIT_EXPECT_TRUE_MSG(test, object_holds(pool_of(test), locs[i],
							 2720, i),
				      "object %u", i);
	for (i = 0; i < ARRAY_SIZE(locs); i++)
		KUNIT_EXPECT_EQ(test, zsm_realloc(pool_of(test), &locs[i], 1700,
						  GFP_KERNEL), 0);
	for (i = 0; i < ARRAY_SIZE(locs); i++)
		KUNIT_EXPECT_TRUE_MSG(test, object_holds(pool_of(test), locs[i],
							 1700, i),
				      "object %u", i);
	for (i = 0; i < ARRAY_SIZE(locs); i++)
		zsm_free(pool_of(test), locs[i]);
}

static struct kunit_case realloc_cases[] = {
	KUNIT_CASE_PARAM(realloc_same_class_test, each_class),
	KUNIT_CASE_PARAM(realloc_across_edge_test, each_class),
	KUNIT_CASE(realloc_in_place_only_test),
	KUNIT_CASE(realloc_bad_size_test),
	KUNIT_CASE(realloc_cut_objects_test),
	{}
};

static struct kunit_suite realloc_suite = {
	.name = "zsmalloc_realloc",
	.init = pool_init,
	.exit = pool_exit,
	.test_cases = realloc_cases,
};

kunit_test_suite(realloc_suite);
