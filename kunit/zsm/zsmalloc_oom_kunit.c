// SPDX-License-Identifier: GPL-2.0
/* No memory, at each allocation in turn: an error, and nothing has changed. */
#include <linux/mm.h>
#include <linux/slab.h>

#include "kunit/nth_failure.h"
#include "kunit/zsm/zsmalloc_kunit.h"

static void expect_unchanged(struct kunit *test, const struct zsm_stats *before)
{
	struct zsm_stats after = stats_of(test);

	KUNIT_EXPECT_EQ(test, after.objects, before->objects);
	KUNIT_EXPECT_EQ(test, after.object_bytes, before->object_bytes);
	KUNIT_EXPECT_EQ(test, after.zspages, before->zspages);
	KUNIT_EXPECT_EQ(test, after.pages, before->pages);
	KUNIT_EXPECT_EQ(test, after.allocated_bytes,
			after.metadata_bytes + (after.pages << PAGE_SHIFT));
}

static void oom_init_test(struct kunit *test)
{
	unsigned int n, failed = 0;
	bool injected = true;

	for (n = 1; injected && n < NTH_FAILURE_MAX; n++) {
		struct zsm_pool *pool;

		nth_failure_arm(n);
		pool = zsm_init(NULL, NULL);
		injected = nth_failure_disarm();
		if (IS_ERR(pool)) {
			KUNIT_EXPECT_TRUE(test, injected);
			KUNIT_EXPECT_EQ(test, PTR_ERR(pool), -ENOMEM);
			failed++;
		} else {
			zsm_exit(pool);
		}
	}
	KUNIT_EXPECT_FALSE(test, injected);
	KUNIT_EXPECT_GT(test, failed, 0);
}

/* The flags an owner may come with. */
struct flags_param {
	const char *name;
	gfp_t gfp;
};

static const struct flags_param flags[] = {
	{ "GFP_KERNEL", GFP_KERNEL },
	{ "GFP_NOIO", GFP_NOIO | __GFP_NOWARN },
	{ "GFP_NOWAIT", GFP_NOWAIT | __GFP_NOWARN },
};

KUNIT_ARRAY_PARAM_DESC(flags, flags, name);

/* The first object of a pool: descriptor, the table's three levels, a page. */
static void oom_first_alloc_test(struct kunit *test)
{
	const struct flags_param *param = test->param_value;
	bool injected = true, survived = false;
	unsigned int n, failed = 0;
	struct zsm_loc loc;

	for (n = 1; injected && n < NTH_FAILURE_MAX; n++) {
		struct zsm_stats before;
		int err;

		/* A pool of its own: one that failed keeps the table's pages. */
		pool_exit(test);
		pool_use(test, NULL, NULL);
		before = stats_of(test);
		nth_failure_arm(n);
		err = zsm_alloc(pool_of(test), 1000, param->gfp, 7, &loc);
		injected = nth_failure_disarm();
		if (err) {
			KUNIT_EXPECT_TRUE(test, injected);
			KUNIT_EXPECT_EQ(test, err, -ENOMEM);
			expect_unchanged(test, &before);
			failed++;
			loc = object_alloc(test, 1000, 7);
		}
		object_fill(pool_of(test), loc, 1000, n);
		KUNIT_EXPECT_TRUE(test, object_holds(pool_of(test), loc, 1000,
						     n));
		zsm_free(pool_of(test), loc);
		/*
		 * An allocation of the checkers', which need not be there the
		 * next time: the one that is n-th then is to fail as well.
		 */
		survived = injected && !err && !survived;
		n -= survived;
	}
	KUNIT_EXPECT_FALSE(test, injected);
	KUNIT_EXPECT_GE(test, failed, 4);
}

