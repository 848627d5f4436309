// SPDX-License-Identifier: GPL-2.0
/* Recompression that works by itself, beside what else happens to a device. */
#include <linux/delay.h>
#include <linux/mm.h>

#include "zram/slot.h"
#include "kunit/zram/zram_kunit.h"

#define NR_PAGES 256
/* More than a pause after another task had work_lock. */
#define SOME_MS 400
#define MOST_MS 60000

/* A device whose pages a second algorithm takes over at once, if it is on. */
static void set_up(struct kunit *test)
{
	KUNIT_ASSERT_GT(test, knob_write(DEVICE_KNOB("recomp_algorithm"),
					 "algo=w64hc priority=1"), 0);
	KUNIT_ASSERT_GT(test, knob_write(DEVICE_KNOB("recompress_age"), "0"), 0);
	KUNIT_ASSERT_GT(test, knob_write(DEVICE_KNOB("recompress_rate"), "100"), 0);
	device_set_up(test, codec_named(test, "lz4"), 4 * SZ_1M);
}

static void turn(struct kunit *test, const char *on)
{
	KUNIT_ASSERT_GT(test, knob_write(DEVICE_KNOB("recompress_auto"), on), 0);
}

static void store_all(struct kunit *test, u32 seed)
{
	void *page = page_alloc(test);
	u32 i;

	for (i = 0; i < NR_PAGES; i++) {
		page_make_text(page, seed + i);
		page_store(test, i, page);
	}
}

static void expect_all(struct kunit *test, u32 seed)
{
	void *page = page_alloc(test);
	u32 i;

	for (i = 0; i < NR_PAGES; i++) {
		page_make_text(page, seed + i);
		KUNIT_EXPECT_TRUE(test, page_is_stored(test, i, page));
	}
}

/* Pages that no second algorithm was tried on. */
static u32 untried(struct kunit *test)
{
	u32 i, n = 0;

	for (i = 0; i < NR_PAGES; i++)
		n += !zram_slot_tried(slot_value(test, i));
	return n;
}

static u32 idle(struct kunit *test)
{
	u32 i, n = 0;

	for (i = 0; i < NR_PAGES; i++)
		n += !!(slot_value(test, i).bits & ZRAM_SLOT_IDLE);
	return n;
}

static void expect_all_tried(struct kunit *test)
{
	u32 ms;

	for (ms = 0; ms < MOST_MS && untried(test); ms += 20)
		msleep(20);
	KUNIT_EXPECT_EQ(test, untried(test), 0);
}

static void recompress_auto_test(struct kunit *test)
{
	u64 before;

	set_up(test);
	store_all(test, 0);
	msleep(SOME_MS);
	KUNIT_EXPECT_EQ(test, untried(test), NR_PAGES);
	before = mm_stats_of(test).n[MM_COMPR];
	turn(test, "1");
	expect_all_tried(test);
	KUNIT_EXPECT_LT(test, mm_stats_of(test).n[MM_COMPR], before);
	expect_all(test, 0);
	/* What comes later is found by itself, too. */
	store_all(test, NR_PAGES);
	expect_all_tried(test);
	expect_all(test, NR_PAGES);
	turn(test, "0");
	store_all(test, 0);
	msleep(SOME_MS);
	KUNIT_EXPECT_EQ(test, untried(test), NR_PAGES);
}

/* A user's mark stays, on a page that is compressed again and on one that gains nothing. */
static void recompress_auto_keeps_marks_test(struct kunit *test)
{
	set_up(test);
	store_all(test, 0);
	KUNIT_ASSERT_GT(test, knob_write(DEVICE_KNOB("idle"), "all"), 0);
	turn(test, "1");
	expect_all_tried(test);
	KUNIT_EXPECT_EQ(test, idle(test), NR_PAGES);
	expect_all(test, 0);
}

/* It leaves the pages to a task that works on them already, or has to be first. */
static void recompress_auto_comes_last_test(struct kunit *test)
{
	struct zram *zram = zram_in(test);

	set_up(test);
	store_all(test, 0);
	mutex_lock(&zram->tier.work_lock);
	turn(test, "1");
	msleep(SOME_MS);
	KUNIT_EXPECT_EQ(test, untried(test), NR_PAGES);
	WRITE_ONCE(zram->tier.worker.waits, true);
	mutex_unlock(&zram->tier.work_lock);
	msleep(SOME_MS);
	KUNIT_EXPECT_EQ(test, untried(test), NR_PAGES);
	WRITE_ONCE(zram->tier.worker.waits, false);
	expect_all_tried(test);
	expect_all(test, 0);
}

/* Settings change, and the device goes, in the middle of its work. */
static void recompress_auto_stops_test(struct kunit *test)
{
	u32 round;

	for (round = 0; round < 20; round++) {
		set_up(test);
		turn(test, "1");
		store_all(test, round);
		KUNIT_EXPECT_GT(test, knob_write(DEVICE_KNOB("recompress_rate"), "50"), 0);
		turn(test, "0");
		turn(test, "1");
		msleep(round);
		expect_all(test, round);
		KUNIT_ASSERT_EQ(test, zram_reset(zram_in(test)), 0);
		KUNIT_EXPECT_FALSE(test, zram_in(test)->tier.recompress.on);
	}
}

static struct kunit_case recompress_cases[] = {
	KUNIT_CASE(recompress_auto_test),
	KUNIT_CASE(recompress_auto_keeps_marks_test),
	KUNIT_CASE(recompress_auto_comes_last_test),
	KUNIT_CASE(recompress_auto_stops_test),
	{}
};

static struct kunit_suite recompress_suite = {
	.name = "zram_recompress",
	.init = device_init,
	.exit = device_exit,
	.test_cases = recompress_cases,
};

kunit_test_suite(recompress_suite);
