// SPDX-License-Identifier: GPL-2.0
/* The kernel is short of memory: what a pool says it has to give, and gives. */
#include <linux/mm.h>
#include <linux/shrinker.h>

#include "kunit/zsm/zsm_exports.h"
#include "kunit/zsm/zsmalloc_kunit.h"

#define NR_OBJS 128

static unsigned long count(struct kunit *test)
{
	struct shrinker *shrinker = zsm_shrinker_of(pool_of(test));
	struct shrink_control sc = { .gfp_mask = GFP_KERNEL };

	return shrinker->count_objects(shrinker, &sc);
}

static unsigned long scan(struct kunit *test, unsigned long nr)
{
	struct shrinker *shrinker = zsm_shrinker_of(pool_of(test));
	struct shrink_control sc = {
		.gfp_mask = GFP_KERNEL,
		.nr_to_scan = nr,
	};

	return shrinker->scan_objects(shrinker, &sc);
}

/* Much to gain. */
static struct owner *scattered(struct kunit *test)
{
	struct owner *owner = owner_create_kind(test, kind_of(test)->kind);

	owner_scatter(test, owner, 0, NR_OBJS, 1000);
	return owner;
}

/* A pool that has nothing to give says so, and no owner is asked. */
static void shrink_nothing_test(struct kunit *test)
{
	struct owner *owner = owner_create_kind(test, kind_of(test)->kind);
	unsigned int i;

	KUNIT_EXPECT_EQ(test, count(test), SHRINK_EMPTY);
	KUNIT_EXPECT_EQ(test, scan(test, 100), 0);
	for (i = 0; i < NR_OBJS; i++)
		owner_alloc(test, owner, i, PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, count(test), SHRINK_EMPTY);
	KUNIT_EXPECT_EQ(test, scan(test, 100), 0);
	KUNIT_EXPECT_EQ(test, owner->asked, 0);
	owner_end(test, owner);
}

/* A page that was freed is not the pool's to give any more. */
static void shrink_freed_test(struct kunit *test)
{
	struct owner *owner = owner_create_kind(test, kind_of(test)->kind);

	owner_alloc(test, owner, 0, PAGE_SIZE);
	owner_free(test, owner, 0);
	KUNIT_EXPECT_EQ(test, count(test), SHRINK_EMPTY);
	KUNIT_EXPECT_EQ(test, scan(test, 1), 0);
}

/*
 * It gives as many pages as it is asked for, or one more if one object lies on two; it
 * says how many; and all together no more than it said before.
 */
static void shrink_scan_test(struct kunit *test)
{
	unsigned long nr;

	for (nr = 1; nr <= 5; nr++) {
		struct owner *owner = owner_create_kind(test, kind_of(test)->kind);
		unsigned long all = 0, counted, freed;

		owner_scatter(test, owner, 0, NR_OBJS, 1000);
		counted = count(test);
		do {
			u64 pages = stats_of(test).pages;

			freed = scan(test, nr);
			KUNIT_EXPECT_LE(test, freed, nr + 1);
			KUNIT_EXPECT_EQ(test, freed,
					pages - stats_of(test).pages);
			all += freed;
		} while (freed);
		KUNIT_EXPECT_GT(test, all, 0);
		KUNIT_EXPECT_LE(test, all, counted);
		KUNIT_EXPECT_EQ(test, stats_of(test).pages_compacted, all);
		/* There is nothing more, and it says so. */
		KUNIT_EXPECT_EQ(test, count(test), SHRINK_EMPTY);
		owner_end(test, owner);
		pool_exit(test);
	}
}

/* An owner that lets nothing move: nothing is given, and it ends. */
static void shrink_refused_test(struct kunit *test)
{
	struct owner *owner = scattered(test);
	struct zsm_stats before = stats_of(test);

	owner->refuse_all = true;
	KUNIT_EXPECT_EQ(test, scan(test, 100), 0);
	KUNIT_EXPECT_GT(test, owner->asked, 0);
	KUNIT_EXPECT_LE(test, owner->asked, NR_OBJS);
	KUNIT_EXPECT_EQ(test, stats_of(test).pages, before.pages);
	/* It was not settled by that. */
	KUNIT_EXPECT_NE(test, count(test), SHRINK_EMPTY);
	owner->refuse_all = false;
	KUNIT_EXPECT_GT(test, scan(test, 100), 0);
	owner_end(test, owner);
}

static struct kunit_case shrink_cases[] = {
	KUNIT_CASE_PARAM(shrink_nothing_test, each_kind),
	KUNIT_CASE_PARAM(shrink_freed_test, each_kind),
	KUNIT_CASE_PARAM(shrink_scan_test, each_kind),
	KUNIT_CASE_PARAM(shrink_refused_test, each_kind),
	{}
};

static struct kunit_suite shrink_suite = {
	.name = "zsmalloc_shrink",
	.exit = pool_exit,
	.test_cases = shrink_cases,
};

kunit_test_suite(shrink_suite);
