// SPDX-License-Identifier: GPL-2.0
/* No memory, at each allocation in turn, from set-up to overwriting. */
#include <linux/mm.h>

#include "kunit/nth_failure.h"
#include "kunit/zram/zram_kunit.h"

/* Giving a device its size: it has it, or is as it was and can be tried again. */
static void oom_set_up_test(struct kunit *test)
{
	const char *const *name = test->param_value;
	struct zram *zram = zram_in(test);
	unsigned int n, failed = 0;
	bool injected = true;
	int err = -1;

	for (n = 1; injected && n < NTH_FAILURE_MAX; n++) {
		down_write(&zram->init_lock);
		zram->algos[0].codec = codec_named(test, *name);
		nth_failure_arm(n);
		err = zram_set_up(zram, 16 * SZ_1M);
		injected = nth_failure_disarm();
		up_write(&zram->init_lock);
		if (err) {
			KUNIT_EXPECT_TRUE(test, injected);
			KUNIT_EXPECT_EQ(test, err, -ENOMEM);
			KUNIT_EXPECT_EQ(test, zram->disksize, 0);
			KUNIT_EXPECT_EQ(test, get_capacity(zram->disk), 0);
			failed++;
		} else {
			KUNIT_ASSERT_EQ(test, zram_reset(zram), 0);
		}
	}
	KUNIT_EXPECT_FALSE(test, injected);
	KUNIT_EXPECT_EQ(test, err, 0);
	/* Slots, pool, and for each CPU a buffer and a context, at least. */
	KUNIT_EXPECT_GE(test, failed, 4);
}

/* What a slot may be made to hold. */
static const struct page_kind contents[] = {
	{ "a value outside", NULL },
	{ "text", page_make_text },
	{ "random", page_make_random },
};

static void content_desc(const struct page_kind *param, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%s", param->name);
}

KUNIT_ARRAY_PARAM(content, contents, content_desc);

static void make_content(const struct page_kind *content, void *page, u32 seed)
{
	if (content->make)
		content->make(page, seed);
	else
		page_fill(page, 0x123456789abcdef1ull + seed);
}

/*
 * Stores a page into a slot while each allocation fails in turn, until no more
 * does. The slot holds @old, or the new page as soon as that was acknowledged.
 */
static unsigned int store_until_it_works(struct kunit *test, u32 index,
					 const void *old, const void *new)
{
	struct zram *zram = zram_in(test);
	unsigned int n, failed = 0;
	bool injected = true;

	for (n = 1; injected && n < NTH_FAILURE_MAX; n++) {
		int err;

		nth_failure_arm(n);
		err = zram_store_page(zram, index, new, ZRAM_GFP);
		injected = nth_failure_disarm();
		if (!err) {
			KUNIT_EXPECT_TRUE(test, page_is_stored(test, index,
							       new));
			return failed;
		}
		KUNIT_EXPECT_TRUE(test, injected);
		KUNIT_EXPECT_EQ(test, err, -ENOMEM);
		KUNIT_EXPECT_TRUE(test, page_is_stored(test, index, old));
		failed++;
	}
	KUNIT_FAIL(test, "it never works");
	return failed;
}

/*
 * The first page of a device, and of leaf after leaf: leaf, descriptor, table, page. What
 * is tried again succeeds although an allocation failed, so each has slots of its own.
 */
