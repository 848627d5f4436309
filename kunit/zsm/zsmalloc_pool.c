// SPDX-License-Identifier: GPL-2.0
/* What the suites of the allocator share. See zsmalloc_kunit.h. */
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/prandom.h>

#include "kunit/zsm/zsmalloc_kunit.h"

void pool_use_kind(struct kunit *test, enum zsm_kind kind,
		   const struct zsm_ops *ops, void *priv)
{
	struct zsm_pool *pool = zsm_init_kind(kind, ops, priv);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, pool);
	test->priv = pool;
}

void pool_use(struct kunit *test, const struct zsm_ops *ops, void *priv)
{
	pool_use_kind(test, ZSM_CLASSES, ops, priv);
}

int pool_init(struct kunit *test)
{
	pool_use(test, NULL, NULL);
	return 0;
}

/* Runs in another thread than the case, and after it however it ended. */
void pool_exit(struct kunit *test)
{
	struct zsm_stats stats;

	if (!test->priv)
		return;
	stats = stats_of(test);
	KUNIT_EXPECT_EQ(test, stats.objects, 0);
	KUNIT_EXPECT_EQ(test, stats.object_bytes, 0);
	KUNIT_EXPECT_EQ(test, stats.zspages, 0);
	KUNIT_EXPECT_EQ(test, stats.pages, 0);
	KUNIT_EXPECT_EQ(test, stats.allocated_bytes, stats.metadata_bytes);
	zsm_exit(pool_of(test));
	test->priv = NULL;
}

struct zsm_loc object_alloc(struct kunit *test, size_t size, u32 owner)
{
	struct zsm_loc loc = {};

	KUNIT_ASSERT_EQ_MSG(test, zsm_alloc(pool_of(test), size, GFP_KERNEL,
					    owner, &loc), 0,
			    "%zu bytes", size);
	return loc;
}

/* Random bytes, made once: each seed has those from a place of its own on. */
static u8 noise[2 * PAGE_SIZE];
static u8 scratch[PAGE_SIZE];

static const u8 *noise_of(u32 seed)
{
	struct rnd_state state;

	if (!noise[0]) {
		prandom_seed_state(&state, 1);
		prandom_bytes_state(&state, noise, sizeof(noise));
		noise[0] = 1;
	}
	return &noise[seed * 61 % PAGE_SIZE];
}

void pattern(void *buf, size_t len, u32 seed)
{
	memcpy(buf, noise_of(seed), len);
}

void object_fill(struct zsm_pool *pool, struct zsm_loc loc, size_t len, u32 seed)
{
	zsm_write(pool, loc, noise_of(seed), len);
}

/* What is read ends where the buffer does, so that KASAN sees a byte too many. */
bool object_holds(struct zsm_pool *pool, struct zsm_loc loc, size_t len, u32 seed)
{
	u8 *got = scratch + sizeof(scratch) - len;

	zsm_read(pool, loc, got, len);
	return !memcmp(got, noise_of(seed), len);
}

struct zsm_stats stats_of(struct kunit *test)
{
	struct zsm_stats stats;

	zsm_stats(pool_of(test), &stats);
	return stats;
}

static const void *next_class(const struct zsm_class_row *prev, char *desc,
			      unsigned int step)
{
	const struct zsm_class_row *row = prev ? prev + step : zsm_classes.rows;

	if (row >= &zsm_classes.rows[zsm_classes.nr_classes])
		return NULL;
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%u bytes", row->size);
	return row;
}

const void *each_class(const void *prev, char *desc)
{
	return next_class(prev, desc, 1);
}

const void *some_classes(const void *prev, char *desc)
{
	return next_class(prev, desc, 5);
}

static const struct kind_param kinds[] = {
	{ "classes", ZSM_CLASSES, 0 },
	{ "pairs", ZSM_PAIRS, 2 },
	{ "triples", ZSM_TRIPLES, 3 },
};

static_assert(ARRAY_SIZE(kinds) == ZSM_NR_KINDS);

static const void *next_kind(const struct kind_param *kind, char *desc)
{
	if (kind == kinds + ARRAY_SIZE(kinds))
		return NULL;
	strscpy(desc, kind->name, KUNIT_PARAM_DESC_SIZE);
	return kind;
}

const void *each_kind(const void *prev, char *desc)
{
	return next_kind(prev ? prev + sizeof(*kinds) : kinds, desc);
}

const void *each_paged_kind(const void *prev, char *desc)
{
	return next_kind(prev ? prev + sizeof(*kinds) : kinds + 1, desc);
}

MODULE_DESCRIPTION("KUnit suites of the allocator");
MODULE_LICENSE("GPL");
