// SPDX-License-Identifier: GPL-2.0
/*
 * Pages that the kernel moves: what it calls for that is called here, as it does it,
 * with a page of its own and both locked.
 */
#include <linux/delay.h>
#include <linux/migrate.h>
#include <linux/mm.h>
#include <linux/pagemap.h>

#include "kunit/zsm/zsmalloc_kunit.h"

#define NR_OBJS 64

/* The page that an object begins in. */
static struct page *page_under(struct kunit *test, struct zsm_loc loc)
{
	struct zsm_mapping map;
	struct page *page = virt_to_page(zsm_map(pool_of(test), loc, 1,
						 ZSM_MAP_READ, &map));

	zsm_unmap(&map);
	return page;
}

/* A page keeps its type when it becomes immovable, and loses its operations. */
static bool is_movable(struct page *page)
{
	return __PageMovable(page) && page_movable_ops(page);
}

/* As the kernel looks at a page, of which it has a reference. */
static bool isolate(struct page *page)
{
	return is_movable(page) &&
	       page_movable_ops(page)->isolate_page(page, 0);
}

static struct page *target_alloc(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, page);
	return page;
}

static int migrate(struct page *dst, struct page *src)
{
	const struct movable_operations *ops;
	int ret;

	lock_page(src);
	lock_page(dst);
	ops = page_movable_ops(src);
	ret = ops->migrate_page(dst, src, MIGRATE_SYNC);
	if (ret)
		ops->putback_page(src);
	unlock_page(dst);
	unlock_page(src);
	return ret;
}

struct size_param {
	u32 size;
	enum zsm_kind kind;
};

/* 128 on a page; some of them cut in two; one. Then of other kinds. */
static const struct size_param sizes[] = {
	{ 32 }, { 100 }, { 1000 }, { 1360 }, { 2720 }, { 3300 }, { PAGE_SIZE },
	{ 100, ZSM_PAIRS }, { 2040, ZSM_PAIRS }, { PAGE_SIZE, ZSM_PAIRS },
	{ 100, ZSM_TRIPLES }, { 1360, ZSM_TRIPLES }, { 3300, ZSM_TRIPLES },
};

static void size_desc(const struct size_param *param, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%u bytes, kind %u", param->size,
		 param->kind);
}

KUNIT_ARRAY_PARAM(size, sizes, size_desc);

/* An owner with objects that lie tight. */
static struct owner *filled(struct kunit *test, u32 size)
{
	const struct size_param *param = test->param_value;
	struct owner *owner = owner_create_kind(test, param->kind);
	unsigned int i;

	for (i = 0; i < NR_OBJS; i++)
		owner_alloc(test, owner, i, size);
	return owner;
}

static u32 size_of(struct kunit *test)
{
	return ((const struct size_param *)test->param_value)->size;
}

/* The new page takes the old one's place, and the old one is the kernel's alone. */
static void expect_migrates(struct kunit *test, struct zsm_loc loc)
{
	struct page *src = page_under(test, loc);
	struct page *dst = target_alloc(test);

	get_page(src);
	KUNIT_EXPECT_TRUE(test, isolate(src));
	KUNIT_EXPECT_EQ(test, migrate(dst, src), MIGRATEPAGE_SUCCESS);
	KUNIT_EXPECT_PTR_EQ(test, page_under(test, loc), dst);
	KUNIT_EXPECT_FALSE(test, is_movable(src));
	KUNIT_EXPECT_EQ(test, page_private(src), 0);
	KUNIT_EXPECT_EQ(test, page_count(src), 1);
	put_page(src);
	KUNIT_EXPECT_TRUE(test, isolate(dst));
	KUNIT_EXPECT_EQ(test, page_count(dst), 2);
	put_page(dst);
}

/* Each page, the one under each object, has moved; no byte has changed. */
static void migrate_each_test(struct kunit *test)
{
	struct owner *owner = filled(test, size_of(test));
	struct zsm_stats before = stats_of(test);
	struct zsm_stats after;
	unsigned int i;

	for (i = 0; i < NR_OBJS; i++)
		expect_migrates(test, owner->locs[i]);
	after = stats_of(test);
	KUNIT_EXPECT_EQ(test, after.pages_migrated, NR_OBJS);
	KUNIT_EXPECT_EQ(test, after.pages, before.pages);
	KUNIT_EXPECT_EQ(test, after.objects, before.objects);
	KUNIT_EXPECT_EQ(test, after.allocated_bytes, before.allocated_bytes);
	KUNIT_EXPECT_GE(test, owner->moved, NR_OBJS);
	owner_end(test, owner);
}

/* Objects are freed, allocated and moved on pages that have moved. */
static void migrate_then_use_test(struct kunit *test)
{
	struct owner *owner = filled(test, size_of(test));
	unsigned int i;

	for (i = 0; i < NR_OBJS; i++)
		expect_migrates(test, owner->locs[i]);
	for (i = 0; i < NR_OBJS; i++) {
		if (i % 3)
			owner_free(test, owner, i);
	}
	zsm_compact(pool_of(test));
	owner_check(test, owner);
	for (i = 0; i < NR_OBJS; i++) {
		if (i % 3)
			owner_alloc(test, owner, i, size_of(test));
		expect_migrates(test, owner->locs[i]);
	}
	owner_end(test, owner);
}