static void oom_first_store_test(struct kunit *test)
{
	const unsigned int nr_leaves = 64;
	void *page = page_alloc(test);
	void *zero = page_alloc(test);
	unsigned int n, failed = 0;
	bool injected = true;

	device_set_up(test, NULL,
		      nr_leaves * ZRAM_SLOTS_PER_LEAF * (u64)PAGE_SIZE);
	make_content(test->param_value, page, 1);
	for (n = 1; injected; n++) {
		u32 index = n * ZRAM_SLOTS_PER_LEAF;
		int err;

		KUNIT_ASSERT_LT(test, n, nr_leaves);
		nth_failure_arm(n);
		err = zram_store_page(zram_in(test), index, page, ZRAM_GFP);
		injected = nth_failure_disarm();
		if (err) {
			KUNIT_EXPECT_TRUE(test, injected);
			KUNIT_EXPECT_EQ(test, err, -ENOMEM);
			failed++;
		}
		KUNIT_EXPECT_TRUE(test, page_is_stored(test, index,
						       err ? zero : page));
	}
	/* Some allocation was made to fail; a compressed page is tried once more. */
	KUNIT_EXPECT_GT(test, n, 2);
	KUNIT_EXPECT_EQ(test, mm_stats_of(test).n[MM_ORIG],
			(n - 1 - failed) * PAGE_SIZE);
}

/* Over pages of each other kind, and of its own. */
static void oom_overwrite_test(struct kunit *test)
{
	void *new = page_alloc(test);
	void *old = page_alloc(test);
	struct zsm_stats pool;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(contents); i++) {
		device_set_up(test, NULL, SZ_1M);
		make_content(&contents[i], old, 1);
		page_store(test, 0, old);
		make_content(test->param_value, new, 2);
		store_until_it_works(test, 0, old, new);
		KUNIT_EXPECT_EQ(test, mm_stats_of(test).n[MM_ORIG], PAGE_SIZE);
		zsm_stats(zram_in(test)->pool, &pool);
		KUNIT_EXPECT_EQ(test, pool.objects, 1);
		KUNIT_ASSERT_EQ(test, zram_reset(zram_in(test)), 0);
	}
}

/* Memory that is not there without waiting is waited for: a write succeeds. */
static void oom_waits_test(struct kunit *test)
{
	void *page = page_alloc(test);
	unsigned int survived = 0;
	u32 i;

	device_set_up(test, NULL, SZ_1M);
	page_store(test, 0, page);
	for (i = 1; i < 40; i++) {
		page_make_prefix(page, 3300 - i);
		nth_failure_arm(1);
		KUNIT_EXPECT_EQ(test,
				zram_store_page(zram_in(test), i, page, ZRAM_GFP),
				0);
		survived += nth_failure_disarm();
		KUNIT_EXPECT_TRUE(test, page_is_stored(test, i, page));
	}
	KUNIT_EXPECT_GT(test, survived, 10);
}

/* Reading, dropping and moving allocate nothing, whatever the codec. */
static void oom_never_test(struct kunit *test)
{
	const char *const *name = test->param_value;
	void *page = page_alloc(test);
	void *got = page_alloc(test);
	unsigned int i;

	device_set_up(test, codec_named(test, *name), SZ_1M);
	for (i = 0; i < nr_page_kinds; i++) {
		page_kinds[i].make(page, i);
		page_store(test, i, page);
	}
	nth_failure_arm(1);
	for (i = 0; i < nr_page_kinds; i++)
		KUNIT_EXPECT_EQ(test, page_load(test, i, got), 0);
	zram_drop_pages(zram_in(test), 0, 2);
	zram_try_drop_page(zram_in(test), 3);
	zsm_compact(zram_in(test)->pool);
	zram_drop_pages(zram_in(test), 0, 256);
	KUNIT_EXPECT_FALSE(test, nth_failure_disarm());
}

static struct kunit_case oom_cases[] = {
	KUNIT_CASE_PARAM(oom_set_up_test, each_codec),
	KUNIT_CASE_PARAM(oom_first_store_test, content_gen_params),
	KUNIT_CASE_PARAM(oom_overwrite_test, content_gen_params),
	KUNIT_CASE(oom_waits_test),
	KUNIT_CASE_PARAM(oom_never_test, each_codec),
	{}
};

static struct kunit_suite oom_suite = {
	.name = "zram_oom",
	.init = device_init,
	.exit = device_exit,
	.test_cases = oom_cases,
};

kunit_test_suite(oom_suite);
