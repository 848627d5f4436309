// SPDX-License-Identifier: GPL-2.0
/* Pools of pairs and of triples: what they do otherwise than classes. */
#include <linux/mm.h>
#include <linux/prandom.h>

#include "kunit/nth_failure.h"
#include "kunit/zsm/zsmalloc_kunit.h"
#include "zsm/victims.h"

#define NR_STEPS 4000
#define NR_PAGES_RECLAIMED 3000

static u32 random_size(struct rnd_state *rnd)
{
	u32 most = prandom_u32_state(rnd) % 4 ? PAGE_SIZE / 2 : PAGE_SIZE;

	return prandom_u32_state(rnd) % most + 1;
}

/* Allocates, frees, resizes and compacts at random; owners refuse some of the moves. */
static void kinds_random_test(struct kunit *test)
{
	struct owner *owner = owner_create_kind(test, kind_of(test)->kind);
	struct rnd_state rnd;
	unsigned int step;

	owner->refuse_every = 5;
	prandom_seed_state(&rnd, 17);
	for (step = 0; step < NR_STEPS; step++) {
		unsigned int i = prandom_u32_state(&rnd) % OWNER_OBJS;
		u32 size = random_size(&rnd);
		u32 len = min(size, owner->sizes[i]);

		if (!owner->sizes[i]) {
			owner_alloc(test, owner, i, size);
		} else if (prandom_u32_state(&rnd) % 3) {
			owner_free(test, owner, i);
		} else {
			KUNIT_ASSERT_EQ(test, 0,
					zsm_realloc(pool_of(test),
						    &owner->locs[i], size,
						    GFP_KERNEL));
			KUNIT_EXPECT_TRUE(test, object_holds(pool_of(test),
							     owner->locs[i],
							     len, i));
			owner->sizes[i] = size;
			object_fill(pool_of(test), owner->locs[i], size, i);
		}
		if (!(step % 512)) {
			zsm_compact(pool_of(test));
			owner_check(test, owner);
		}
	}
	owner_end(test, owner);
}

/* As many share a page as the kind says, and never one more. */
static void kinds_per_page_test(struct kunit *test)
{
	unsigned int per_page = kind_of(test)->per_page, i;
	struct owner *owner = owner_create_kind(test, kind_of(test)->kind);

	for (i = 0; i < 10 * per_page; i++)
		owner_alloc(test, owner, i, PAGE_SIZE / per_page / 16 * 16);
	KUNIT_EXPECT_EQ(test, stats_of(test).pages, 10);
	owner_alloc(test, owner, i, 1);
	KUNIT_EXPECT_EQ(test, stats_of(test).pages, 11);
	owner_end(test, owner);
}

/* An object's bytes are where zsm_address() says. */
static void kinds_address_test(struct kunit *test)
{
	struct owner *owner = owner_create_kind(test, kind_of(test)->kind);
	struct zsm_mapping map;
	unsigned int i;

	for (i = 0; i < 30; i++) {
		void *addr;

		owner_alloc(test, owner, i, 100 + i * 50);
		addr = zsm_address(pool_of(test), owner->locs[i], 100 + i * 50);
		KUNIT_EXPECT_PTR_EQ(test, addr,
				    zsm_map(pool_of(test), owner->locs[i], 100,
					    ZSM_MAP_READ, &map));
		zsm_unmap(&map);
		KUNIT_EXPECT_EQ(test, (unsigned long)addr % 16, 0);
	}
	owner_end(test, owner);
}

/* With no memory to take, an object grows where nothing is behind it, or not at all. */
static void kinds_resize_test(struct kunit *test)
{
	struct owner *owner = owner_create_kind(test, kind_of(test)->kind);
	struct zsm_loc before;

	owner_alloc(test, owner, 0, 160);
	owner_alloc(test, owner, 1, 320);
	before = owner->locs[0];
	KUNIT_EXPECT_EQ(test, 0, zsm_realloc(pool_of(test), &owner->locs[0],
					     PAGE_SIZE - 320, 0));
	KUNIT_EXPECT_EQ(test, -EAGAIN,
			zsm_realloc(pool_of(test), &owner->locs[0],
				    PAGE_SIZE - 319, 0));
	KUNIT_EXPECT_EQ(test, owner->locs[0].value, before.value);
	owner_end(test, owner);
}

/* A page is freed by two or three evictions at the most: always, and all of it. */
static void kinds_reclaim_test(struct kunit *test)
{
	struct owner *owner = owner_create_forgetful(test, kind_of(test)->kind);
	struct rnd_state rnd;
	unsigned int round, i;

	owner->eviction = ZSM_EVICTED;
	prandom_seed_state(&rnd, 23);
	for (round = 0; round < NR_PAGES_RECLAIMED; round++) {
		unsigned int evicted = owner->evicted;
		u64 pages;

		for (i = 0; i < OWNER_OBJS; i++) {
			if (!owner->sizes[i] && prandom_u32_state(&rnd) % 2)
				owner_alloc(test, owner, i, random_size(&rnd));
		}
		pages = stats_of(test).pages;
		KUNIT_ASSERT_EQ(test, zsm_reclaim(pool_of(test), 1), 1);
		KUNIT_ASSERT_EQ(test, stats_of(test).pages, pages - 1);
		KUNIT_ASSERT_GE(test, owner->evicted, evicted + 1);
		KUNIT_ASSERT_LE(test, owner->evicted,
				evicted + kind_of(test)->per_page);
	}
	owner_end(test, owner);
}

