// SPDX-License-Identifier: GPL-2.0
/* A cache without a disk, and blocks to put into it. */
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/prandom.h>
#include <linux/string.h>

#include "kunit/zcache/zcache_kunit.h"

void cache_use(struct kunit *test, const char *codec, u64 limit_mib)
{
	struct world *world = test->priv;
	struct zcache_args args = {
		.limit_mib = limit_mib,
		.store_max = codec ? PAGE_SIZE / 4 * 3 : PAGE_SIZE,
		.fills_max = ZCACHE_MAX_IO_BLOCKS,
	};

	if (codec) {
		args.codec = zsm_codec_find(codec);
		KUNIT_ASSERT_NOT_NULL(test, args.codec);
	}
	world->ti.len = 1ull << (40 - SECTOR_SHIFT);
	world->zcache = zcache_create(&world->ti, &args);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, world->zcache);
}

int world_init(struct kunit *test)
{
	struct world *world = kunit_kzalloc(test, sizeof(*world), GFP_KERNEL);

	if (!world)
		return -ENOMEM;
	test->priv = world;
	world->page = kunit_kzalloc(test, PAGE_SIZE, GFP_KERNEL);
	world->got = kunit_kzalloc(test, PAGE_SIZE, GFP_KERNEL);
	return world->page && world->got ? 0 : -ENOMEM;
}

void world_exit(struct kunit *test)
{
	struct world *world = test->priv;

	if (world && !IS_ERR_OR_NULL(world->zcache))
		zcache_destroy(world->zcache);
}

/* ---- What blocks hold ---------------------------------------------------- */

void block_make(void *page, enum content content, u64 block)
{
	struct rnd_state state;
	u64 *words = page;
	size_t i;

	switch (content) {
	case ZERO:
		memset(page, 0, PAGE_SIZE);
		break;
	case HALVES:
		memset32(page, 0x9000001 + (u32)block, PAGE_SIZE / sizeof(u32));
		break;
	case WHOLE_WORD:
		memset64(page, 0x123456789abcdefull ^ block, PAGE_SIZE / sizeof(u64));
		break;
	case TEXT:
		/* One word in eight is like no other. */
		for (i = 0; i < PAGE_SIZE / sizeof(u64); i++)
			words[i] = i % 8 ? block : (block + i) * 0x9e3779b97f4a7c15ull;
		break;
	default:
		prandom_seed_state(&state, block);
		prandom_bytes_state(&state, page, PAGE_SIZE);
	}
}

void block_put_noted(struct kunit *test, u64 block, enum content content,
		     const struct zcache_note *note)
{
	struct world *world = test->priv;
	struct zcache_origin origin = { .first = block, .note = note };

	block_make(world->page, content, block);
	if (!zcache_insert(world->zcache, block, world->page, &origin))
		zcache_reject(world->zcache, block);
}

void block_put(struct kunit *test, u64 block, enum content content)
{
	struct zcache_note note;

	KUNIT_ASSERT_TRUE(test, zcache_note_epochs(cache_of(test), block, 1, &note));
	block_put_noted(test, block, content, &note);
}

bool block_load(struct kunit *test, u64 block)
{
	struct world *world = test->priv;

	memset(world->got, 0x5a, PAGE_SIZE);
	return zcache_load(world->zcache, block, true, world->got);
}

bool block_holds(struct kunit *test, u64 block, enum content content)
{
	struct world *world = test->priv;

	if (!block_load(test, block))
		return false;
	block_make(world->page, content, block);
	KUNIT_EXPECT_EQ_MSG(test, memcmp(world->got, world->page, PAGE_SIZE), 0,
			    "block %llu", block);
	return true;
}

u64 objects_of(struct kunit *test)
{
	struct zsm_stats stats;

	zsm_stats(cache_of(test)->pool, &stats);
	return stats.objects;
}

enum zcache_seen block_seen(struct kunit *test, u64 block)
{
	struct zcache *zcache = cache_of(test);

	return zcache_ghost_look(zcache, zcache_hash(zcache->seed, block));
}

MODULE_DESCRIPTION("KUnit suites of dm-zcache.ko");
MODULE_LICENSE("GPL");
