// SPDX-License-Identifier: GPL-2.0
/* Slots: from what they hold to what they hold next. */
#include <linux/mm.h>

#include "kunit/zram/zram_kunit.h"

/* All that a slot can hold, and what it then costs. */
struct content {
	const char *name;
	void (*make)(void *page, u32 seed);
	bool empty, same, object, huge;
};

static void make_small_value(void *page, u32 seed)
{
	page_fill(page, 1000 + seed);
}

static void make_high_value(void *page, u32 seed)
{
	page_fill(page, 0xffff888000000000ull + ((u64)seed << 12));
}

static void make_twice_value(void *page, u32 seed)
{
	page_fill(page, 0x9abcdef89abcdef8ull + seed * 0x100000001ull);
}

static void make_other_value(void *page, u32 seed)
{
	page_fill(page, 0x123456789abcdef1ull + seed);
}

/* One that compresses to much more than text does. */
static void make_half_random(void *page, u32 seed)
{
	page_make_random(page, seed);
	memset(page + PAGE_SIZE / 2, 0, PAGE_SIZE / 2);
}

static const struct content contents[] = {
	{ "nothing", page_make_zero, .empty = true },
	{ "zeroes", page_make_zero, .same = true },
	{ "small value", make_small_value, .same = true },
	{ "high value", make_high_value, .same = true },
	{ "32 bits twice", make_twice_value, .same = true },
	{ "value outside", make_other_value, .same = true, .object = true },
	{ "text", page_make_text, .object = true },
	{ "half random", make_half_random, .object = true },
	{ "random", page_make_random, .object = true, .huge = true },
};

/* From each content to each. */
struct transition {
	const struct content *from, *to;
};

static struct transition transitions[ARRAY_SIZE(contents)]
				    [ARRAY_SIZE(contents)];

static const void *each_transition(const void *prev, char *desc)
{
	struct transition *all = &transitions[0][0];
	unsigned int i = prev ? (const struct transition *)prev - all + 1 : 0;

	if (i == ARRAY_SIZE(contents) * ARRAY_SIZE(contents))
		return NULL;
	all[i].from = &contents[i / ARRAY_SIZE(contents)];
	all[i].to = &contents[i % ARRAY_SIZE(contents)];
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%s to %s", all[i].from->name,
		 all[i].to->name);
	return &all[i];
}

static void put(struct kunit *test, u32 index, const struct content *content,
		u32 seed, void *page)
{
	content->make(page, seed);
	if (content->empty)
		zram_drop_pages(zram_in(test), index, 1);
	else
		page_store(test, index, page);
}

/* One slot holds @content, and the device nothing else. */
static void expect_content(struct kunit *test, u32 index,
			   const struct content *content, const void *page)
{
	struct mm_stats mm = mm_stats_of(test);
	struct zsm_word value = slot_value(test, index);
	struct zsm_stats pool;

	zsm_stats(zram_in(test)->pool, &pool);
	KUNIT_EXPECT_TRUE(test, page_is_stored(test, index, page));
	KUNIT_EXPECT_EQ(test, zram_slot_empty(value), content->empty);
	KUNIT_EXPECT_EQ(test, !!(value.bits & ZRAM_SLOT_SAME), content->same);
	KUNIT_EXPECT_EQ(test, !!(value.bits & ZRAM_SLOT_HUGE), content->huge);
	KUNIT_EXPECT_EQ(test, pool.objects, content->object);
	KUNIT_EXPECT_EQ(test, mm.n[MM_ORIG], content->empty ? 0 : PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, mm.n[MM_SAME], content->same);
	KUNIT_EXPECT_EQ(test, mm.n[MM_HUGE], content->huge);
	KUNIT_EXPECT_EQ(test, mm.n[MM_COMPR],
			content->empty || content->same ? 0 :
			zram_slot_size(value));
}

static void slot_transition_test(struct kunit *test)
{
	const struct transition *t = test->param_value;
	void *page = page_alloc(test);

	device_set_up(test, NULL, SZ_1M);
	put(test, 5, t->from, 1, page);
	expect_content(test, 5, t->from, page);
	put(test, 5, t->to, 2, page);
	expect_content(test, 5, t->to, page);
	zram_drop_pages(zram_in(test), 5, 1);
	page_make_zero(page, 0);
	expect_content(test, 5, &contents[0], page);
}