/* Objects that are kept are moved off the page; those that are refused stay. */
static void kinds_reclaim_kept_test(struct kunit *test)
{
	struct owner *owner = owner_create_forgetful(test, kind_of(test)->kind);
	unsigned int i;

	for (i = 0; i < 8; i++)
		owner_alloc(test, owner, i, PAGE_SIZE / 2 + 16);
	for (i = 8; i < 9; i++)
		owner_alloc(test, owner, i, PAGE_SIZE / 4);
	KUNIT_EXPECT_EQ(test, zsm_reclaim(pool_of(test), 1), 0);
	owner_check(test, owner);

	owner->eviction = ZSM_EVICT_FROZEN;
	owner_free(test, owner, 0);
	KUNIT_EXPECT_EQ(test, stats_of(test).objects, 8);
	zsm_reclaim(pool_of(test), 1);
	KUNIT_EXPECT_EQ(test, stats_of(test).objects, 8);
	owner_end(test, owner);
}

/* What an owner that sleeps does: the page waits, whatever happens meanwhile. */
static void kinds_victims_test(struct kunit *test)
{
	unsigned int per_page = kind_of(test)->per_page, i;
	struct owner *owner = owner_create_kind(test, kind_of(test)->kind);
	struct zsm_victims victims, others;
	u32 size = PAGE_SIZE / per_page / 16 * 16;
	u64 pages;

	for (i = 0; i < 4 * per_page; i++)
		owner_alloc(test, owner, i, size);
	KUNIT_ASSERT_TRUE(test, zsm_victims_begin(pool_of(test), &victims));
	KUNIT_EXPECT_EQ(test, victims.nr, per_page);
	for (i = 0; i < per_page; i++)
		KUNIT_EXPECT_EQ(test, victims.locs[i].value,
				owner->locs[i].value);

	/* Another page for another thread, and none of them for a new object. */
	KUNIT_ASSERT_TRUE(test, zsm_victims_begin(pool_of(test), &others));
	KUNIT_EXPECT_EQ(test, others.locs[0].value,
			owner->locs[per_page].value);
	for (i = 0; i < per_page; i++)
		owner_free(test, owner, i);
	pages = stats_of(test).pages;
	owner_alloc(test, owner, 0, size);
	KUNIT_EXPECT_EQ(test, stats_of(test).pages, pages + 1);

	KUNIT_EXPECT_TRUE(test, zsm_victims_end(pool_of(test), &victims));
	KUNIT_EXPECT_EQ(test, stats_of(test).pages, pages);
	KUNIT_EXPECT_FALSE(test, zsm_victims_end(pool_of(test), &others));
	owner_end(test, owner);
}

/* A pool of classes has no such page, and one that is empty has none. */
static void kinds_no_victims_test(struct kunit *test)
{
	struct zsm_victims victims;
	struct zsm_loc loc;

	pool_use(test, NULL, NULL);
	loc = object_alloc(test, 100, 0);
	KUNIT_EXPECT_FALSE(test, zsm_victims_begin(pool_of(test), &victims));
	KUNIT_EXPECT_NOT_NULL(test, zsm_address(pool_of(test), loc, 100));
	zsm_free(pool_of(test), loc);
	pool_exit(test);
	pool_use_kind(test, kind_of(test)->kind, NULL, NULL);
	KUNIT_EXPECT_FALSE(test, zsm_victims_begin(pool_of(test), &victims));
}

/* Three in four are freed: what is left is moved to a quarter of the pages, or so. */
static void kinds_compact_test(struct kunit *test)
{
	struct owner *owner = owner_create_kind(test, kind_of(test)->kind);
	unsigned long freed;
	u64 pages;

	owner_scatter(test, owner, 0, 240, 1000);
	pages = stats_of(test).pages;
	freed = zsm_compact(pool_of(test));
	KUNIT_EXPECT_EQ(test, stats_of(test).pages, pages - freed);
	KUNIT_EXPECT_LE(test, stats_of(test).pages,
			60 / kind_of(test)->per_page + 1);
	KUNIT_EXPECT_EQ(test, stats_of(test).pages_compacted, freed);
	owner_end(test, owner);
}

