// SPDX-License-Identifier: GPL-2.0
/* Pages that are freed by asking owners to do without: what they are asked, and lose. */
#include <linux/preempt.h>
#include <linux/shrinker.h>

#include "kunit/zsm/zsm_exports.h"
#include "kunit/zsm/zsmalloc_kunit.h"

#define NR_OBJS 512
#define FIRST_OWNER 0xfffffe00u	/* owners are any 32 bits */

static_assert(FIRST_OWNER + (NR_OBJS - 1) == U32_MAX);

/**
 * struct clock - an owner that keeps what was used lately
 * @locs: where objects are
 * @sizes: how large they are; 0: there is none
 * @used: they were used since they were last asked for
 * @frozen: they are frozen
 * @refuse: nothing is given, nor moved
 * @always_used: the mark stays
 * @asked: questions
 * @wrong: questions that should not have been asked
 */
struct clock {
	struct zsm_loc locs[NR_OBJS];
	u32 sizes[NR_OBJS];
	bool used[NR_OBJS];
	bool frozen[NR_OBJS];
	bool refuse;
	bool always_used;
	unsigned int asked;
	unsigned int wrong;
};

static bool clock_knows(struct clock *clock, u32 i, struct zsm_loc loc)
{
	bool known = i < NR_OBJS && clock->sizes[i] && !clock->frozen[i] &&
		     zsm_loc_same(clock->locs[i], loc);

	clock->asked++;
	clock->wrong += !known || !preempt_count();
	return known && !clock->refuse;
}

static bool clock_freeze(void *priv, u32 owner, struct zsm_loc loc)
{
	struct clock *clock = priv;
	u32 i = owner - FIRST_OWNER;

	if (!clock_knows(clock, i, loc))
		return false;
	clock->frozen[i] = true;
	return true;
}

static void clock_thaw(void *priv, u32 owner, struct zsm_loc loc)
{
	struct clock *clock = priv;
	u32 i = owner - FIRST_OWNER;

	if (i >= NR_OBJS || !clock->frozen[i]) {
		clock->wrong++;
		return;
	}
	clock->frozen[i] = false;
	clock->locs[i] = loc;
}

static enum zsm_eviction clock_evict(void *priv, u32 owner, struct zsm_loc loc)
{
	struct clock *clock = priv;
	u32 i = owner - FIRST_OWNER;

	if (!clock_knows(clock, i, loc))
		return ZSM_EVICT_REFUSED;
	if (clock->used[i]) {
		clock->used[i] = clock->always_used;
		clock->frozen[i] = true;
		return ZSM_EVICT_FROZEN;
	}
	clock->sizes[i] = 0;
	return ZSM_EVICTED;
}

static const struct zsm_ops clock_ops = {
	.freeze = clock_freeze,
	.thaw = clock_thaw,
	.evict = clock_evict,
};

/* One in @each is used; sizes of many classes, or of one. */
static struct clock *clock_create(struct kunit *test, u32 size, unsigned int each)
{
	const struct kind_param *kind = test->param_value;
	struct clock *clock = kunit_kzalloc(test, sizeof(*clock), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, clock);
	pool_use_kind(test, kind ? kind->kind : ZSM_CLASSES, &clock_ops, clock);
	/* What is counted here is not to be changed by the pool's own work. */
	zsm_set_max_waste(pool_of(test), 0);
	for (i = 0; i < NR_OBJS; i++) {
		clock->sizes[i] = size ? size : 40 + i * 7 % 3000;
		clock->locs[i] = object_alloc(test, clock->sizes[i],
					      FIRST_OWNER + i);
		object_fill(pool_of(test), clock->locs[i], clock->sizes[i], i);
		clock->used[i] = each && !(i % each);
	}
	return clock;
}

/* Objects that are left, each holding what it should; as many as the pool has. */
static unsigned int clock_check(struct kunit *test, struct clock *clock)
{
	unsigned int i, left = 0;

	KUNIT_EXPECT_EQ(test, clock->wrong, 0);
	for (i = 0; i < NR_OBJS; i++) {
		KUNIT_EXPECT_FALSE(test, clock->frozen[i]);
		if (!clock->sizes[i])
			continue;
		left++;
		KUNIT_EXPECT_TRUE_MSG(test,
				      object_holds(pool_of(test), clock->locs[i],
						   clock->sizes[i], i),
				      "object %u", i);
	}
	KUNIT_EXPECT_EQ(test, stats_of(test).objects, left);
	return left;
}

static void clock_end(struct kunit *test, struct clock *clock)
{
	unsigned int i;

	clock_check(test, clock);
	for (i = 0; i < NR_OBJS; i++) {
		if (clock->sizes[i])
			zsm_free(pool_of(test), clock->locs[i]);
	}
}

/* As many pages as are wanted go, or one more, and no more objects than were on them. */
static void reclaim_cold_test(struct kunit *test)
{
	struct clock *clock = clock_create(test, 1000, 0);
	u64 pages = stats_of(test).pages;
	unsigned long freed = zsm_reclaim(pool_of(test), 3);

	KUNIT_EXPECT_GE(test, freed, 3);
	KUNIT_EXPECT_LE(test, freed, 4);
	KUNIT_EXPECT_EQ(test, stats_of(test).pages, pages - freed);
	/* An object of a page is on one page more at most. */
	KUNIT_EXPECT_GE(test, clock_check(test, clock), NR_OBJS - 4 * 6);
	clock_end(test, clock);
}

