/* SPDX-License-Identifier: GPL-2.0 */
/* What the suites of the read cache share: a cache without a disk, and blocks. */
#ifndef ZCACHE_KUNIT_H
#define ZCACHE_KUNIT_H

#include <kunit/test.h>

#include "zcache/cache.h"
#include "zcache/ghost.h"
#include "zcache/index.h"
#include "zcache/insert.h"
#include "zcache/load.h"

/**
 * struct world - a cache without a disk
 * @ti: all of it that is looked at
 * @zcache: the cache
 * @page: what a block holds
 * @got: what was loaded
 */
struct world {
	struct dm_target ti;
	struct zcache *zcache;
	void *page;
	void *got;
};

static inline struct world *world_of(struct kunit *test)
{
	return test->priv;
}

static inline struct zcache *cache_of(struct kunit *test)
{
	return world_of(test)->zcache;
}

/* For struct kunit_suite. */
int world_init(struct kunit *test);
void world_exit(struct kunit *test);

/* Makes the case's cache, of a device of 1 TiB; without a codec if there is no name. */
void cache_use(struct kunit *test, const char *codec, u64 limit_mib);

/* What a block holds. */
enum content { ZERO, HALVES, WHOLE_WORD, TEXT, RANDOM, NR_CONTENTS };

void block_make(void *page, enum content content, u64 block);

/* Puts a block in, of a read that began now or, with a note, earlier. */
void block_put_noted(struct kunit *test, u64 block, enum content content,
		     const struct zcache_note *note);
void block_put(struct kunit *test, u64 block, enum content content);

/* Loads a block into the world's @got; whether it is there. */
bool block_load(struct kunit *test, u64 block);

/* Whether a block is there; then it has to be right. */
bool block_holds(struct kunit *test, u64 block, enum content content);

/* Objects in the pool. */
u64 objects_of(struct kunit *test);

/* What the ghost knows of a block. */
enum zcache_seen block_seen(struct kunit *test, u64 block);

/* A counter, over all CPUs. */
#define counted(test, counter)						\
({									\
	u64 __sum = 0;							\
	int __cpu;							\
									\
	for_each_possible_cpu(__cpu)					\
		__sum += per_cpu_ptr(cache_of(test)->counts, __cpu)->counter; \
	__sum;								\
})

#endif /* ZCACHE_KUNIT_H */
