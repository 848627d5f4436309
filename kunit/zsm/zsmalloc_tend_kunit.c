// SPDX-License-Identifier: GPL-2.0
/* The work by which a pool looks after itself, run when a case wants it. */
#include <linux/mm.h>
#include <linux/workqueue.h>

#include "kunit/zsm/zsm_exports.h"
#include "kunit/zsm/zsmalloc_kunit.h"

#define NR_OBJS 128

static bool is_queued(struct kunit *test)
{
	return delayed_work_pending(zsm_work_of(pool_of(test)));
}

/* Runs the work once, if it is queued. */
static void run(struct kunit *test)
{
	flush_delayed_work(zsm_work_of(pool_of(test)));
}

/* Runs it until it has nothing more to do. */
static void run_to_rest(struct kunit *test)
{
	unsigned int runs = 0;

	while (is_queued(test) && runs++ < 1000)
		run(test);
	KUNIT_EXPECT_FALSE(test, is_queued(test));
}

/* Sees to it that it does nothing until it is told otherwise. */
static void turn_off(struct kunit *test)
{
	zsm_set_max_waste(pool_of(test), 0);
	run(test);
}

/* With much to gain, and nothing done about it yet. */
static struct owner *scattered(struct kunit *test)
{
	struct owner *owner = owner_create_kind(test, kind_of(test)->kind);

	turn_off(test);
	owner_scatter(test, owner, 0, NR_OBJS, 1000);
	WRITE_ONCE(owner->anybody, true);
	return owner;
}

static void expect_untouched(struct kunit *test, struct owner *owner, u64 pages)
{
	KUNIT_EXPECT_EQ(test, owner->asked, 0);
	KUNIT_EXPECT_EQ(test, stats_of(test).pages, pages);
	KUNIT_EXPECT_EQ(test, stats_of(test).pages_compacted, 0);
}

/* With a waste of 0, it never does anything, and is not even queued. */
static void tend_off_test(struct kunit *test)
{
	struct owner *owner = scattered(test);
	u64 pages;

	KUNIT_EXPECT_FALSE(test, is_queued(test));
	owner_free(test, owner, 1);
	owner_alloc(test, owner, 1, 1000);
	KUNIT_EXPECT_FALSE(test, is_queued(test));
	pages = stats_of(test).pages;
	expect_untouched(test, owner, pages);
	/* Told otherwise, it begins. */
	zsm_set_max_waste(pool_of(test), 1);
	KUNIT_EXPECT_TRUE(test, is_queued(test));
	run_to_rest(test);
	WRITE_ONCE(owner->anybody, false);
	KUNIT_EXPECT_LT(test, stats_of(test).pages, pages);
	owner_end(test, owner);
}

/* Below what is allowed, nothing moves. */
static void tend_allowed_test(struct kunit *test)
{
	struct owner *owner = scattered(test);
	u64 pages = stats_of(test).pages;

	zsm_set_max_waste(pool_of(test), 100);
	run_to_rest(test);
	WRITE_ONCE(owner->anybody, false);
	expect_untouched(test, owner, pages);
	owner_end(test, owner);
}

/* Beyond, it goes on until that is mended; after that, a free queues it again. */
static void tend_on_test(struct kunit *test)
{
	struct owner *owner = scattered(test);
	struct zsm_stats before = stats_of(test);
	struct zsm_stats after;

	zsm_set_max_waste(pool_of(test), 1);
	run_to_rest(test);
	WRITE_ONCE(owner->anybody, false);
	after = stats_of(test);
	KUNIT_EXPECT_GT(test, after.pages_compacted, 0);
	KUNIT_EXPECT_EQ(test, after.pages, before.pages - after.pages_compacted);
	KUNIT_EXPECT_EQ(test, after.objects, before.objects);
	/* Nothing is left that a compaction of all could gain. */
	KUNIT_EXPECT_EQ(test, zsm_compact(pool_of(test)), 0);
	owner_check(test, owner);
	owner_free(test, owner, 1);
	KUNIT_EXPECT_TRUE(test, is_queued(test));
	owner_end(test, owner);
}

/* An owner that lets nothing move is asked again, now and then, and keeps all. */
static void tend_refused_test(struct kunit *test)
{
	struct owner *owner = scattered(test);
	u64 pages = stats_of(test).pages;
	unsigned int i;

	owner->refuse_all = true;
	for (i = 0; i < 5; i++) {
		zsm_set_max_waste(pool_of(test), 1);
		run(test);
	}
	turn_off(test);
	WRITE_ONCE(owner->anybody, false);
	KUNIT_EXPECT_GT(test, owner->asked, 0);
	KUNIT_EXPECT_EQ(test, stats_of(test).pages, pages);
	owner->refuse_all = false;
	owner_end(test, owner);
}

/* Runs it just once. Returns how many pages there are then. */
static u64 pages_after_run(struct kunit *test)
{
	zsm_set_max_waste(pool_of(test), 1);
	run(test);
	turn_off(test);
	return stats_of(test).pages;
}

/* Classes are merged when nothing has happened in them from one run to the next. */
static void tend_merge_test(struct kunit *test)
{
	const struct zsm_class_row *row = &zsm_classes.rows[zsm_size_class(1000)];
	struct owner *owner = owner_create(test);

	turn_off(test);
	WRITE_ONCE(owner->anybody, true);
	owner_alloc(test, owner, 0, row[0].size);
	owner_alloc(test, owner, 1, row[1].size);
	KUNIT_EXPECT_EQ(test, pages_after_run(test), 2);
	owner_alloc(test, owner, 2, row[0].size);
	KUNIT_EXPECT_EQ(test, pages_after_run(test), 2);
	KUNIT_EXPECT_EQ(test, pages_after_run(test), 1);
	WRITE_ONCE(owner->anybody, false);
	KUNIT_EXPECT_EQ(test, stats_of(test).pages_compacted, 1);
	KUNIT_EXPECT_EQ(test, stats_of(test).objects, 3);
	owner_end(test, owner);
}

/* A pool whose owner cannot be asked is not looked after. */
static void tend_absent_test(struct kunit *test)
{
	struct zsm_loc loc;

	pool_use(test, NULL, NULL);
	zsm_set_max_waste(pool_of(test), 1);
	loc = object_alloc(test, 1000, 0);
	KUNIT_EXPECT_FALSE(test, is_queued(test));
	zsm_free(pool_of(test), loc);
	KUNIT_EXPECT_FALSE(test, is_queued(test));
}

static struct kunit_case tend_cases[] = {
	KUNIT_CASE_PARAM(tend_off_test, each_kind),
	KUNIT_CASE_PARAM(tend_allowed_test, each_kind),
	KUNIT_CASE_PARAM(tend_on_test, each_kind),
	KUNIT_CASE_PARAM(tend_refused_test, each_kind),
	KUNIT_CASE(tend_merge_test),
	KUNIT_CASE(tend_absent_test),
	{}
};

static struct kunit_suite tend_suite = {
	.name = "zsmalloc_tend",
	.exit = pool_exit,
	.test_cases = tend_cases,
};

kunit_test_suite(tend_suite);