/* A slot beside one that changes stays as it is. */
static void slot_neighbours_test(struct kunit *test)
{
	void *page = page_alloc(test);
	u32 i, k;

	device_set_up(test, NULL, SZ_1M);
	for (i = 0; i < 9; i++) {
		contents[i].make(page, i);
		page_store(test, i, page);
	}
	for (k = 0; k < 9; k++) {
		contents[(k + 4) % 9].make(page, 100);
		page_store(test, k, page);
		for (i = 0; i < 9; i++) {
			if (i <= k)
				contents[(i + 4) % 9].make(page, 100);
			else
				contents[i].make(page, i);
			KUNIT_EXPECT_TRUE_MSG(test,
					      page_is_stored(test, i, page),
					      "slot %u after %u", i, k);
		}
	}
}

/* What was never written reads as zeroes and makes no leaf. */
static void slot_never_written_test(struct kunit *test)
{
	struct mm_stats before;
	void *page = page_alloc(test);

	device_set_up(test, NULL, 16 * SZ_1M);
	before = mm_stats_of(test);
	KUNIT_EXPECT_TRUE(test, page_is_stored(test, 0, page));
	KUNIT_EXPECT_TRUE(test, page_is_stored(test, 4095, page));
	zram_drop_pages(zram_in(test), 0, 4096);
	KUNIT_EXPECT_TRUE(test, zram_try_drop_page(zram_in(test), 17));
	KUNIT_EXPECT_EQ(test, mm_stats_of(test).n[MM_USED], before.n[MM_USED]);
}

/* The first page written to a leaf makes it, no other one does. */
static void slot_leaves_test(struct kunit *test)
{
	u64 used;
	void *page = page_alloc(test);

	device_set_up(test, NULL, 16 * SZ_1M);
	used = mm_stats_of(test).n[MM_USED];
	page_store(test, 0, page);
	KUNIT_EXPECT_EQ(test, mm_stats_of(test).n[MM_USED], used + PAGE_SIZE);
	page_store(test, ZRAM_SLOTS_PER_LEAF - 1, page);
	KUNIT_EXPECT_EQ(test, mm_stats_of(test).n[MM_USED], used + PAGE_SIZE);
	page_store(test, ZRAM_SLOTS_PER_LEAF, page);
	KUNIT_EXPECT_EQ(test, mm_stats_of(test).n[MM_USED],
			used + 2 * PAGE_SIZE);
	zram_drop_pages(zram_in(test), 0, 4096);
	KUNIT_EXPECT_EQ(test, mm_stats_of(test).n[MM_USED],
			used + 2 * PAGE_SIZE);
}

/* The last slot of a device is one like the others. */
static void slot_last_test(struct kunit *test)
{
	void *page = page_alloc(test);
	u32 last = SZ_4M / PAGE_SIZE - 1;

	device_set_up(test, NULL, SZ_4M);
	page_make_text(page, 1);
	page_store(test, last, page);
	KUNIT_EXPECT_TRUE(test, page_is_stored(test, last, page));
	zram_drop_pages(zram_in(test), last, 1);
	KUNIT_EXPECT_EQ(test, slot_value(test, last).bits, 0);
}

/* A range of slots goes, across leaves that are there and not, and no more. */
static void slot_drop_range_test(struct kunit *test)
{
	static const u32 at[] = { 0, 1, 510, 511, 512, 513, 1535, 1536, 2000 };
	void *page = page_alloc(test);
	unsigned int i;

	device_set_up(test, NULL, 16 * SZ_1M);
	for (i = 0; i < ARRAY_SIZE(at); i++) {
		page_make_text(page, at[i]);
		page_store(test, at[i], page);
	}
	zram_drop_pages(zram_in(test), 1, 1535);
	for (i = 0; i < ARRAY_SIZE(at); i++) {
		if (at[i] >= 1 && at[i] < 1536)
			page_make_zero(page, 0);
		else
			page_make_text(page, at[i]);
		KUNIT_EXPECT_TRUE_MSG(test, page_is_stored(test, at[i], page),
				      "slot %u", at[i]);
	}
	KUNIT_EXPECT_EQ(test, mm_stats_of(test).n[MM_ORIG], 3 * PAGE_SIZE);
	zram_drop_pages(zram_in(test), 0, 0);
	KUNIT_EXPECT_EQ(test, mm_stats_of(test).n[MM_ORIG], 3 * PAGE_SIZE);
}

