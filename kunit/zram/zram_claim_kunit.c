// SPDX-License-Identifier: GPL-2.0
/*
 * Pages that recompression and writeback work on a copy of: what comes between, and
 * who has the page then.
 */
#include <linux/mm.h>

#include "zram/claim.h"
#include "zram/slot.h"
#include "kunit/zram/zram_kunit.h"

/* The slots of each case; the one in the middle is claimed. */
#define NR_PAGES 3
#define CLAIMED 1

/* What may happen to a page while it is claimed. */
struct event {
	const char *name;
	void (*happens)(struct kunit *test, void *page);
	bool keeps;	/* it is still the same page */
	bool drops;	/* it is gone */
};

/* Of the same size: into the same object, if it can be. */
static void store_again(struct kunit *test, void *page)
{
	page_store(test, CLAIMED, page);
}

static void store_larger(struct kunit *test, void *page)
{
	page_make_random(page, 1);
	page_store(test, CLAIMED, page);
}

static void store_zeroes(struct kunit *test, void *page)
{
	page_make_zero(page, 0);
	page_store(test, CLAIMED, page);
}

static void drop(struct kunit *test, void *page)
{
	zram_drop_pages(zram_in(test), CLAIMED, 1);
}

static void try_drop(struct kunit *test, void *page)
{
	KUNIT_EXPECT_TRUE(test, zram_try_drop_page(zram_in(test), CLAIMED));
}

static void drop_and_store(struct kunit *test, void *page)
{
	zram_drop_pages(zram_in(test), CLAIMED, 1);
	page_store(test, CLAIMED, page);
}

static void load(struct kunit *test, void *page)
{
	KUNIT_EXPECT_TRUE(test, page_is_stored(test, CLAIMED, page));
}

/* The pool moves the object elsewhere. */
static void move(struct kunit *test, void *page)
{
	struct zram *zram = zram_in(test);
	struct zsm_word value = slot_value(test, CLAIMED);
	u32 size = zram_slot_size(value);
	struct zsm_loc old = zram_slot_loc(value);
	u8 *bytes = page_alloc(test);
	bool frozen;
	struct zsm_loc loc;

	KUNIT_ASSERT_EQ(test, zsm_alloc(zram->pool, size, GFP_KERNEL, CLAIMED,
					&loc), 0);
	zsm_read(zram->pool, old, bytes, size);
	zsm_write(zram->pool, loc, bytes, size);
	preempt_disable();
	frozen = zram_slot_ops.freeze(zram, CLAIMED, old);
	if (frozen)
		zram_slot_ops.thaw(zram, CLAIMED, loc);
	preempt_enable();
	KUNIT_EXPECT_TRUE(test, frozen);
	zsm_free(zram->pool, frozen ? old : loc);
}

static const struct event events[] = {
	{ "nothing", .keeps = true },
	{ "read", load, .keeps = true },
	{ "moved", move, .keeps = true },
	{ "stored as it is", store_again },
	{ "stored larger", store_larger },
	{ "stored as zeroes", store_zeroes },
	{ "dropped", drop, .drops = true },
	{ "dropped by swap", try_drop, .drops = true },
	{ "dropped and stored", drop_and_store },
};

KUNIT_ARRAY_PARAM_DESC(event, events, name);

/* Three pages. Returns room for one, which holds the one that is claimed. */
static void *set_up(struct kunit *test)
{
	void *page = page_alloc(test);
	u32 i;

	device_set_up(test, NULL, SZ_1M);
	for (i = 0; i < NR_PAGES; i++) {
		page_make_text(page, i);
		page_store(test, i, page);
	}
	page_make_text(page, CLAIMED);
	return page;
}

static int claim(struct kunit *test, struct zsm_word seen, void *copy)
{
	struct zram *zram = zram_in(test);
	int err;

	mutex_lock(&zram->tier.work_lock);
	err = zram_claim_page(zram, CLAIMED, seen, 0, copy);
	mutex_unlock(&zram->tier.work_lock);
	return err;
}

static u64 objects(struct kunit *test)
{
	struct zsm_stats stats;

	zsm_stats(zram_in(test)->pool, &stats);
	return stats.objects;
}

