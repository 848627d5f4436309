// SPDX-License-Identifier: GPL-2.0
/* Owners that let some objects move, and some not, now and then. */
#include <linux/mm.h>

#include "kunit/zsm/zsmalloc_kunit.h"

#define NR_OBJS 96

struct size_param {
	u32 size;
};

/* Many on a page; some of them cut in two; hardly more than one. */
static const struct size_param sizes[] = { { 100 }, { 1000 }, { 2720 } };

static void size_desc(const struct size_param *param, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%u bytes", param->size);
}

KUNIT_ARRAY_PARAM(size, sizes, size_desc);

static u32 size_of(struct kunit *test)
{
	return ((const struct size_param *)test->param_value)->size;
}

/* Compacts, and looks whether what it says it did is what has changed. */
static unsigned long compact(struct kunit *test, struct owner *owner)
{
	struct zsm_stats before = stats_of(test);
	unsigned long pages = zsm_compact(pool_of(test));
	struct zsm_stats after = stats_of(test);

	KUNIT_EXPECT_EQ(test, after.pages, before.pages - pages);
	KUNIT_EXPECT_EQ(test, after.pages_compacted,
			before.pages_compacted + pages);
	KUNIT_EXPECT_EQ(test, after.objects, before.objects);
	KUNIT_EXPECT_EQ(test, after.object_bytes, before.object_bytes);
	KUNIT_EXPECT_EQ(test, after.allocated_bytes,
			after.metadata_bytes + after.pages * PAGE_SIZE);
	owner_check(test, owner);
	return pages;
}

static unsigned long compact_all(struct kunit *test, struct owner *owner)
{
	unsigned long pages, all = 0;

	while ((pages = compact(test, owner)))
		all += pages;
	return all;
}

/* The pages gained, and in @asked the questions, if nothing is refused. */
static unsigned long gained(struct kunit *test, struct owner *owner,
			    unsigned int *asked)
{
	unsigned long pages;

	owner_scatter(test, owner, 0, NR_OBJS, size_of(test));
	owner->asked = 0;
	owner->moved = 0;
	pages = compact_all(test, owner);
	*asked = owner->asked;
	owner_end(test, owner);
	return pages;
}

static void forget(struct owner *owner)
{
	owner->asked = 0;
	owner->refused = 0;
	owner->moved = 0;
}

/* Whichever question is answered with no, as much is gained, by no more moves than objects. */
static void refuse_nth_test(struct kunit *test)
{
	struct owner *owner = owner_create(test);
	unsigned int n, asked;
	unsigned long pages = gained(test, owner, &asked);

	KUNIT_ASSERT_GT(test, asked, 0);
	for (n = 1; n <= asked; n++) {
		owner_scatter(test, owner, 0, NR_OBJS, size_of(test));
		forget(owner);
		owner->refuse_nth = n;
		KUNIT_EXPECT_EQ_MSG(test, compact_all(test, owner), pages,
				    "question %u of %u", n, asked);
		KUNIT_EXPECT_EQ(test, owner->refused, 1);
		KUNIT_EXPECT_GT(test, owner->moved, 0);
		KUNIT_EXPECT_LE(test, owner->moved, NR_OBJS);
		owner->refuse_nth = 0;
		owner_end(test, owner);
	}
}

/* The more is refused, the less is done at a time; in the end it is the same. */
static void refuse_every_test(struct kunit *test)
{
	struct owner *owner = owner_create(test);
	unsigned int every, asked;
	unsigned long pages = gained(test, owner, &asked);

	for (every = 1; every <= 4; every++) {
		unsigned long some;

		owner_scatter(test, owner, 0, NR_OBJS, size_of(test));
		forget(owner);
		owner->refuse_every = every;
		some = compact(test, owner);
		KUNIT_EXPECT_GT(test, owner->refused, 0);
		if (every == 1)
			KUNIT_EXPECT_EQ(test, some, 0);
		owner->refuse_every = 0;
		KUNIT_EXPECT_EQ_MSG(test, some + compact_all(test, owner),
				    pages, "every %u", every);
		owner_end(test, owner);
	}
}

/* One object that never moves is not asked for without end, and holds up its class alone. */
static void refuse_one_test(struct kunit *test)
{
	struct owner *owner = owner_create(test);
	u32 size = size_of(test);
	unsigned int asked;
	unsigned long pages = gained(test, owner, &asked);
	unsigned int i;

	for (i = 1; i < NR_OBJS; i += 4) {
		unsigned long some;

		owner_scatter(test, owner, 0, NR_OBJS, size);
		owner_scatter(test, owner, NR_OBJS, NR_OBJS, PAGE_SIZE / 3);
		forget(owner);
		owner->refuse_obj = i;
		some = compact_all(test, owner);
		KUNIT_EXPECT_LE(test, owner->refused, 64);
		/* The other class has come together. */
		KUNIT_EXPECT_GT(test, some, NR_OBJS / 8);
		owner->refuse_obj = OWNER_OBJS;
		some += compact_all(test, owner);
		KUNIT_EXPECT_GT(test, some, pages);
		owner_end(test, owner);
	}
}

/* Nothing ever moves: it stays where it is, in every class at once. */
static void refuse_all_test(struct kunit *test)
{
	struct owner *owner = owner_create(test);
	struct zsm_stats before;
	unsigned int i;

	for (i = 0; i < 8; i++)
		owner_scatter(test, owner, 32 * i, 32, 300 + 400 * i);
	before = stats_of(test);
	owner->refuse_all = true;
	KUNIT_EXPECT_EQ(test, compact(test, owner), 0);
	KUNIT_EXPECT_GT(test, owner->asked, 0);
	KUNIT_EXPECT_EQ(test, owner->moved, 0);
	KUNIT_EXPECT_EQ(test, stats_of(test).pages, before.pages);
	owner->refuse_all = false;
	owner_end(test, owner);
}

static struct kunit_case refuse_cases[] = {
	KUNIT_CASE_PARAM(refuse_nth_test, size_gen_params),
	KUNIT_CASE_PARAM(refuse_every_test, size_gen_params),
	KUNIT_CASE_PARAM(refuse_one_test, size_gen_params),
	KUNIT_CASE(refuse_all_test),
	{}
};

static struct kunit_suite refuse_suite = {
	.name = "zsmalloc_refuse",
	.exit = pool_exit,
	.test_cases = refuse_cases,
};

kunit_test_suite(refuse_suite);
