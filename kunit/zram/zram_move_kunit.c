// SPDX-License-Identifier: GPL-2.0
/* Objects that the pool moves: slots let it, or not, and follow. */
#include <linux/mm.h>

#include "kunit/zram/zram_kunit.h"

static const struct zsm_loc no_loc;
static const struct zsm_loc last_loc = { (1ull << ZSM_LOC_BITS) - 1 };

static struct zsm_loc next_to(struct zsm_loc loc)
{
	return (struct zsm_loc){ loc.value + 1 };
}

/* Asks a slot to hold still, as the pool would: with a spinlock held. */
static bool freeze(struct kunit *test, u32 index, struct zsm_loc loc)
{
	bool frozen;

	preempt_disable();
	frozen = zram_slot_ops.freeze(zram_in(test), index, loc);
	preempt_enable();
	return frozen;
}

static void thaw(struct kunit *test, u32 index, struct zsm_loc loc)
{
	/* The lock bit's preemption count is freeze()'s. */
	zram_slot_ops.thaw(zram_in(test), index, loc);
}

/* A slot with an object holds still for its own location alone. */
static void move_freeze_test(struct kunit *test)
{
	void *page = page_alloc(test);
	struct zsm_word value;
	struct zsm_loc loc;

	device_set_up(test, NULL, SZ_1M);
	page_make_text(page, 1);
	page_store(test, 0, page);
	value = slot_value(test, 0);
	loc = zram_slot_loc(value);
	KUNIT_EXPECT_FALSE(test, freeze(test, 0, next_to(loc)));
	KUNIT_EXPECT_FALSE(test, freeze(test, 0, last_loc));
	KUNIT_EXPECT_EQ(test, slot_value(test, 0).bits, value.bits);

	KUNIT_ASSERT_TRUE(test, freeze(test, 0, loc));
	KUNIT_EXPECT_EQ(test, slot_value(test, 0).bits,
			value.bits | ZSM_WORD_LOCK);
	/* Nobody else gets it meanwhile. */
	KUNIT_EXPECT_FALSE(test, zram_slot_ops.freeze(zram_in(test), 0, loc));
	KUNIT_EXPECT_FALSE(test, zram_try_drop_page(zram_in(test), 0));
	thaw(test, 0, loc);
	KUNIT_EXPECT_EQ(test, slot_value(test, 0).bits, value.bits);
	KUNIT_EXPECT_TRUE(test, page_is_stored(test, 0, page));
}

/* After a move all that a slot says but the location is as before. */
static void move_thaw_test(struct kunit *test)
{
	void *page = page_alloc(test);
	struct zsm_word value;
	struct zsm_loc loc;

	device_set_up(test, NULL, SZ_1M);
	page_make_text(page, 1);
	page_store(test, 0, page);
	value = slot_value(test, 0);
	loc = zram_slot_loc(value);
	KUNIT_ASSERT_TRUE(test, freeze(test, 0, loc));
	thaw(test, 0, last_loc);
	KUNIT_EXPECT_EQ(test, zram_slot_loc(slot_value(test, 0)).value,
			last_loc.value);
	KUNIT_EXPECT_EQ(test, zram_slot_size(slot_value(test, 0)),
			zram_slot_size(value));
	slot_poke(test, 0, value);
	KUNIT_EXPECT_TRUE(test, page_is_stored(test, 0, page));
}

/* Slots that have no object of the pool's refuse. */
static void move_no_object_test(struct kunit *test)
{
	void *page = page_alloc(test);

	device_set_up(test, NULL, 16 * SZ_1M);
	page_store(test, 0, page);		/* same-filled */
	KUNIT_EXPECT_FALSE(test, freeze(test, 0, no_loc));
	KUNIT_EXPECT_FALSE(test, freeze(test, 1, no_loc));	/* empty */
	KUNIT_EXPECT_FALSE(test, freeze(test, 4095, no_loc));	/* no leaf */
	KUNIT_EXPECT_FALSE(test, !!(slot_value(test, 0).bits & ZSM_WORD_LOCK));
	KUNIT_EXPECT_FALSE(test, !!(slot_value(test, 1).bits & ZSM_WORD_LOCK));
}

#define NR_PAGES 480

