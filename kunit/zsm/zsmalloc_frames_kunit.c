// SPDX-License-Identifier: GPL-2.0
/*
 * Pages whose numbers are not those of their frames, as where a machine has memory far
 * up: whatever the allocator does with a page, it comes to the right one.
 */
#include <linux/mm.h>

#include "kunit/zsm/zsm_exports.h"
#include "kunit/zsm/zsmalloc_kunit.h"

/* Each case makes its pool. */
static int frames_init(struct kunit *test)
{
	zsm_frames_pretend(true);
	return 0;
}

static void frames_exit(struct kunit *test)
{
	pool_exit(test);
	zsm_frames_pretend(false);
}

/* Objects of all classes, in whose pages others come and go. */
static void frames_objects_test(struct kunit *test)
{
	u32 size, step = PAGE_SIZE / 61;

	pool_use(test, NULL, NULL);
	for (size = 1; size < PAGE_SIZE; size += step) {
		struct zsm_loc first = object_alloc(test, size, 1);
		struct zsm_loc second = object_alloc(test, size, 2);

		object_fill(pool_of(test), first, size, 1);
		object_fill(pool_of(test), second, size, 2);
		KUNIT_EXPECT_TRUE(test, object_holds(pool_of(test), first, size, 1));
		zsm_free(pool_of(test), first);
		KUNIT_EXPECT_TRUE(test,
				  object_holds(pool_of(test), second, size, 2));
		zsm_free(pool_of(test), second);
	}
	KUNIT_EXPECT_EQ(test, stats_of(test).pages, 0);
}

/* Objects that move to other pages. */
static void frames_compact_test(struct kunit *test)
{
	struct owner *owner = owner_create(test);

	owner_scatter(test, owner, 0, 64, PAGE_SIZE / 4);
	owner_scatter(test, owner, 64, 64, PAGE_SIZE * 3 / 8);
	KUNIT_EXPECT_GT(test, zsm_compact(pool_of(test)), 10);
	owner_end(test, owner);
}

static struct kunit_case frames_cases[] = {
	KUNIT_CASE(frames_objects_test),
	KUNIT_CASE(frames_compact_test),
	{}
};

static struct kunit_suite frames_suite = {
	.name = "zsmalloc_frames",
	.init = frames_init,
	.exit = frames_exit,
	.test_cases = frames_cases,
};

kunit_test_suite(frames_suite);
