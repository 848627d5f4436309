/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the suites of the allocator share: a pool for each case, which must be
 * empty when the case is done, objects whose bytes tell them apart, and an owner.
 */
#ifndef ZSMALLOC_KUNIT_H
#define ZSMALLOC_KUNIT_H

#include <kunit/test.h>
#include <linux/types.h>

#include "core/zsm/compaction.h"
#include "core/zsm/location.h"
#include "core/zsm/size_class.h"
#include "core/zsm/table.h"
#include "zsmalloc.h"

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

/* A kind of pool, as the parameter of a case. */
struct kind_param {
	const char *name;
	enum zsm_kind kind;
	unsigned int per_page;	/* objects that a page has at most; 0: any number */
};

/* Cases run for each kind, or for those that have pages of their own. */
const void *each_kind(const void *prev, char *desc);
const void *each_paged_kind(const void *prev, char *desc);

static inline const struct kind_param *kind_of(struct kunit *test)
{
	return test->param_value;
}

/* The same of a kind. */
void pool_use_kind(struct kunit *test, enum zsm_kind kind,
		   const struct zsm_ops *ops, void *priv);

/* Allocates; a failure ends the case. */
struct zsm_loc object_alloc(struct kunit *test, size_t size, u32 owner);

/* Fills the first @len bytes with what belongs to @seed. In one thread at a time. */
void object_fill(struct zsm_pool *pool, struct zsm_loc loc, size_t len, u32 seed);

/* Whether the first @len bytes are what object_fill() wrote. */
bool object_holds(struct zsm_pool *pool, struct zsm_loc loc, size_t len, u32 seed);

/* What object_fill() writes. */
void pattern(void *buf, size_t len, u32 seed);

/* The pool's statistics. */
struct zsm_stats stats_of(struct kunit *test);

/* ---- An owner whose objects may move (zsmalloc_owner.c) ------------------ */

#define OWNER_OBJS 256

/**
 * struct owner - an owner of objects, which notes what it is asked
 * @task: the case's; others that want to move something find it busy
 * @locs: where the objects are
 * @sizes: how large they are; 0: there is none
 * @anybody: the pool's work and the kernel may move objects, too
 * @refuse_all: nothing may move
 * @refuse_nth: this question is answered with no, counting from 1 on; 0: none
 * @refuse_every: each so-manieth is; 0: none
 * @refuse_obj: all questions about this object are, if it is one
 * @asked: questions
 * @refused: those answered with no
 * @moved: objects that were let go again, moved or not
 * @open: objects that are frozen
 * @unknown: questions about objects that are not there, or elsewhere
 * @not_atomic: calls with no spinlock held
 * @eviction: what is answered to an owner that may forget
 * @evicted: objects that were forgotten
 */
struct owner {
	struct task_struct *task;
	struct zsm_loc locs[OWNER_OBJS];
	u32 sizes[OWNER_OBJS];
	bool anybody;
	bool refuse_all;
	unsigned int refuse_nth;
	unsigned int refuse_every;
	unsigned int refuse_obj;
	unsigned int asked;
	unsigned int refused;
	unsigned int moved;
	unsigned int open;
	unsigned int unknown;
	unsigned int not_atomic;
	enum zsm_eviction eviction;
	unsigned int evicted;
};

/* The case's owner, with a pool. */
struct owner *owner_create(struct kunit *test);

/* The same with a pool of a kind. */
struct owner *owner_create_kind(struct kunit *test, enum zsm_kind kind);

/* The same of an owner that may forget objects. */
struct owner *owner_create_forgetful(struct kunit *test, enum zsm_kind kind);

/* Allocates object @i and fills it; a failure ends the case. */
void owner_alloc(struct kunit *test, struct owner *owner, unsigned int i,
		 u32 size);

void owner_free(struct kunit *test, struct owner *owner, unsigned int i);

/*
 * Allocates @nr objects of a size, from object @first on, and frees those again that
 * are not 1, 5, 9 and so on from there.
 */
void owner_scatter(struct kunit *test, struct owner *owner, unsigned int first,
		   unsigned int nr, u32 size);

/* Every object holds what it should, and the owner was asked as it may be. */
void owner_check(struct kunit *test, struct owner *owner);

/* The same, and frees all. */
void owner_end(struct kunit *test, struct owner *owner);

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
