// SPDX-License-Identifier: GPL-2.0
/* mem_limit and mem_used_max. */
#include <linux/mm.h>

#include "kunit/zram/zram_kunit.h"

static void set_limit(struct kunit *test, u64 bytes)
{
	char text[24];

	snprintf(text, sizeof(text), "%llu", bytes);
	KUNIT_ASSERT_EQ(test, knob_write(DEVICE_KNOB("mem_limit"), text),
			strlen(text));
}

/* Stores random pages until one is refused; returns how many were taken. */
static u32 fill_up(struct kunit *test, u32 first)
{
	void *page = page_alloc(test);
	u32 i;

	for (i = first; i < 256; i++) {
		int err;

		page_make_random(page, i);
		err = zram_store_page(zram_in(test), i, page, ZRAM_GFP);
		if (err) {
			KUNIT_EXPECT_EQ(test, err, -EDQUOT);
			break;
		}
	}
	return i;
}

static void expect_pages(struct kunit *test, u32 first, u32 end)
{
	void *page = page_alloc(test);
	u32 i;

	for (i = first; i < end; i++) {
		page_make_random(page, i);
		KUNIT_EXPECT_TRUE_MSG(test, page_is_stored(test, i, page),
				      "slot %u", i);
	}
}

/* As much is stored as the limit allows, no more, and all of it is there. */
static void limit_holds_test(struct kunit *test)
{
	u64 start, limit;
	u32 taken;

	device_set_up(test, NULL, SZ_1M);
	start = zram_used_bytes(zram_in(test));
	limit = PAGE_ALIGN(start + 40 * PAGE_SIZE);
	set_limit(test, limit);
	taken = fill_up(test, 0);
	KUNIT_EXPECT_GE(test, taken, 30);
	KUNIT_EXPECT_LE(test, taken, 40);
	KUNIT_EXPECT_LE(test, zram_used_bytes(zram_in(test)), limit);
	KUNIT_EXPECT_EQ(test, mm_stats_of(test).n[MM_LIMIT], limit);
	expect_pages(test, 0, taken);
	KUNIT_EXPECT_EQ(test, slot_value(test, taken).bits, 0);
}

/* A larger limit, or room, and the same write succeeds. */
static void limit_is_raised_test(struct kunit *test)
{
	u32 taken, more;

	device_set_up(test, NULL, SZ_1M);
	set_limit(test, zram_used_bytes(zram_in(test)) + 40 * PAGE_SIZE);
	taken = fill_up(test, 0);
	set_limit(test, zram_used_bytes(zram_in(test)) + 20 * PAGE_SIZE);
	more = fill_up(test, taken);
	KUNIT_EXPECT_GT(test, more, taken + 10);
	zram_drop_pages(zram_in(test), 0, 16);
	KUNIT_EXPECT_GE(test, fill_up(test, more), more + 15);
	set_limit(test, 0);
	KUNIT_EXPECT_EQ(test, fill_up(test, more), 256);
	expect_pages(test, 16, 256);
}

/* Below what is used already: nothing is lost, and nothing more is taken. */
static void limit_is_lowered_test(struct kunit *test)
{
	void *page = page_alloc(test);

	device_set_up(test, NULL, SZ_1M);
	KUNIT_ASSERT_EQ(test, fill_up(test, 200), 256);
	set_limit(test, PAGE_SIZE);
	page_make_random(page, 1);
	KUNIT_EXPECT_EQ(test,
			zram_store_page(zram_in(test), 0, page, ZRAM_GFP),
			-EDQUOT);
	expect_pages(test, 200, 256);
	/* What takes no more memory is taken. */
	page_make_zero(page, 0);
	KUNIT_EXPECT_EQ(test,
			zram_store_page(zram_in(test), 0, page, ZRAM_GFP), 0);
	page_make_random(page, 201);
	KUNIT_EXPECT_EQ(test,
			zram_store_page(zram_in(test), 200, page, ZRAM_GFP), 0);
	KUNIT_EXPECT_TRUE(test, page_is_stored(test, 200, page));
}

/* A refused write leaves what the slot held, whatever that was. */
static void limit_keeps_old_test(struct kunit *test)
{
	const struct page_kind *kind = test->param_value;
	void *page = page_alloc(test);
	void *random = page_alloc(test);

	device_set_up(test, NULL, SZ_1M);
	kind->make(page, 1);
	page_store(test, 0, page);
	page_make_random(random, 9);
	set_limit(test, PAGE_SIZE);
	/* One that is as large is written over in place, which costs nothing. */
	if (slot_value(test, 0).bits & ZRAM_SLOT_HUGE) {
		page_store(test, 0, random);
		KUNIT_EXPECT_TRUE(test, page_is_stored(test, 0, random));
		return;
	}
	KUNIT_EXPECT_EQ(test,
			zram_store_page(zram_in(test), 0, random, ZRAM_GFP),
			-EDQUOT);
	KUNIT_EXPECT_TRUE(test, page_is_stored(test, 0, page));
}

