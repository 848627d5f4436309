// SPDX-License-Identifier: GPL-2.0
/* Statistics are exact, and the high-water mark is. */
#include <linux/mm.h>
#include <linux/prandom.h>

#include "core/zsm/table.h"
#include "core/zsm/zspage.h"
#include "kunit/zsm/zsmalloc_kunit.h"

/* An empty pool costs its own structure, and that is metadata. */
static void stats_empty_test(struct kunit *test)
{
	struct zsm_stats stats = stats_of(test);

	KUNIT_EXPECT_EQ(test, stats.objects, 0);
	KUNIT_EXPECT_EQ(test, stats.object_bytes, 0);
	KUNIT_EXPECT_EQ(test, stats.zspages, 0);
	KUNIT_EXPECT_EQ(test, stats.pages, 0);
	KUNIT_EXPECT_EQ(test, stats.pages_compacted, 0);
	KUNIT_EXPECT_GT(test, stats.metadata_bytes, 0);
	KUNIT_EXPECT_EQ(test, stats.allocated_bytes, stats.metadata_bytes);
	KUNIT_EXPECT_EQ(test, stats.max_allocated_bytes, stats.allocated_bytes);
}

/* One object of each class: so many pages, so much metadata, and all gone again. */
static void stats_one_object_test(struct kunit *test)
{
	const struct zsm_class_row *row = test->param_value;
	struct zsm_stats before, during, after;
	struct zsm_loc loc;

	/* The table's own pages come with the first zspage, and stay. */
	zsm_free(pool_of(test), object_alloc(test, PAGE_SIZE, 0));
	before = stats_of(test);
	loc = object_alloc(test, row->size, 0);
	during = stats_of(test);
	zsm_free(pool_of(test), loc);
	after = stats_of(test);

	KUNIT_EXPECT_EQ(test, during.objects, 1);
	KUNIT_EXPECT_EQ(test, during.object_bytes, row->size);
	KUNIT_EXPECT_EQ(test, during.zspages, 1);
	KUNIT_EXPECT_EQ(test, during.pages, 1);
	KUNIT_EXPECT_EQ(test, during.metadata_bytes - before.metadata_bytes,
			zsm_zspage_bytes(row->nr_pages, row->nr_objs));
	KUNIT_EXPECT_EQ(test, during.allocated_bytes,
			during.metadata_bytes + PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, after.allocated_bytes, before.allocated_bytes);
	KUNIT_EXPECT_EQ(test, after.max_allocated_bytes,
			max(before.max_allocated_bytes,
			    during.allocated_bytes));
}

/* The mark is the most that there was at any time, and never goes down. */
static void stats_high_water_test(struct kunit *test)
{
	struct zsm_loc locs[64];
	struct rnd_state rnd;
	unsigned int i, n = 0;
	u64 max;

	pool_exit(test);
	pool_use_kind(test, kind_of(test)->kind, NULL, NULL);
	prandom_seed_state(&rnd, 1);
	max = zsm_allocated_bytes(pool_of(test));
	for (i = 0; i < 1000; i++) {
		u32 random = prandom_u32_state(&rnd);
		/* It swings between few and many. */
		bool add = n < ARRAY_SIZE(locs) &&
			   (!n || random % 8 < (i / 128 % 2 ? 2 : 6));
		u64 now;

		if (add)
			locs[n++] = object_alloc(test, 1 + random / 8 %
						       PAGE_SIZE, 0);
		else
			zsm_free(pool_of(test), locs[--n]);
		now = zsm_allocated_bytes(pool_of(test));
		max = max(max, now);
		KUNIT_ASSERT_EQ(test, stats_of(test).max_allocated_bytes, max);
		KUNIT_ASSERT_EQ(test, stats_of(test).allocated_bytes, now);
	}
	while (n)
		zsm_free(pool_of(test), locs[--n]);
	KUNIT_EXPECT_EQ(test, stats_of(test).max_allocated_bytes, max);
}

