// SPDX-License-Identifier: GPL-2.0
/* Size classes whose last pages are merged into those of larger ones. */
#include <linux/mm.h>

#include "core/zsm/compaction.h"
#include "kunit/zsm/zsmalloc_kunit.h"

/* The row of the class that serves a size. */
static const struct zsm_class_row *row_of(u32 size)
{
	return &zsm_classes.rows[zsm_size_class(size)];
}

/* Compacts; every object stays, and only pages and sizes of classes change. */
static unsigned long compact(struct kunit *test, struct owner *owner)
{
	struct zsm_stats before = stats_of(test);
	unsigned long pages = zsm_compact(pool_of(test));
	struct zsm_stats after = stats_of(test);

	KUNIT_EXPECT_EQ(test, after.pages, before.pages - pages);
	KUNIT_EXPECT_EQ(test, after.pages_compacted,
			before.pages_compacted + pages);
	KUNIT_EXPECT_EQ(test, after.objects, before.objects);
	KUNIT_EXPECT_EQ(test, after.allocated_bytes,
			after.metadata_bytes + after.pages * PAGE_SIZE);
	owner_check(test, owner);
	return pages;
}

/* An object of each class and one of the next share a page, if both fit. */
static void merge_neighbours_test(struct kunit *test)
{
	const struct zsm_class_row *row = test->param_value;
	struct owner *owner;
	bool fits;

	if (row == &zsm_classes.rows[zsm_classes.nr_classes - 1])
		return;
	owner = owner_create(test);
	fits = row[1].size <= PAGE_SIZE / 2;
	owner_alloc(test, owner, 0, row[0].size);
	owner_alloc(test, owner, 1, row[1].size);
	KUNIT_EXPECT_EQ(test, compact(test, owner), fits);
	KUNIT_EXPECT_EQ(test, owner->moved, fits);
	KUNIT_EXPECT_EQ(test, stats_of(test).object_bytes,
			row[fits].size + row[1].size);
	KUNIT_EXPECT_EQ(test, compact(test, owner), 0);
	owner_end(test, owner);
}

/* Nothing goes further up than is allowed. */
static void merge_reach_test(struct kunit *test)
{
	const struct zsm_class_row *row = row_of(512);
	struct owner *owner = owner_create(test);

	owner_alloc(test, owner, 0, row[0].size);
	owner_alloc(test, owner, 1, row[ZSM_MERGE_REACH + 1].size);
	KUNIT_EXPECT_EQ(test, compact(test, owner), 0);
	KUNIT_EXPECT_EQ(test, owner->asked, 0);
	owner_free(test, owner, 1);
	owner_alloc(test, owner, 1, row[ZSM_MERGE_REACH].size);
	KUNIT_EXPECT_EQ(test, compact(test, owner), 1);
	owner_end(test, owner);
}

/* Nor if the objects would lose too much of what is gained. */
static void merge_loss_test(struct kunit *test)
{
	const struct zsm_class_row *row = row_of(512);
	u32 loss = row[ZSM_MERGE_REACH].size - row[0].size;
	u32 most = PAGE_SIZE / ZSM_MERGE_SHARE / loss;
	struct owner *owner = owner_create(test);
	unsigned int i;

	/* There is room for one too many. */
	KUNIT_ASSERT_LE(test, (most + 2) * row[ZSM_MERGE_REACH].size, PAGE_SIZE);
	owner_alloc(test, owner, 100, row[ZSM_MERGE_REACH].size);
	for (i = 0; i <= most; i++)
		owner_alloc(test, owner, i, row[0].size);
	KUNIT_EXPECT_EQ(test, compact(test, owner), 0);
	KUNIT_EXPECT_EQ(test, owner->asked, 0);
	owner_free(test, owner, most);
	KUNIT_EXPECT_EQ(test, compact(test, owner), 1);
	KUNIT_EXPECT_EQ(test, owner->moved, most);
	owner_end(test, owner);
}

/* Half a merge does no harm, and is finished some other time. */
static void merge_refused_test(struct kunit *test)
{
	const struct zsm_class_row *row = row_of(512);
	unsigned int n, i;

	for (n = 1; n <= 4; n++) {
		struct owner *owner = owner_create(test);

		owner_alloc(test, owner, 100, row[1].size);
		for (i = 0; i < 4; i++)
			owner_alloc(test, owner, i, row[0].size);
		owner->refuse_nth = n;
		KUNIT_EXPECT_EQ(test, compact(test, owner), 0);
		KUNIT_EXPECT_EQ(test, owner->moved, n - 1);
		KUNIT_EXPECT_EQ(test, compact(test, owner), 1);
		KUNIT_EXPECT_EQ(test, owner->moved, 4);
		owner_end(test, owner);
		pool_exit(test);
	}
}

/* What was merged changes its size, and comes back to a class of its own. */
static void merge_then_realloc_test(struct kunit *test)
{
	const struct zsm_class_row *row = row_of(1000);
	struct owner *owner = owner_create(test);

	owner_alloc(test, owner, 0, row[0].size);
	owner_alloc(test, owner, 1, row[1].size);
	KUNIT_ASSERT_EQ(test, compact(test, owner), 1);
	/* In place or not at all: it is of another class now. */
	KUNIT_EXPECT_EQ(test, zsm_realloc(pool_of(test), &owner->locs[0],
					  row[0].size, 0), -EAGAIN);
	KUNIT_EXPECT_EQ(test, zsm_realloc(pool_of(test), &owner->locs[0],
					  row[1].size, 0), 0);
	KUNIT_EXPECT_EQ(test, zsm_realloc(pool_of(test), &owner->locs[0],
					  row[0].size, GFP_KERNEL), 0);
	owner_check(test, owner);
	KUNIT_EXPECT_EQ(test, stats_of(test).pages, 2);
	KUNIT_EXPECT_EQ(test, stats_of(test).object_bytes,
			row[0].size + row[1].size);
	owner_end(test, owner);
}

/* The last pages of many classes at once: fewer are left, and all is there. */
static void merge_many_test(struct kunit *test)
{
	struct owner *owner = owner_create(test);
	unsigned int i;

	for (i = 0; i < 100; i++)
		owner_alloc(test, owner, i, zsm_classes.rows[i].size);
	KUNIT_EXPECT_EQ(test, stats_of(test).pages, 100);
	while (compact(test, owner))
		;
	/* Two at least share a page. */
	KUNIT_EXPECT_LE(test, stats_of(test).pages, 50);
	owner_end(test, owner);
}

static struct kunit_case merge_cases[] = {
	KUNIT_CASE_PARAM(merge_neighbours_test, each_class),
	KUNIT_CASE(merge_reach_test),
	KUNIT_CASE(merge_loss_test),
	KUNIT_CASE(merge_refused_test),
	KUNIT_CASE(merge_then_realloc_test),
	KUNIT_CASE(merge_many_test),
	{}
};

static struct kunit_suite merge_suite = {
	.name = "zsmalloc_merge",
	.exit = pool_exit,
	.test_cases = merge_cases,
};

kunit_test_suite(merge_suite);
