// SPDX-License-Identifier: GPL-2.0
/* Moving objects: what owners are asked and told, and what stays. */
#include <linux/mm.h>

#include "kunit/zsm/zsmalloc_kunit.h"

#define NR_OBJS 128

/* With objects, of which three in four have been freed. */
static struct owner *scattered(struct kunit *test, u32 size)
{
	struct owner *owner = owner_create(test);

	owner_scatter(test, owner, 0, NR_OBJS, size);
	return owner;
}

struct size_param {
	u32 size;
};

/* Small, inside a page, cut in two, one page; and such as cannot gain. */
static const struct size_param sizes[] = {
	{ 32 }, { 100 }, { 1000 }, { 1360 }, { 2720 }, { 3300 }, { 3800 },
};

static void size_desc(const struct size_param *param, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%u bytes", param->size);
}

KUNIT_ARRAY_PARAM(size, sizes, size_desc);

/* Objects come together, pages are given back, and every byte stays. */
static void owner_moves_test(struct kunit *test)
{
	u32 size = ((const struct size_param *)test->param_value)->size;
	struct owner *owner = scattered(test, size);
	struct zsm_stats before = stats_of(test);
	struct zsm_stats after;
	unsigned long pages = zsm_compact(pool_of(test));

	after = stats_of(test);
	KUNIT_EXPECT_EQ(test, after.pages, before.pages - pages);
	KUNIT_EXPECT_EQ(test, after.pages_compacted, pages);
	KUNIT_EXPECT_EQ(test, after.objects, before.objects);
	KUNIT_EXPECT_EQ(test, after.object_bytes, before.object_bytes);
	if (pages)
		KUNIT_EXPECT_GT(test, owner->moved, 0);
	owner_end(test, owner);
}

/* What is left when compaction has nothing more to do is dense. */
static void owner_ends_dense_test(struct kunit *test)
{
	u32 size = ((const struct size_param *)test->param_value)->size;
	struct owner *owner = scattered(test, size);
	u64 needed = DIV_ROUND_UP(NR_OBJS / 4 * size, PAGE_SIZE);
	unsigned int moved;

	while (zsm_compact(pool_of(test)))
		;
	/* Objects of nearly a page lie in two each. */
	KUNIT_EXPECT_LE(test, stats_of(test).pages,
			max(needed + needed / 2 + 2, 2ull * NR_OBJS / 4));
	moved = owner->moved;
	KUNIT_EXPECT_EQ(test, zsm_compact(pool_of(test)), 0);
	KUNIT_EXPECT_EQ(test, owner->moved, moved);
	owner_end(test, owner);
}

/* An owner who refuses keeps its objects where they are, and is not pestered. */
static void owner_refuses_test(struct kunit *test)
{
	struct owner *owner = scattered(test, 1000);
	struct zsm_stats before = stats_of(test);
	struct zsm_stats after;

	owner->refuse_all = true;
	KUNIT_EXPECT_EQ(test, zsm_compact(pool_of(test)), 0);
	after = stats_of(test);
	KUNIT_EXPECT_GT(test, owner->asked, 0);
	KUNIT_EXPECT_LE(test, owner->asked, NR_OBJS);
	KUNIT_EXPECT_EQ(test, owner->moved, 0);
	KUNIT_EXPECT_EQ(test, after.pages, before.pages);
	owner_end(test, owner);
}

/* The owner's number goes along when an object changes its size or its place. */
static void owner_number_stays_test(struct kunit *test)
{
	struct owner *owner = scattered(test, 1000);
	unsigned int i;

	zsm_compact(pool_of(test));
	for (i = 0; i < NR_OBJS; i++) {
		if (owner->sizes[i])
			KUNIT_EXPECT_EQ(test, zsm_realloc(pool_of(test),
							  &owner->locs[i],
							  1700, GFP_KERNEL), 0);
	}
	/* Every other one goes, so that the rest is asked for once more. */
	for (i = 1; i < NR_OBJS; i += 8)
		owner_free(test, owner, i);
	zsm_compact(pool_of(test));
	owner_end(test, owner);
}

/* A pool whose owner cannot be asked moves nothing. */
static void owner_absent_test(struct kunit *test)
{
	struct zsm_loc locs[32];
	unsigned int i;

	pool_use(test, NULL, NULL);
	for (i = 0; i < ARRAY_SIZE(locs); i++)
		locs[i] = object_alloc(test, 1000, i);
	for (i = 1; i < ARRAY_SIZE(locs); i++)
		if (i % 4)
			zsm_free(pool_of(test), locs[i]);
	KUNIT_EXPECT_EQ(test, zsm_compact(pool_of(test)), 0);
	KUNIT_EXPECT_EQ(test, stats_of(test).pages_compacted, 0);
	for (i = 0; i < ARRAY_SIZE(locs); i += 4)
		zsm_free(pool_of(test), locs[i]);
}

static void owner_empty_pool_test(struct kunit *test)
{
	owner_create(test);
	KUNIT_EXPECT_EQ(test, zsm_compact(pool_of(test)), 0);
}

/* Full zspages have nothing to gain, and no owner is asked. */
static void owner_full_pages_test(struct kunit *test)
{
	struct owner *owner = owner_create(test);
	unsigned int i;

	for (i = 0; i < NR_OBJS; i++)
		owner_alloc(test, owner, i, PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, zsm_compact(pool_of(test)), 0);
	KUNIT_EXPECT_EQ(test, owner->asked, 0);
	owner_end(test, owner);
}

static struct kunit_case owner_cases[] = {
	KUNIT_CASE_PARAM(owner_moves_test, size_gen_params),
	KUNIT_CASE_PARAM(owner_ends_dense_test, size_gen_params),
	KUNIT_CASE(owner_refuses_test),
	KUNIT_CASE(owner_number_stays_test),
	KUNIT_CASE(owner_absent_test),
	KUNIT_CASE(owner_empty_pool_test),
	KUNIT_CASE(owner_full_pages_test),
	{}
};

static struct kunit_suite owner_suite = {
	.name = "zsmalloc_owner",
	.exit = pool_exit,
	.test_cases = owner_cases,
};

kunit_test_suite(owner_suite);
