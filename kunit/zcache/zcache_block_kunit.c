// SPDX-License-Identifier: GPL-2.0
/* Blocks that come into a cache, are found, overtaken by writes, moved and evicted. */
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/sizes.h>

#include "kunit/nth_failure.h"
#include "kunit/zcache/zcache_kunit.h"

#define NR_BLOCKS 600u

/* ---- In and out ---------------------------------------------------------- */

static void block_contents_test(struct kunit *test)
{
	static const bool has_object[NR_CONTENTS] = {
		[WHOLE_WORD] = true, [TEXT] = true,
	};
	u64 want = 0;
	int content;

	cache_use(test, "lz4", 4);
	for (content = ZERO; content < RANDOM; content++) {
		KUNIT_EXPECT_FALSE(test, block_load(test, content));
		block_put(test, content, content);
		want += has_object[content];
		KUNIT_EXPECT_EQ(test, objects_of(test), want);
	}
	for (content = ZERO; content < RANDOM; content++)
		KUNIT_EXPECT_TRUE(test, block_holds(test, content, content));
	KUNIT_EXPECT_EQ(test, counted(test, fills), RANDOM);
}

/* What does not compress stays out, and is known as such. */
static void block_rejected_test(struct kunit *test)
{
	cache_use(test, "lz4", 4);
	block_put(test, 7, RANDOM);
	KUNIT_EXPECT_FALSE(test, block_load(test, 7));
	KUNIT_EXPECT_EQ(test, objects_of(test), 0);
	KUNIT_EXPECT_EQ(test, counted(test, rejected), 1);
	KUNIT_EXPECT_EQ(test, block_seen(test, 7), ZCACHE_SEEN_BAD);
}

/* What does not compress, beside blocks that do. */
static void block_whole_test(struct kunit *test)
{
	struct zcache_note note;
	struct zcache_origin origin = { .first = 7, .note = &note };
	struct world *world = world_of(test);

	cache_use(test, "lz4", 4);
	KUNIT_ASSERT_TRUE(test, zcache_note_epochs(world->zcache, 7, 1, &note));
	block_make(world->page, RANDOM, 7);
	zcache_insert_whole(world->zcache, 7, world->page, &origin);
	KUNIT_EXPECT_TRUE(test, block_holds(test, 7, RANDOM));
	KUNIT_EXPECT_EQ(test, objects_of(test), 1);
	zcache_remove(world->zcache, 7, 1, true);
	KUNIT_EXPECT_EQ(test, objects_of(test), 0);
}

static void block_none_test(struct kunit *test)
{
	int content;

	cache_use(test, NULL, 4);
	for (content = ZERO; content < NR_CONTENTS; content++)
		block_put(test, content, content);
	for (content = ZERO; content < NR_CONTENTS; content++)
		KUNIT_EXPECT_TRUE(test, block_holds(test, content, content));
	KUNIT_EXPECT_EQ(test, counted(test, rejected), 0);
}

/* The largest number that a block can have. */
static void block_last_test(struct kunit *test)
{
	u64 last = (1ull << ZCACHE_BLOCK_BITS) - 1;

	cache_use(test, "lz4", 4);
	block_put(test, last, TEXT);
	KUNIT_EXPECT_TRUE(test, block_holds(test, last, TEXT));
	zcache_remove(cache_of(test), last, 1, true);
	KUNIT_EXPECT_FALSE(test, block_load(test, last));
	KUNIT_EXPECT_EQ(test, objects_of(test), 0);
}

static void block_twice_test(struct kunit *test)
{
	cache_use(test, "lz4", 4);
	block_put(test, 3, TEXT);
	block_put(test, 3, TEXT);
	KUNIT_EXPECT_EQ(test, objects_of(test), 1);
}

/* ---- Writes --------------------------------------------------------------- */

static void block_overtaken_test(struct kunit *test)
{
	struct zcache *zcache;
	struct zcache_note note, late;

	cache_use(test, "lz4", 4);
	zcache = cache_of(test);
	KUNIT_ASSERT_TRUE(test, zcache_note_epochs(zcache, 5, 1, &note));
	zcache_write_begin(zcache, 5, 1);
	/* A read that begins beside a write does not fill at all. */
	KUNIT_EXPECT_FALSE(test, zcache_note_epochs(zcache, 5, 1, &late));
	block_put_noted(test, 5, TEXT, &note);
	KUNIT_EXPECT_FALSE(test, block_load(test, 5));
	zcache_write_end(zcache, 5, 1);
	block_put_noted(test, 5, TEXT, &note);
	KUNIT_EXPECT_FALSE(test, block_load(test, 5));
	KUNIT_EXPECT_EQ(test, objects_of(test), 0);
	KUNIT_EXPECT_EQ(test, counted(test, lost), 2);
	block_put(test, 5, TEXT);
	KUNIT_EXPECT_TRUE(test, block_holds(test, 5, TEXT));
}