/*
 * What is not larger than what the slot has goes into the same object, and is refused
 * nothing.
 */
static void limit_overwrites_test(struct kunit *test)
{
	const struct page_kind *kind = test->param_value;
	void *page = page_alloc(test);
	u64 used;

	device_set_up(test, NULL, SZ_1M);
	page_make_random(page, 9);
	page_store(test, 0, page);
	set_limit(test, PAGE_SIZE);
	used = zram_used_bytes(zram_in(test));
	kind->make(page, 1);
	page_store(test, 0, page);
	KUNIT_EXPECT_TRUE(test, page_is_stored(test, 0, page));
	KUNIT_EXPECT_LE(test, zram_used_bytes(zram_in(test)), used);
	/* It has not lost what it is in: the limit lets it go elsewhere now. */
	set_limit(test, 0);
	kind->make(page, 2);
	page_store(test, 0, page);
	KUNIT_EXPECT_TRUE(test, page_is_stored(test, 0, page));
}

/* A page goes into what room others have left, though it is of another size. */
static void limit_room_is_used_test(struct kunit *test)
{
	void *page = page_alloc(test);
	u32 i;

	device_set_up(test, NULL, SZ_1M);
	zsm_set_max_waste(zram_in(test)->pool, 0);
	for (i = 0; i < 64; i++) {
		page_make_prefix(page, PAGE_SIZE / 2 + 200);
		page_store(test, i, page);
	}
	set_limit(test, PAGE_SIZE);
	for (i = 1; i < 64; i += 4)
		zram_drop_pages(zram_in(test), i, 1);
	page_make_prefix(page, 100);
	page_store(test, 1, page);
	page_store(test, 100, page);
	KUNIT_EXPECT_TRUE(test, page_is_stored(test, 1, page));
	KUNIT_EXPECT_TRUE(test, page_is_stored(test, 100, page));
}

/* The last part of the limit is for what a file system must write to stay whole. */
static void limit_urgent_test(struct kunit *test)
{
	void *page = page_alloc(test);
	unsigned int more = 0;
	u64 limit;
	u32 taken;

	device_set_up(test, NULL, SZ_2M);
	limit = zram_used_bytes(zram_in(test)) + 200 * PAGE_SIZE;
	set_limit(test, limit);
	taken = fill_up(test, 0);
	page_make_text(page, 1);
	page_store(test, 300, page);
	KUNIT_EXPECT_TRUE(test, page_is_stored(test, 300, page));
	for (; more < 100; more++) {
		page_make_random(page, taken + more);
		if (zram_store_page(zram_in(test), taken + more, page,
				    ZRAM_GFP | __GFP_HIGH))
			break;
	}
	KUNIT_EXPECT_GE(test, more, 2u);
	KUNIT_EXPECT_LE(test, mm_stats_of(test).n[MM_MAX], limit);
	expect_pages(test, 0, taken + more);
}

/* The high-water mark is the most there was, until it is set back. */
static void limit_used_max_test(struct kunit *test)
{
	struct mm_stats mm;

	device_set_up(test, NULL, SZ_1M);
	fill_up(test, 200);
	mm = mm_stats_of(test);
	KUNIT_EXPECT_EQ(test, mm.n[MM_MAX], mm.n[MM_USED]);
	zram_drop_pages(zram_in(test), 0, 256);
	KUNIT_EXPECT_EQ(test, mm_stats_of(test).n[MM_MAX], mm.n[MM_USED]);
	KUNIT_EXPECT_LT(test, mm_stats_of(test).n[MM_USED], mm.n[MM_USED]);
	KUNIT_EXPECT_EQ(test, knob_write(DEVICE_KNOB("mem_used_max"), "0"), 1);
	mm = mm_stats_of(test);
	KUNIT_EXPECT_EQ(test, mm.n[MM_MAX], mm.n[MM_USED]);
}

static struct kunit_case limit_cases[] = {
	KUNIT_CASE(limit_holds_test),
	KUNIT_CASE(limit_is_raised_test),
	KUNIT_CASE(limit_is_lowered_test),
	KUNIT_CASE_PARAM(limit_keeps_old_test, each_page_kind),
	KUNIT_CASE_PARAM(limit_overwrites_test, each_page_kind),
	KUNIT_CASE(limit_room_is_used_test),
	KUNIT_CASE(limit_urgent_test),
	KUNIT_CASE(limit_used_max_test),
	{}
};

static struct kunit_suite limit_suite = {
	.name = "zram_limit",
	.init = device_init,
	.exit = device_exit,
	.test_cases = limit_cases,
};

kunit_test_suite(limit_suite);