/* No memory, at each allocation in turn: an error, and nothing has changed. */
static void kinds_oom_test(struct kunit *test)
{
	bool injected = true;
	unsigned int n, failed = 0;
	struct zsm_loc loc;

	for (n = 1; injected && n < NTH_FAILURE_MAX; n++) {
		struct zsm_stats stats;
		int err;

		pool_exit(test);
		pool_use_kind(test, kind_of(test)->kind, NULL, NULL);
		nth_failure_arm(n);
		err = zsm_alloc(pool_of(test), 1000, GFP_KERNEL, 7, &loc);
		injected = nth_failure_disarm();
		stats = stats_of(test);
		KUNIT_EXPECT_EQ(test, stats.objects, err ? 0 : 1);
		KUNIT_EXPECT_EQ(test, stats.pages, err ? 0 : 1);
		KUNIT_EXPECT_EQ(test, stats.allocated_bytes,
				stats.metadata_bytes +
					(stats.pages << PAGE_SHIFT));
		if (err) {
			KUNIT_EXPECT_TRUE(test, injected);
			KUNIT_EXPECT_EQ(test, err, -ENOMEM);
			failed++;
		} else {
			zsm_free(pool_of(test), loc);
		}
	}
	KUNIT_EXPECT_FALSE(test, injected);
	KUNIT_EXPECT_GT(test, failed, 0);
}

static void kinds_oom_init_test(struct kunit *test)
{
	bool injected = true;
	unsigned int n, failed = 0;

	for (n = 1; injected && n < NTH_FAILURE_MAX; n++) {
		struct zsm_pool *pool;

		nth_failure_arm(n);
		pool = zsm_init_kind(kind_of(test)->kind, NULL, NULL);
		injected = nth_failure_disarm();
		failed += IS_ERR(pool);
		if (!IS_ERR(pool))
			zsm_exit(pool);
	}
	KUNIT_EXPECT_FALSE(test, injected);
	KUNIT_EXPECT_GT(test, failed, 1);
}

/* At the limit what needs no page goes on, and so does what replaces another object. */
static void kinds_limit_test(struct kunit *test)
{
	struct zsm_loc half, other, exchanged, whole[8];
	unsigned int nr = 0;
	u64 limit;
	int err;

	pool_use_kind(test, kind_of(test)->kind, NULL, NULL);
	half = object_alloc(test, PAGE_SIZE / 2, 0);
	limit = zsm_allocated_bytes(pool_of(test)) + 4 * PAGE_SIZE;
	zsm_set_limit(pool_of(test), limit);
	do {
		KUNIT_ASSERT_LT(test, nr, ARRAY_SIZE(whole));
		err = zsm_alloc(pool_of(test), PAGE_SIZE, GFP_KERNEL, 1,
				&whole[nr]);
	} while (!err && ++nr);
	KUNIT_EXPECT_EQ(test, err, -EDQUOT);
	KUNIT_EXPECT_GE(test, nr, 2);
	other = object_alloc(test, PAGE_SIZE / 2, 2);
	KUNIT_EXPECT_LE(test, zsm_allocated_bytes(pool_of(test)), limit);
	KUNIT_ASSERT_EQ(test, 0, zsm_alloc_in_exchange(pool_of(test), PAGE_SIZE,
						       GFP_KERNEL, 3,
						       &exchanged));
	zsm_free(pool_of(test), exchanged);
	zsm_free(pool_of(test), other);
	zsm_free(pool_of(test), half);
	while (nr)
		zsm_free(pool_of(test), whole[--nr]);
	KUNIT_EXPECT_EQ(test, stats_of(test).pages, 0);
}

static void kinds_unknown_test(struct kunit *test)
{
	KUNIT_EXPECT_PTR_EQ(test, zsm_init_kind(ZSM_NR_KINDS, NULL, NULL),
			    ERR_PTR(-EINVAL));
	KUNIT_EXPECT_PTR_EQ(test, zsm_init_kind(-1, NULL, NULL),
			    ERR_PTR(-EINVAL));
}

static struct kunit_case kinds_cases[] = {
	KUNIT_CASE_PARAM(kinds_limit_test, each_paged_kind),
	KUNIT_CASE(kinds_unknown_test),
	KUNIT_CASE_PARAM(kinds_random_test, each_paged_kind),
	KUNIT_CASE_PARAM(kinds_per_page_test, each_paged_kind),
	KUNIT_CASE_PARAM(kinds_address_test, each_paged_kind),
	KUNIT_CASE_PARAM(kinds_resize_test, each_paged_kind),
	KUNIT_CASE_PARAM(kinds_reclaim_test, each_paged_kind),
	KUNIT_CASE_PARAM(kinds_reclaim_kept_test, each_paged_kind),
	KUNIT_CASE_PARAM(kinds_victims_test, each_paged_kind),
	KUNIT_CASE_PARAM(kinds_no_victims_test, each_paged_kind),
	KUNIT_CASE_PARAM(kinds_compact_test, each_paged_kind),
	KUNIT_CASE_PARAM(kinds_oom_test, each_paged_kind),
	KUNIT_CASE_PARAM(kinds_oom_init_test, each_paged_kind),
	{}
};

static struct kunit_suite kinds_suite = {
	.name = "zsmalloc_kinds",
	.exit = pool_exit,
	.test_cases = kinds_cases,
};

kunit_test_suite(kinds_suite);
