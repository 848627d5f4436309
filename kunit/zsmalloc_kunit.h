/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the suites of the allocator share: a pool for each case, which must be
 * empty when the case is done, and objects whose bytes tell them apart.
 */
#ifndef ZSMALLOC_KUNIT_H
#define ZSMALLOC_KUNIT_H

#include <kunit/test.h>
#include <linux/types.h>

#include "../core/zsm_core.h"
#include "../zsmalloc.h"

/* The case's pool. */
static inline struct zsm_pool *pool_of(struct kunit *test)
{
	return test->priv;
}

/* For struct kunit_suite: a pool that moves nothing, and its end. */
int pool_init(struct kunit *test);
void pool_exit(struct kunit *test);

/* Ends the case unless the pool, which becomes the case's, could be made. */
void pool_use(struct kunit *test, const struct zsm_ops *ops, void *priv);

/* Allocates; a failure ends the case. */
zsm_loc_t object_alloc(struct kunit *test, size_t size, u32 owner);

/* Fills the first @len bytes with what belongs to @seed. In one thread at a time. */
void object_fill(struct zsm_pool *pool, zsm_loc_t loc, size_t len, u32 seed);

/* Whether the first @len bytes are what object_fill() wrote. */
bool object_holds(struct zsm_pool *pool, zsm_loc_t loc, size_t len, u32 seed);

/* What object_fill() writes. */
void pattern(void *buf, size_t len, u32 seed);

/* The pool's statistics. */
struct zsm_stats stats_of(struct kunit *test);

/* The parameters of a case that runs for each size class: its row. */
const void *each_class(const void *prev, char *desc);

/* The same for one class in five. */
const void *some_classes(const void *prev, char *desc);

/* The smallest size that a class serves. */
static inline u32 class_min(const struct zsm_class_row *row)
{
	return row == zsm_classes.rows ? 1 : row[-1].size + 1;
}

#endif /* ZSMALLOC_KUNIT_H */
