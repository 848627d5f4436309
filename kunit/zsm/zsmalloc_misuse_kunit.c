// SPDX-License-Identifier: GPL-2.0
/*
 * What owners must not do. Each case warns, which the kernel tells by its taint,
 * and changes nothing else. A module of its own: in all the others' log a
 * warning is a failure.
 */
#include <linux/bug.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/panic.h>
#include <linux/preempt.h>

#include <kunit/test.h>

#include "core/zsm/location.h"
#include "core/zsm/size_class.h"
#include "zsmalloc.h"

static int misuse_init(struct kunit *test)
{
	struct zsm_pool *pool = zsm_init(NULL, NULL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, pool);
	test->priv = pool;
	return 0;
}

static void misuse_exit(struct kunit *test)
{
	if (test->priv)
		zsm_exit(test->priv);
}

static struct zsm_loc alloc(struct kunit *test, size_t size)
{
	struct zsm_loc loc;

	KUNIT_ASSERT_EQ(test, zsm_alloc(test->priv, size, GFP_KERNEL, 0, &loc),
			0);
	return loc;
}

static void expect_objects(struct kunit *test, u64 objects)
{
	struct zsm_stats stats;

	zsm_stats(test->priv, &stats);
	KUNIT_EXPECT_EQ(test, stats.objects, objects);
}

/* An object of a zspage that lives on is freed twice. */
static void misuse_free_twice_test(struct kunit *test)
{
	struct zsm_loc keep = alloc(test, 100);
	struct zsm_loc loc = alloc(test, 100);

	zsm_free(test->priv, loc);
	zsm_free(test->priv, loc);
	expect_objects(test, 1);
	zsm_free(test->priv, keep);
	expect_objects(test, 0);
}

/* The same when its zspage has gone with it. */
static void misuse_free_gone_test(struct kunit *test)
{
	struct zsm_loc loc = alloc(test, 100);
	struct zsm_loc keep;

	zsm_free(test->priv, loc);
	zsm_free(test->priv, loc);
	keep = alloc(test, 100);
	expect_objects(test, 1);
	zsm_free(test->priv, keep);
}

/* A location that was never given out. */
static void misuse_free_nowhere_test(struct kunit *test)
{
	struct zsm_loc loc = alloc(test, 100);

	zsm_free(test->priv, zsm_loc_pack(100000, 0));
	zsm_free(test->priv,
		 (struct zsm_loc){ (1ull << ZSM_LOC_BITS) - 1 });
	expect_objects(test, 1);
	zsm_free(test->priv, loc);
}

/* Sections of zsm_map() do not nest, which a debug kernel says. */
static void misuse_map_nests_test(struct kunit *test)
{
	struct zsm_loc loc = alloc(test, 100);
	struct zsm_mapping outer, inner;
	int before = preempt_count();

	zsm_map(test->priv, loc, 100, ZSM_MAP_READ, &outer);
	zsm_map(test->priv, loc, 100, ZSM_MAP_READ, &inner);
	zsm_unmap(&inner);
	zsm_unmap(&outer);
	KUNIT_EXPECT_EQ(test, preempt_count(), before);
	zsm_free(test->priv, loc);
}

/* A pool that is not empty gives its memory back all the same. */
static void misuse_exit_with_objects_test(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < 40; i++)
		alloc(test, 1 + i * 100);
	zsm_exit(test->priv);
	test->priv = NULL;
}

/* The same of pairs and triples; and what belongs to another pool, or kind of pool. */
static void misuse_kind(struct kunit *test, enum zsm_kind kind)
{
	struct zsm_pool *classes = test->priv;
	struct zsm_pool *pool = zsm_init_kind(kind, NULL, NULL);
	struct zsm_pool *other = zsm_init_kind(kind, NULL, NULL);
	struct zsm_loc keep, loc, foreign, class_loc = alloc(test, 100);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, pool);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, other);
	test->priv = other;
	foreign = alloc(test, 100);
	test->priv = pool;
	keep = alloc(test, 100);
	loc = alloc(test, 100);

	zsm_free(pool, loc);
	zsm_free(pool, loc);
	zsm_free(pool, foreign);
	zsm_free(pool, class_loc);
	zsm_free(pool, (struct zsm_loc){ keep.value | 3 });
	expect_objects(test, 1);
	zsm_free(pool, keep);
	zsm_free(pool, keep);
	expect_objects(test, 0);

	test->priv = classes;
	zsm_free(classes, foreign);
	expect_objects(test, 1);
	zsm_free(classes, class_loc);
	/* It is not empty, and gives its memory back all the same. */
	zsm_exit(other);
	zsm_exit(pool);
}

static void misuse_pairs_test(struct kunit *test)
{
	misuse_kind(test, ZSM_PAIRS);
}

static void misuse_triples_test(struct kunit *test)
{
	misuse_kind(test, ZSM_TRIPLES);
}

static struct kunit_case misuse_cases[] = {
	KUNIT_CASE(misuse_free_twice_test),
	KUNIT_CASE(misuse_free_gone_test),
	KUNIT_CASE(misuse_free_nowhere_test),
	KUNIT_CASE(misuse_map_nests_test),
	KUNIT_CASE(misuse_exit_with_objects_test),
	KUNIT_CASE(misuse_pairs_test),
	KUNIT_CASE(misuse_triples_test),
	{}
};

static struct kunit_suite misuse_suite = {
	.name = "zsmalloc_misuse",
	.init = misuse_init,
	.exit = misuse_exit,
	.test_cases = misuse_cases,
};

kunit_test_suite(misuse_suite);

MODULE_DESCRIPTION("KUnit suite of the allocator's warnings");
MODULE_LICENSE("GPL");