/* A fill that comes to its cell when the write has been there already. */
static void block_published_late_test(struct kunit *test)
{
	struct zcache_value value = { .kind = ZCACHE_FILL };
	struct zcache *zcache;
	struct zcache_place place;
	struct zcache_note note;
	unsigned int way;

	cache_use(test, "lz4", 4);
	block_put(test, 9, TEXT);
	zcache = cache_of(test);
	zcache_find(zcache, 9, &place);
	KUNIT_ASSERT_TRUE(test, zcache_note_epochs(zcache, 9, 1, &note));
	zcache_write_begin(zcache, 9, 1);
	zcache_remove(zcache, 9, 1, true);
	KUNIT_EXPECT_FALSE(test, zcache_publish(zcache, &place, 0, 9, &value, 9, &note));
	zcache_write_end(zcache, 9, 1);
	KUNIT_EXPECT_FALSE(test, zcache_cell_lock_block(&place, 9, &way));
	KUNIT_EXPECT_FALSE(test, block_load(test, 9));
}

static void fill_many(struct kunit *test)
{
	u64 block;

	for (block = 0; block < NR_BLOCKS; block++)
		block_put(test, block, TEXT);
}

static void expect_only_outside(struct kunit *test, u64 first, u64 end)
{
	u64 block;

	for (block = 0; block < NR_BLOCKS; block++)
		KUNIT_EXPECT_EQ_MSG(test, block_holds(test, block, TEXT),
				    block < first || block >= end,
				    "block %llu", block);
}

/* Block by block, and cell by cell where more blocks go than there are buckets. */
static void block_remove_test(struct kunit *test)
{
	cache_use(test, "lz4", 8);
	fill_many(test);
	zcache_remove(cache_of(test), 17, 100, true);
	expect_only_outside(test, 17, 117);
	zcache_remove(cache_of(test), 500, 1ull << 30, true);
	KUNIT_EXPECT_EQ(test, objects_of(test), NR_BLOCKS - 200);
	zcache_remove_all(cache_of(test));
	KUNIT_EXPECT_EQ(test, objects_of(test), 0);
	KUNIT_EXPECT_EQ(test, counted(test, invalidated), NR_BLOCKS);
}

/* As for writes that may not wait: the kernel says if a thing sleeps there. */
static void block_remove_in_rcu_section_test(struct kunit *test)
{
	cache_use(test, "lz4", 8);
	fill_many(test);
	rcu_read_lock();
	zcache_remove(cache_of(test), 17, 100, false);
	zcache_remove(cache_of(test), 500, 1ull << 30, false);
	rcu_read_unlock();
	KUNIT_EXPECT_EQ(test, objects_of(test), NR_BLOCKS - 200);
}

/* ---- Moves, eviction, damage, want of memory ------------------------------- */

static void block_move_test(struct kunit *test)
{
	u64 block;

	cache_use(test, "lz4", 8);
	fill_many(test);
	for (block = 0; block < NR_BLOCKS; block += 2)
		zcache_remove(cache_of(test), block, 1, true);
	zsm_compact(cache_of(test)->pool);
	for (block = 0; block < NR_BLOCKS; block++)
		KUNIT_EXPECT_EQ(test, block_holds(test, block, TEXT), block & 1);
}

/*
 * What was read since the hand came by stays; the rest goes. That is so in each round for
 * what is there; but the pool also moves objects by itself, to where the hand has been.
 */
static void block_evict_test(struct kunit *test)
{
	unsigned int left = 0;
	u64 block;

	cache_use(test, "lz4", 8);
	zsm_set_max_waste(cache_of(test)->pool, 0);
	fill_many(test);
	for (block = 0; block < NR_BLOCKS; block += 10)
		KUNIT_EXPECT_TRUE(test, block_load(test, block));
	/* One round takes the marks, and all that has none. */
	while (objects_of(test) > NR_BLOCKS / 10)
		KUNIT_ASSERT_NE(test, zsm_reclaim(cache_of(test)->pool, 1), 0);
	for (block = 0; block < NR_BLOCKS; block += 10)
		left += block_holds(test, block, TEXT);
	/* The last call may have begun another round, to free a page. */
	KUNIT_EXPECT_GE(test, left, NR_BLOCKS / 10 - 4);
	KUNIT_EXPECT_EQ(test, counted(test, evicted), NR_BLOCKS - objects_of(test));
	KUNIT_EXPECT_TRUE(test, cache_of(test)->full);
}