/* Objects of which each takes the next page of a zspage. */
static void oom_next_page_test(struct kunit *test)
{
	unsigned int failed = 0;
	struct zsm_loc locs[40];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(locs); i++) {
		struct zsm_stats before = stats_of(test);
		bool injected = true;
		int err = -1;
		unsigned int n;

		for (n = 1; err; n++) {
			KUNIT_ASSERT_LT(test, n, NTH_FAILURE_MAX);
			nth_failure_arm(n);
			err = zsm_alloc(pool_of(test), 3300, GFP_KERNEL, i,
					&locs[i]);
			injected = nth_failure_disarm();
			if (!err)
				break;
			KUNIT_EXPECT_TRUE(test, injected);
			KUNIT_EXPECT_EQ(test, err, -ENOMEM);
			expect_unchanged(test, &before);
			failed++;
		}
		object_fill(pool_of(test), locs[i], 3300, i);
	}
	KUNIT_EXPECT_GT(test, failed, ARRAY_SIZE(locs) / 4);
	for (i = 0; i < ARRAY_SIZE(locs); i++) {
		KUNIT_EXPECT_TRUE(test, object_holds(pool_of(test), locs[i],
						     3300, i));
		zsm_free(pool_of(test), locs[i]);
	}
}

/* An object that cannot grow, or shrink, is as it was. */
static void oom_realloc_test(struct kunit *test)
{
	static const u32 to[] = { 3300, 100, PAGE_SIZE };
	unsigned int i, failed = 0;

	for (i = 0; i < ARRAY_SIZE(to); i++) {
		struct zsm_loc loc = object_alloc(test, 1000, 7);
		bool injected = true;
		unsigned int n;

		object_fill(pool_of(test), loc, 1000, i);
		for (n = 1; injected && n < NTH_FAILURE_MAX; n++) {
			struct zsm_stats before = stats_of(test);
			struct zsm_loc old = loc;
			int err;

			nth_failure_arm(n);
			err = zsm_realloc(pool_of(test), &loc, to[i],
					  GFP_KERNEL);
			injected = nth_failure_disarm();
			if (err) {
				KUNIT_EXPECT_EQ(test, err, -ENOMEM);
				KUNIT_EXPECT_EQ(test, loc.value, old.value);
				expect_unchanged(test, &before);
				failed++;
			}
			KUNIT_EXPECT_TRUE(test, object_holds(pool_of(test),
							     loc,
							     min(to[i], 1000u),
							     i));
			if (!err)
				break;
		}
		zsm_free(pool_of(test), loc);
	}
	KUNIT_EXPECT_GE(test, failed, ARRAY_SIZE(to));
}

/* Freeing, mapping, reading, writing and moving allocate nothing at all. */
static void oom_never_test(struct kunit *test)
{
	struct zsm_loc loc = object_alloc(test, 2720, 0);
	struct zsm_loc cut = object_alloc(test, 2720, 0);
	struct zsm_mapping map;
	static u8 buf[2720];

	nth_failure_arm(1);
	zsm_write(pool_of(test), cut, buf, sizeof(buf));
	zsm_read(pool_of(test), cut, buf, sizeof(buf));
	zsm_map(pool_of(test), cut, sizeof(buf), ZSM_MAP_READ_WRITE, &map);
	zsm_unmap(&map);
	zsm_compact(pool_of(test));
	zsm_free(pool_of(test), loc);
	zsm_free(pool_of(test), cut);
	KUNIT_EXPECT_FALSE(test, nth_failure_disarm());
}

static struct kunit_case oom_cases[] = {
	KUNIT_CASE(oom_init_test),
	KUNIT_CASE_PARAM(oom_first_alloc_test, flags_gen_params),
	KUNIT_CASE(oom_next_page_test),
	KUNIT_CASE(oom_realloc_test),
	KUNIT_CASE(oom_never_test),
	{}
};

static struct kunit_suite oom_suite = {
	.name = "zsmalloc_oom",
	.init = pool_init,
	.exit = pool_exit,
	.test_cases = oom_cases,
};

kunit_test_suite(oom_suite);