/* Everything that was not used goes; then, in the second round, the rest. */
static void reclaim_all_test(struct kunit *test)
{
	struct clock *clock = clock_create(test, 0, 3);
	unsigned int i;

	for (i = 0; i < 4 && stats_of(test).objects; i++)
		zsm_reclaim(pool_of(test), ULONG_MAX);
	KUNIT_EXPECT_EQ(test, stats_of(test).objects, 0);
	KUNIT_EXPECT_EQ(test, stats_of(test).pages, 0);
	clock_end(test, clock);
}

/* What is used stays, whole, while all else goes, and takes few pages. */
static void reclaim_used_test(struct kunit *test)
{
	struct clock *clock = clock_create(test, 700, 8);
	struct zsm_stats stats;
	unsigned int i, left;
	u64 pages;

	clock->always_used = true;
	zsm_reclaim(pool_of(test), ULONG_MAX);
	left = clock_check(test, clock);
	KUNIT_EXPECT_EQ(test, left, NR_OBJS / 8);
	for (i = 0; i < NR_OBJS; i += 8)
		KUNIT_EXPECT_NE(test, clock->sizes[i], 0);
	stats = stats_of(test);
	/* Moved together: within a page or two of what they need. */
	pages = stats.object_bytes / PAGE_SIZE;
	if (kind_of(test)->per_page)
		pages = max_t(u64, pages, left / kind_of(test)->per_page);
	KUNIT_EXPECT_LE(test, stats.pages, pages + 3);
	clock_end(test, clock);
}

/* An owner that gives nothing: it ends, and nothing has changed. */
static void reclaim_refused_test(struct kunit *test)
{
	struct clock *clock = clock_create(test, 0, 0);
	u64 pages = stats_of(test).pages;

	clock->refuse = true;
	KUNIT_EXPECT_EQ(test, zsm_reclaim(pool_of(test), ULONG_MAX), 0);
	KUNIT_EXPECT_GE(test, clock->asked, NR_OBJS);
	/* Each object is on two pages at most, and the hand goes round thrice. */
	KUNIT_EXPECT_LE(test, clock->asked, NR_OBJS * 6);
	KUNIT_EXPECT_EQ(test, stats_of(test).pages, pages);
	clock->refuse = false;
	clock_end(test, clock);
}

/* The hand goes on where it was: no object is asked twice before all were asked once. */
static void reclaim_hand_test(struct kunit *test)
{
	struct clock *clock = clock_create(test, PAGE_SIZE, 0);
	unsigned int i, before = NR_OBJS;

	for (i = 0; i < NR_OBJS / 4; i++) {
		KUNIT_EXPECT_EQ(test, zsm_reclaim(pool_of(test), 4), 4);
		KUNIT_EXPECT_EQ(test, clock_check(test, clock), before - 4);
		before -= 4;
	}
	KUNIT_EXPECT_EQ(test, clock->asked, NR_OBJS);
	clock_end(test, clock);
}

/* An owner that can forget nothing is not asked to. */
static void reclaim_without_evict_test(struct kunit *test)
{
	struct owner *owner = owner_create(test);

	owner_alloc(test, owner, 0, 100);
	KUNIT_EXPECT_EQ(test, zsm_reclaim(pool_of(test), 100), 0);
	KUNIT_EXPECT_EQ(test, owner->asked, 0);
	owner_end(test, owner);
}

/*
 * The kernel is told of pages by how few objects they hold, of all of them as long as there are
 * any, and gets what it asks for.
 */
static void reclaim_shrink_test(struct kunit *test)
{
	struct clock *clock = clock_create(test, 1000, 0);
	struct shrinker *shrinker = zsm_shrinker_of(pool_of(test));
	struct shrink_control sc = { .gfp_mask = GFP_KERNEL };
	u64 pages = stats_of(test).pages;

	migrate_disable();
	KUNIT_EXPECT_GE(test, shrinker->count_objects(shrinker, &sc),
			DIV_ROUND_UP(pages * pages, max_t(u64, NR_OBJS, pages)));
	sc.nr_to_scan = 5;
	KUNIT_EXPECT_GE(test, shrinker->scan_objects(shrinker, &sc), 5);
	KUNIT_EXPECT_LE(test, stats_of(test).pages, pages - 5);
	sc.nr_to_scan = 100000;
	while (stats_of(test).pages) {
		KUNIT_EXPECT_NE(test, shrinker->count_objects(shrinker, &sc),
				SHRINK_EMPTY);
		if (shrinker->scan_objects(shrinker, &sc) == SHRINK_STOP)
			break;
	}
	KUNIT_EXPECT_EQ(test, stats_of(test).pages, 0);
	KUNIT_EXPECT_EQ(test, shrinker->count_objects(shrinker, &sc),
			SHRINK_EMPTY);
	KUNIT_EXPECT_EQ(test, shrinker->scan_objects(shrinker, &sc),
			SHRINK_STOP);
	migrate_enable();
	clock_end(test, clock);
}

static struct kunit_case reclaim_cases[] = {
	KUNIT_CASE(reclaim_cold_test),
	KUNIT_CASE_PARAM(reclaim_all_test, each_kind),
	KUNIT_CASE_PARAM(reclaim_used_test, each_kind),
	KUNIT_CASE_PARAM(reclaim_refused_test, each_kind),
	KUNIT_CASE(reclaim_hand_test),
	KUNIT_CASE(reclaim_without_evict_test),
	KUNIT_CASE_PARAM(reclaim_shrink_test, each_kind),
	{}
};

static struct kunit_suite reclaim_suite = {
	.name = "zsmalloc_reclaim",
	.exit = pool_exit,
	.test_cases = reclaim_cases,
};

kunit_test_suite(reclaim_suite);