/* Far more than fits: the limit holds, and what is there is right. */
static void block_limit_test(struct kunit *test)
{
	unsigned int found = 0;
	u64 block;

	cache_use(test, NULL, 1);
	for (block = 0; block < 3 * NR_BLOCKS; block++) {
		block_put(test, block, RANDOM);
		KUNIT_EXPECT_LE(test, zcache_used_bytes(cache_of(test)), SZ_1M);
	}
	for (block = 0; block < 3 * NR_BLOCKS; block++)
		found += block_holds(test, block, RANDOM);
	KUNIT_EXPECT_GE(test, found, SZ_1M / PAGE_SIZE / 2);
}

/* A block whose stored bytes are damaged is a miss, and goes. */
static void block_damaged_test(struct kunit *test)
{
	struct world *world = world_of(test);
	struct zcache_place place;
	unsigned int way;
	struct zsm_word cell;

	cache_use(test, "lz4", 4);
	block_put(test, 1, TEXT);
	block_put(test, 2, TEXT);
	zcache_find(world->zcache, 1, &place);
	KUNIT_ASSERT_TRUE(test, zcache_cell_lock_block(&place, 1, &way));
	cell.bits = place.bucket->cells[way];
	memset(world->page, 0xff, 64);
	zsm_write(world->zcache->pool, zsm_word_loc(cell), world->page, 64);
	zcache_cell_unlock(&place, way);
	KUNIT_EXPECT_FALSE(test, block_load(test, 1));
	KUNIT_EXPECT_EQ(test, counted(test, errors), 1);
	KUNIT_EXPECT_EQ(test, objects_of(test), 1);
	KUNIT_EXPECT_TRUE(test, block_holds(test, 2, TEXT));
}

/* Whichever allocation fails: the block is not there, or right. */
static void block_no_memory_test(struct kunit *test)
{
	unsigned int n;

	cache_use(test, "lz4", 8);
	for (n = 1; n < 40; n++) {
		u64 block = n * 100000;
		struct zcache_note note;
		struct zcache_origin origin = { .first = block, .note = &note };
		struct world *world = world_of(test);

		KUNIT_ASSERT_TRUE(test, zcache_note_epochs(world->zcache, block,
							   1, &note));
		block_make(world->page, TEXT, block);
		nth_failure_arm(n);
		zcache_insert(world->zcache, block, world->page, &origin);
		nth_failure_disarm();
		block_holds(test, block, TEXT);
	}
	KUNIT_EXPECT_GE(test, counted(test, fills), 10);
}

static void create_no_memory_test(struct kunit *test)
{
	struct zcache_args args = {
		.limit_mib = 8,
		.codec = zsm_codec_find("lz4"),
		.store_max = PAGE_SIZE,
		.fills_max = ZCACHE_MAX_IO_BLOCKS,
	};
	struct world *world = world_of(test);
	bool injected = true;
	unsigned int n;

	world->ti.len = 1 << 20;
	for (n = 1; n < NTH_FAILURE_MAX && injected; n++) {
		struct zcache *zcache;

		nth_failure_arm(n);
		zcache = zcache_create(&world->ti, &args);
		injected = nth_failure_disarm();
		if (!IS_ERR(zcache))
			zcache_destroy(zcache);
		else
			KUNIT_EXPECT_EQ(test, PTR_ERR(zcache), -ENOMEM);
	}
	KUNIT_EXPECT_FALSE(test, injected);
}

static struct kunit_case block_cases[] = {
	KUNIT_CASE(block_contents_test),
	KUNIT_CASE(block_rejected_test),
	KUNIT_CASE(block_whole_test),
	KUNIT_CASE(block_none_test),
	KUNIT_CASE(block_last_test),
	KUNIT_CASE(block_twice_test),
	KUNIT_CASE(block_overtaken_test),
	KUNIT_CASE(block_published_late_test),
	KUNIT_CASE(block_remove_test),
	KUNIT_CASE(block_remove_in_rcu_section_test),
	KUNIT_CASE(block_move_test),
	KUNIT_CASE(block_evict_test),
	KUNIT_CASE(block_limit_test),
	KUNIT_CASE(block_damaged_test),
	KUNIT_CASE(block_no_memory_test),
	KUNIT_CASE(create_no_memory_test),
	{}
};

static struct kunit_suite block_suite = {
	.name = "zcache_block",
	.init = world_init,
	.exit = world_exit,
	.test_cases = block_cases,
};

kunit_test_suite(block_suite);
