// SPDX-License-Identifier: GPL-2.0
/* What a pool's limit refuses, and what goes on at it. */
#include <linux/mm.h>

#include "kunit/nth_failure.h"
#include "kunit/zsm/zsmalloc_kunit.h"

#define MANY 256
#define LIMIT_GFP (GFP_KERNEL | __GFP_NOWARN)

/* The objects of a case; those whose size is 0 are not there. */
struct objects {
	struct zsm_loc loc[MANY];
	u32 size[MANY];
	unsigned int nr;
};

static struct objects *objects_create(struct kunit *test)
{
	struct objects *objs = kunit_kzalloc(test, sizeof(*objs), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, objs);
	return objs;
}

/* Allocates one more, and fills it. */
static int objects_add(struct kunit *test, struct objects *objs, u32 size,
		       gfp_t gfp)
{
	unsigned int i = objs->nr;
	int err;

	KUNIT_ASSERT_LT(test, i, (unsigned int)MANY);
	err = zsm_alloc(pool_of(test), size, gfp, i, &objs->loc[i]);
	if (err)
		return err;
	KUNIT_EXPECT_GE(test, zsm_room(pool_of(test), objs->loc[i]), size);
	object_fill(pool_of(test), objs->loc[i], size, i);
	objs->size[i] = size;
	objs->nr++;
	return 0;
}

/* Adds until one is refused; returns how many were taken. */
static unsigned int objects_fill_up(struct kunit *test, struct objects *objs,
				    u32 size, gfp_t gfp)
{
	unsigned int first = objs->nr;
	int err;

	do {
		err = objects_add(test, objs, size, gfp);
	} while (!err);
	KUNIT_EXPECT_EQ(test, err, -EDQUOT);
	return objs->nr - first;
}

static void object_drop(struct kunit *test, struct objects *objs, unsigned int i)
{
	zsm_free(pool_of(test), objs->loc[i]);
	objs->size[i] = 0;
}

/* All are as they were written, whatever class they came to. */
static void objects_end(struct kunit *test, struct objects *objs)
{
	unsigned int i;

	for (i = 0; i < objs->nr; i++) {
		if (!objs->size[i])
			continue;
		KUNIT_EXPECT_TRUE_MSG(test,
				      object_holds(pool_of(test), objs->loc[i],
						   objs->size[i], i),
				      "object %u", i);
		object_drop(test, objs, i);
	}
}

static u64 limit_to(struct kunit *test, unsigned int more_pages)
{
	u64 limit = zsm_allocated_bytes(pool_of(test)) +
		    more_pages * PAGE_SIZE;

	zsm_set_limit(pool_of(test), limit);
	return limit;
}

/* Whole pages leave a part to others, those a part of that to what is urgent. */
static void limit_is_graded_test(struct kunit *test)
{
	struct objects *objs = objects_create(test);
	u64 limit = limit_to(test, 200);
	unsigned int taken;

	taken = objects_fill_up(test, objs, PAGE_SIZE, LIMIT_GFP);
	KUNIT_EXPECT_GE(test, taken, 180u);
	KUNIT_EXPECT_LE(test, zsm_allocated_bytes(pool_of(test)),
			limit - limit / ZSM_KEPT_SHARE);
	taken = objects_fill_up(test, objs, PAGE_SIZE * 3 / 4, LIMIT_GFP);
	KUNIT_EXPECT_GE(test, taken, 3u);
	KUNIT_EXPECT_LE(test, zsm_allocated_bytes(pool_of(test)),
			limit - limit / ZSM_KEPT_SHARE / ZSM_KEPT_URGENT);
	taken = objects_fill_up(test, objs, PAGE_SIZE, LIMIT_GFP | __GFP_HIGH);
	KUNIT_EXPECT_GE(test, taken, 1u);
	KUNIT_EXPECT_LE(test, stats_of(test).max_allocated_bytes, limit);
	objects_end(test, objs);
}

/* An object comes to a larger class where that has one whose pages are there. */
static void limit_takes_larger_room_test(struct kunit *test)
{
	struct objects *objs = objects_create(test);
	u32 large = PAGE_SIZE * 5 / 8;
	struct zsm_stats before, after;
	unsigned int i;

	for (i = 0; i < 40; i++)
		KUNIT_ASSERT_EQ(test, objects_add(test, objs, large, LIMIT_GFP), 0);
	limit_to(test, 0);
	objects_fill_up(test, objs, large, LIMIT_GFP);
	KUNIT_EXPECT_EQ(test, objects_add(test, objs, 32, LIMIT_GFP), -EDQUOT);
	/* Neighbours keep the page of what they are next to. */
	for (i = 1; i < 40; i += 4)
		object_drop(test, objs, i);
	before = stats_of(test);
	KUNIT_EXPECT_GE(test, objects_fill_up(test, objs, 32, LIMIT_GFP), 2u);
	after = stats_of(test);
	KUNIT_EXPECT_EQ(test, after.pages, before.pages);
	KUNIT_EXPECT_EQ(test, after.allocated_bytes, before.allocated_bytes);
	KUNIT_EXPECT_GT(test,
			zsm_room(pool_of(test), objs->loc[objs->nr - 1]), 32u);
	objects_end(test, objs);
}

/* The same with no memory, once the caller cannot wait for any. */
static void no_memory_takes_larger_room_test(struct kunit *test)
{
	struct objects *objs = objects_create(test);
	u32 large = PAGE_SIZE * 5 / 8;
	unsigned int i;
	int err;

	for (i = 0; i < 40; i++)
		KUNIT_ASSERT_EQ(test, objects_add(test, objs, large, LIMIT_GFP), 0);
	for (i = 1; i < 40; i += 4)
		object_drop(test, objs, i);
	nth_failure_arm(1);
	err = objects_add(test, objs, 32, GFP_NOWAIT | __GFP_NOWARN);
	KUNIT_EXPECT_TRUE(test, nth_failure_disarm());
	KUNIT_EXPECT_EQ(test, err, -ENOMEM);
	nth_failure_arm(1);
	err = objects_add(test, objs, 32, LIMIT_GFP);
	KUNIT_EXPECT_TRUE(test, nth_failure_disarm());
	KUNIT_EXPECT_EQ(test, err, 0);
	objects_end(test, objs);
}

static struct kunit_case limit_cases[] = {
	KUNIT_CASE(limit_is_graded_test),
	KUNIT_CASE(limit_takes_larger_room_test),
	KUNIT_CASE(no_memory_takes_larger_room_test),
	{}
};

static struct kunit_suite limit_suite = {
	.name = "zsmalloc_limit",
	.init = pool_init,
	.exit = pool_exit,
	.test_cases = limit_cases,
};

kunit_test_suite(limit_suite);