/* Whichever object of a page holds on to it, the others are let go, and it stays. */
static void migrate_refused_test(struct kunit *test)
{
	struct owner *owner = filled(test, size_of(test));
	struct page *src = page_under(test, owner->locs[NR_OBJS / 2]);
	struct page *dst = target_alloc(test);
	unsigned int n = 0;
	int ret;

	get_page(src);
	do {
		owner->asked = 0;
		owner->moved = 0;
		owner->refused = 0;
		owner->refuse_nth = ++n;
		KUNIT_EXPECT_TRUE(test, isolate(src));
		ret = migrate(dst, src);
		KUNIT_EXPECT_EQ(test, owner->open, 0);
		if (!ret)
			break;
		KUNIT_EXPECT_EQ(test, ret, -EAGAIN);
		KUNIT_EXPECT_EQ(test, owner->asked, n);
		KUNIT_EXPECT_EQ(test, owner->moved, n - 1);
		KUNIT_EXPECT_FALSE(test, is_movable(dst));
		KUNIT_EXPECT_EQ(test, page_count(dst), 1);
		KUNIT_EXPECT_EQ(test, stats_of(test).pages_migrated, 0);
	} while (n <= ZSM_MAX_FROZEN);
	/* Once nothing is refused: after as many as the page has objects. */
	KUNIT_EXPECT_EQ(test, ret, 0);
	KUNIT_EXPECT_EQ(test, owner->asked, n - 1);
	KUNIT_EXPECT_GT(test, n, 1);
	KUNIT_EXPECT_EQ(test, stats_of(test).pages_migrated, 1);
	put_page(src);
	put_page(dst);
	owner_end(test, owner);
}

/* As many objects as a page of 4 KiB can hold may be frozen at once. */
static void migrate_fullest_test(struct kunit *test)
{
	u32 most = PAGE_SIZE / zsm_classes.rows[0].size;
	struct owner *owner = owner_create(test);
	unsigned int i;

	KUNIT_ASSERT_LE(test, most, OWNER_OBJS);
	KUNIT_EXPECT_LE(test, most, ZSM_MAX_FROZEN);
	for (i = 0; i < most; i++)
		owner_alloc(test, owner, i, 1);
	KUNIT_ASSERT_EQ(test, stats_of(test).pages, 1);
	expect_migrates(test, owner->locs[0]);
	KUNIT_EXPECT_EQ(test, owner->moved, most);
	owner_end(test, owner);
}

/* A page that no object needs is the kernel's at once: nothing holds it back. */
static void migrate_given_back_test(struct kunit *test)
{
	struct owner *owner = owner_create(test);
	struct page *page;

	owner_alloc(test, owner, 0, PAGE_SIZE);
	page = page_under(test, owner->locs[0]);
	get_page(page);
	owner_free(test, owner, 0);
	KUNIT_EXPECT_FALSE(test, is_movable(page));
	KUNIT_EXPECT_EQ(test, page_count(page), 1);
	put_page(page);
}

/* A page that is freed between being isolated and being moved. */
static void migrate_freed_test(struct kunit *test)
{
	struct owner *owner = owner_create(test);
	struct page *src;

	owner_alloc(test, owner, 0, PAGE_SIZE);
	src = page_under(test, owner->locs[0]);
	get_page(src);
	KUNIT_EXPECT_TRUE(test, isolate(src));
	owner_free(test, owner, 0);
	KUNIT_EXPECT_FALSE(test, is_movable(src));
	KUNIT_EXPECT_EQ(test, page_count(src), 1);
	put_page(src);
	owner_end(test, owner);
}

/* One that is freed while the kernel has it locked goes when the kernel lets go. */
static void migrate_locked_test(struct kunit *test)
{
	struct owner *owner = owner_create(test);
	unsigned int tries = 1000;
	struct page *src;

	owner_alloc(test, owner, 0, PAGE_SIZE);
	src = page_under(test, owner->locs[0]);
	get_page(src);
	lock_page(src);
	owner_free(test, owner, 0);
	KUNIT_EXPECT_TRUE(test, is_movable(src));
	KUNIT_EXPECT_EQ(test, page_count(src), 2);
	unlock_page(src);
	while (page_count(src) > 1 && --tries)
		msleep(20);
	KUNIT_EXPECT_GT(test, tries, 0);
	KUNIT_EXPECT_FALSE(test, is_movable(src));
	KUNIT_EXPECT_EQ(test, page_private(src), 0);
	put_page(src);
	owner_end(test, owner);
}

/* A pool whose owner cannot be asked has no page that moves. */
static void migrate_absent_test(struct kunit *test)
{
	struct zsm_loc loc;

	pool_use(test, NULL, NULL);
	loc = object_alloc(test, 1000, 0);
	KUNIT_EXPECT_FALSE(test, isolate(page_under(test, loc)));
	zsm_free(pool_of(test), loc);
}

static struct kunit_case migrate_cases[] = {
	KUNIT_CASE_PARAM(migrate_each_test, size_gen_params),
	KUNIT_CASE_PARAM(migrate_then_use_test, size_gen_params),
	KUNIT_CASE_PARAM(migrate_refused_test, size_gen_params),
	KUNIT_CASE(migrate_fullest_test),
	KUNIT_CASE(migrate_given_back_test),
	KUNIT_CASE(migrate_freed_test),
	KUNIT_CASE(migrate_locked_test),
	KUNIT_CASE(migrate_absent_test),
	{}
};

static struct kunit_suite migrate_suite = {
	.name = "zsmalloc_migrate",
	.exit = pool_exit,
	.test_cases = migrate_cases,
};

kunit_test_suite(migrate_suite);