/* Whatever is freed last, a page goes when no object touches it any more. */
static void stats_pages_follow_frees_test(struct kunit *test)
{
	const struct zsm_class_row *row = test->param_value;
	struct zsm_loc first, second;

	first = object_alloc(test, row->size, 0);
	second = object_alloc(test, row->size, 1);
	KUNIT_EXPECT_EQ(test, stats_of(test).pages,
			DIV_ROUND_UP(2 * row->size, PAGE_SIZE));
	zsm_free(pool_of(test), first);
	/* The second alone: one page, or two if it lies in both. */
	KUNIT_EXPECT_EQ(test, stats_of(test).pages,
			DIV_ROUND_UP(row->size % PAGE_SIZE + row->size,
				     PAGE_SIZE));
	zsm_free(pool_of(test), second);
	KUNIT_EXPECT_EQ(test, stats_of(test).pages, 0);
}

/* More zspages than a page of the table has entries; ids are used again. */
static void stats_many_zspages_test(struct kunit *test)
{
	u32 zspages = ZSM_TABLE_ENTRIES + 3;
	u32 nr = zspages * zsm_classes.rows[zsm_class_of(PAGE_SIZE)].nr_objs;
	struct zsm_loc *locs = kunit_kcalloc(test, nr, sizeof(*locs), GFP_KERNEL);
	struct zsm_stats once, twice;
	unsigned int round, i;

	KUNIT_ASSERT_NOT_NULL(test, locs);
	for (round = 0; round < 2; round++) {
		for (i = 0; i < nr; i++) {
			locs[i] = object_alloc(test, PAGE_SIZE, i);
			zsm_write(pool_of(test), locs[i], &i, sizeof(i));
			KUNIT_ASSERT_LT(test, zsm_loc_id(locs[i]), zspages);
		}
		*(round ? &twice : &once) = stats_of(test);
		KUNIT_EXPECT_EQ(test, stats_of(test).zspages, zspages);
		KUNIT_EXPECT_EQ(test, stats_of(test).pages, nr);
		for (i = 0; i < nr; i++) {
			unsigned int got;

			zsm_read(pool_of(test), locs[i], &got, sizeof(got));
			KUNIT_EXPECT_EQ(test, got, i);
			zsm_free(pool_of(test), locs[i]);
		}
	}
	KUNIT_EXPECT_EQ(test, twice.metadata_bytes, once.metadata_bytes);
}

/* Pools share nothing that shows. */
static void stats_two_pools_test(struct kunit *test)
{
	struct zsm_pool *other = zsm_init(NULL, NULL);
	struct zsm_stats before = stats_of(test);
	struct zsm_loc loc, mine;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, other);
	KUNIT_EXPECT_EQ(test, zsm_alloc(other, 500, GFP_KERNEL, 0, &loc), 0);
	object_fill(other, loc, 500, 1);
	KUNIT_EXPECT_EQ(test, stats_of(test).allocated_bytes,
			before.allocated_bytes);
	mine = object_alloc(test, 500, 0);
	object_fill(pool_of(test), mine, 500, 2);
	KUNIT_EXPECT_TRUE(test, object_holds(other, loc, 500, 1));
	zsm_free(other, loc);
	KUNIT_EXPECT_TRUE(test, object_holds(pool_of(test), mine, 500, 2));
	zsm_exit(other);
	zsm_free(pool_of(test), mine);
}

static struct kunit_case stats_cases[] = {
	KUNIT_CASE(stats_empty_test),
	KUNIT_CASE_PARAM(stats_one_object_test, each_class),
	KUNIT_CASE_PARAM(stats_high_water_test, each_kind),
	KUNIT_CASE_PARAM(stats_pages_follow_frees_test, each_class),
	KUNIT_CASE(stats_many_zspages_test),
	KUNIT_CASE(stats_two_pools_test),
	{}
};

static struct kunit_suite stats_suite = {
	.name = "zsmalloc_stats",
	.init = pool_init,
	.exit = pool_exit,
	.test_cases = stats_cases,
};

kunit_test_suite(stats_suite);