/* What slot @i holds in the cases below: of everything. */
static void make_page(void *page, u32 i)
{
	if (i % 16 == 15)
		page_fill(page, 0x123456789abcdef1ull + i);
	else if (i % 8 == 7)
		page_make_random(page, i);
	else if (i % 2)
		page_make_prefix(page, 16 + i * 7 % 3600);
	else
		page_make_text(page, i);
}

static bool is_kept(u32 i)
{
	return i % 4 == 3 || i % 10 == 0;
}

/* Stores pages, and drops most of them again, so that there is much to gain. */
static void scatter(struct kunit *test, void *page)
{
	u32 i;

	device_set_up(test, NULL, 4 * SZ_1M);
	for (i = 0; i < NR_PAGES; i++) {
		make_page(page, i);
		page_store(test, i, page);
	}
	for (i = 0; i < NR_PAGES; i++) {
		if (!is_kept(i))
			zram_drop_pages(zram_in(test), i, 1);
	}
}

static void expect_kept(struct kunit *test, void *page)
{
	u32 i;

	for (i = 0; i < NR_PAGES; i++) {
		if (is_kept(i))
			make_page(page, i);
		else
			page_make_zero(page, 0);
		KUNIT_EXPECT_TRUE_MSG(test, page_is_stored(test, i, page),
				      "slot %u", i);
	}
}

/* Every page survives that its object moves, and memory comes back. */
static void move_compact_test(struct kunit *test)
{
	void *page = page_alloc(test);
	struct mm_stats before, after;

	scatter(test, page);
	before = mm_stats_of(test);
	KUNIT_EXPECT_EQ(test, knob_write(DEVICE_KNOB("compact"), "1"), 1);
	after = mm_stats_of(test);
	KUNIT_EXPECT_GT(test, after.n[MM_COMPACTED], 0);
	KUNIT_EXPECT_LE(test, after.n[MM_USED], before.n[MM_USED] -
			after.n[MM_COMPACTED] * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, after.n[MM_ORIG], before.n[MM_ORIG]);
	KUNIT_EXPECT_EQ(test, after.n[MM_COMPR], before.n[MM_COMPR]);
	expect_kept(test, page);
}

/* Slots that are locked keep their objects where they are. */
static void move_locked_slots_test(struct kunit *test)
{
	void *page = page_alloc(test);
	u32 i;

	scatter(test, page);
	for (i = 0; i < NR_PAGES; i += 3)
		slot_poke(test, i, slot_locked(slot_value(test, i)));
	zsm_compact(zram_in(test)->pool);
	for (i = 0; i < NR_PAGES; i += 3) {
		KUNIT_EXPECT_TRUE(test, !!(slot_value(test, i).bits &
					   ZSM_WORD_LOCK));
		slot_poke(test, i, slot_unlocked(slot_value(test, i)));
	}
	expect_kept(test, page);
}

/* What moved can be written over, and dropped, like anything else. */
static void move_then_write_test(struct kunit *test)
{
	void *page = page_alloc(test);
	struct zsm_stats pool;
	u32 i;

	scatter(test, page);
	zsm_compact(zram_in(test)->pool);
	for (i = 0; i < NR_PAGES; i++) {
		if (is_kept(i)) {
			make_page(page, i + 1);
			page_store(test, i, page);
		}
	}
	zsm_compact(zram_in(test)->pool);
	for (i = 0; i < NR_PAGES; i++) {
		if (!is_kept(i))
			continue;
		make_page(page, i + 1);
		KUNIT_EXPECT_TRUE_MSG(test, page_is_stored(test, i, page),
				      "slot %u", i);
	}
	zram_drop_pages(zram_in(test), 0, NR_PAGES);
	zsm_stats(zram_in(test)->pool, &pool);
	KUNIT_EXPECT_EQ(test, pool.objects, 0);
	KUNIT_EXPECT_EQ(test, pool.pages, 0);
}

static struct kunit_case move_cases[] = {
	KUNIT_CASE(move_freeze_test),
	KUNIT_CASE(move_thaw_test),
	KUNIT_CASE(move_no_object_test),
	KUNIT_CASE(move_compact_test),
	KUNIT_CASE(move_locked_slots_test),
	KUNIT_CASE(move_then_write_test),
	{}
};

static struct kunit_suite move_suite = {
	.name = "zram_move",
	.init = device_init,
	.exit = device_exit,
	.test_cases = move_cases,
};

kunit_test_suite(move_suite);