/* A slot that is locked is not waited for, and keeps what it has. */
static void slot_try_drop_test(struct kunit *test)
{
	void *page = page_alloc(test);
	struct zsm_word value;

	device_set_up(test, NULL, SZ_1M);
	page_make_text(page, 1);
	page_store(test, 3, page);
	value = slot_value(test, 3);
	slot_poke(test, 3, slot_locked(value));
	KUNIT_EXPECT_FALSE(test, zram_try_drop_page(zram_in(test), 3));
	KUNIT_EXPECT_EQ(test, slot_value(test, 3).bits,
			value.bits | ZSM_WORD_LOCK);
	slot_poke(test, 3, value);
	KUNIT_EXPECT_TRUE(test, page_is_stored(test, 3, page));
	KUNIT_EXPECT_TRUE(test, zram_try_drop_page(zram_in(test), 3));
	KUNIT_EXPECT_EQ(test, slot_value(test, 3).bits, 0);
	KUNIT_EXPECT_EQ(test, mm_stats_of(test).n[MM_ORIG], 0);
}

/* Swap's notification: counted, and counted as missed if the slot is locked. */
static void slot_free_notify_test(struct kunit *test)
{
	struct block_device *bdev = zram_in(test)->disk->part0;
	void *page = page_alloc(test);
	char buf[64];
	struct zsm_word value;

	device_set_up(test, NULL, SZ_1M);
	page_make_text(page, 1);
	page_store(test, 3, page);
	value = slot_value(test, 3);
	slot_poke(test, 3, slot_locked(value));
	zram_slot_free_notify(bdev, 3);
	slot_poke(test, 3, value);
	KUNIT_EXPECT_TRUE(test, page_is_stored(test, 3, page));
	zram_slot_free_notify(bdev, 3);
	KUNIT_EXPECT_EQ(test, slot_value(test, 3).bits, 0);

	knob_read(DEVICE_KNOB("io_stat"), buf, sizeof(buf));
	KUNIT_EXPECT_STREQ(test, strim(buf), "0        0        0        2");
	knob_read(DEVICE_KNOB("debug_stat"), buf, sizeof(buf));
	KUNIT_EXPECT_STREQ(test, buf, "version: 1\n       0        1\n");
}

/* Pages of one size class write over each other in place. */
static void slot_overwrite_in_place_test(struct kunit *test)
{
	void *page = page_alloc(test);
	struct zsm_loc loc;

	device_set_up(test, NULL, SZ_1M);
	page_make_random(page, 1);
	page_store(test, 0, page);
	loc = zram_slot_loc(slot_value(test, 0));
	page_make_random(page, 2);
	page_store(test, 0, page);
	KUNIT_EXPECT_EQ(test, zram_slot_loc(slot_value(test, 0)).value,
			loc.value);
	KUNIT_EXPECT_TRUE(test, page_is_stored(test, 0, page));
	KUNIT_EXPECT_EQ(test, mm_stats_of(test).n[MM_HUGE], 1);
	KUNIT_EXPECT_EQ(test, mm_stats_of(test).n[MM_HUGE_SINCE], 2);
}

static struct kunit_case slot_cases[] = {
	KUNIT_CASE_PARAM(slot_transition_test, each_transition),
	KUNIT_CASE(slot_neighbours_test),
	KUNIT_CASE(slot_never_written_test),
	KUNIT_CASE(slot_leaves_test),
	KUNIT_CASE(slot_last_test),
	KUNIT_CASE(slot_drop_range_test),
	KUNIT_CASE(slot_try_drop_test),
	KUNIT_CASE(slot_free_notify_test),
	KUNIT_CASE(slot_overwrite_in_place_test),
	{}
};

static struct kunit_suite slot_suite = {
	.name = "zram_slot",
	.init = device_init,
	.exit = device_exit,
	.test_cases = slot_cases,
};

kunit_test_suite(slot_suite);