/* Claims the page, and lets the event happen. What is expected is in @page then. */
static void claim_and(struct kunit *test, const struct event *event, void *page)
{
	void *copy = page_alloc(test);

	KUNIT_ASSERT_EQ(test, claim(test, slot_value(test, CLAIMED), copy), 0);
	KUNIT_EXPECT_MEMEQ(test, copy, page, PAGE_SIZE);
	KUNIT_EXPECT_TRUE(test, !!(slot_value(test, CLAIMED).bits &
				   ZRAM_SLOT_CLAIMED));
	if (event->happens)
		event->happens(test, page);
	if (event->drops)
		page_make_zero(page, 0);
	KUNIT_EXPECT_EQ(test, !!(slot_value(test, CLAIMED).bits & ZRAM_SLOT_CLAIMED),
			event->keeps);
}

static void expect_all(struct kunit *test, void *page)
{
	KUNIT_EXPECT_TRUE(test, page_is_stored(test, CLAIMED, page));
	page_make_text(page, 0);
	KUNIT_EXPECT_TRUE(test, page_is_stored(test, 0, page));
	page_make_text(page, 2);
	KUNIT_EXPECT_TRUE(test, page_is_stored(test, 2, page));
}

/* Only a page that is still the same is replaced; what it had is freed then. */
static void claim_replace_test(struct kunit *test)
{
	const struct event *event = test->param_value;
	void *page = set_up(test);
	struct zram *zram = zram_in(test);
	struct zsm_word value, old;
	u64 before;
	struct zsm_loc loc;

	claim_and(test, event, page);
	old = slot_value(test, CLAIMED);
	before = objects(test);
	/* In another form, whose bytes nobody reads. */
	KUNIT_ASSERT_EQ(test, zsm_alloc(zram->pool, 100, GFP_KERNEL, CLAIMED,
					&loc), 0);
	value = zram_slot_object(loc, 100, 0);
	KUNIT_EXPECT_EQ(test, zram_claim_replace(zram, CLAIMED, 0, 0, value),
			event->keeps);
	if (event->keeps) {
		KUNIT_EXPECT_EQ(test, slot_value(test, CLAIMED).bits, value.bits);
		page_store(test, CLAIMED, page);
	} else {
		KUNIT_EXPECT_EQ(test, slot_value(test, CLAIMED).bits, old.bits);
		zsm_free(zram->pool, loc);
	}
	KUNIT_EXPECT_EQ(test, objects(test), before);
	expect_all(test, page);
}

/* Nor does the end of a claim mark a page that is not the same. */
static void claim_end_test(struct kunit *test)
{
	const struct event *event = test->param_value;
	void *page = set_up(test);
	u64 before;

	claim_and(test, event, page);
	before = slot_value(test, CLAIMED).bits;
	zram_claim_end(zram_in(test), CLAIMED, 0, ZRAM_SLOT_IDLE);
	KUNIT_EXPECT_EQ(test, slot_value(test, CLAIMED).bits, event->keeps ?
			(before & ~ZRAM_SLOT_CLAIMED) | ZRAM_SLOT_IDLE : before);
	expect_all(test, page);
}

/* A page that has changed since it was looked at is not claimed. */
static void claim_stale_test(struct kunit *test)
{
	void *page = set_up(test);
	void *copy = page_alloc(test);
	struct zsm_word seen = slot_value(test, CLAIMED);

	store_larger(test, page);
	KUNIT_EXPECT_EQ(test, claim(test, seen, copy), -EAGAIN);
	KUNIT_EXPECT_FALSE(test, !!(slot_value(test, CLAIMED).bits &
				    ZRAM_SLOT_CLAIMED));
	expect_all(test, page);
}

static struct kunit_case claim_cases[] = {
	KUNIT_CASE_PARAM(claim_replace_test, event_gen_params),
	KUNIT_CASE_PARAM(claim_end_test, event_gen_params),
	KUNIT_CASE(claim_stale_test),
	{}
};

static struct kunit_suite claim_suite = {
	.name = "zram_claim",
	.init = device_init,
	.exit = device_exit,
	.test_cases = claim_cases,
};

kunit_test_suite(claim_suite);
