// SPDX-License-Identifier: GPL-2.0
/* An owner whose objects may move. See zsmalloc_kunit.h. */
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "kunit/zsm/zsmalloc_kunit.h"

#define FIRST_OWNER 0xffffff00u	/* owners are any 32 bits */

static_assert(FIRST_OWNER + (OWNER_OBJS - 1) == U32_MAX);

static bool owner_refuses(const struct owner *owner, unsigned int i)
{
	return owner->refuse_all || owner->asked == owner->refuse_nth ||
	       (owner->refuse_every && !(owner->asked % owner->refuse_every)) ||
	       i == owner->refuse_obj;
}

static bool owner_freeze(void *priv, u32 number, struct zsm_loc loc)
{
	struct owner *owner = priv;
	u32 i = number - FIRST_OWNER;

	if (current != owner->task && !READ_ONCE(owner->anybody))
		return false;
	owner->asked++;
	owner->not_atomic += !preempt_count();
	if (i >= OWNER_OBJS || !owner->sizes[i] ||
	    !zsm_loc_same(owner->locs[i], loc)) {
		owner->unknown++;
		return false;
	}
	if (owner_refuses(owner, i)) {
		owner->refused++;
		return false;
	}
	owner->open++;
	return true;
}

static void owner_thaw(void *priv, u32 number, struct zsm_loc loc)
{
	struct owner *owner = priv;
	u32 i = number - FIRST_OWNER;

	owner->not_atomic += !preempt_count();
	owner->open--;
	owner->moved++;
	if (i < OWNER_OBJS)
		owner->locs[i] = loc;
	else
		owner->unknown++;
}

static enum zsm_eviction owner_evict(void *priv, u32 number, struct zsm_loc loc)
{
	struct owner *owner = priv;
	u32 i = number - FIRST_OWNER;

	if (current != owner->task)
		return ZSM_EVICT_REFUSED;
	owner->not_atomic += !preempt_count();
	if (i >= OWNER_OBJS || !owner->sizes[i] || !zsm_loc_same(owner->locs[i], loc)) {
		owner->unknown++;
		return ZSM_EVICT_REFUSED;
	}
	if (owner->eviction == ZSM_EVICTED) {
		owner->sizes[i] = 0;
		owner->evicted++;
	} else if (owner->eviction == ZSM_EVICT_FROZEN) {
		owner->asked++;
		owner->open++;
	}
	return owner->eviction;
}

static const struct zsm_ops owner_ops = {
	.freeze = owner_freeze,
	.thaw = owner_thaw,
};

static const struct zsm_ops forgetful_ops = {
	.freeze = owner_freeze,
	.thaw = owner_thaw,
	.evict = owner_evict,
};

static struct owner *create(struct kunit *test, enum zsm_kind kind,
			    const struct zsm_ops *ops)
{
	struct owner *owner = kunit_kzalloc(test, sizeof(*owner), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, owner);
	owner->task = current;
	owner->refuse_obj = OWNER_OBJS;
	owner->eviction = ZSM_EVICT_REFUSED;
	pool_use_kind(test, kind, ops, owner);
	return owner;
}

struct owner *owner_create(struct kunit *test)
{
	return create(test, ZSM_CLASSES, &owner_ops);
}

struct owner *owner_create_kind(struct kunit *test, enum zsm_kind kind)
{
	return create(test, kind, &owner_ops);
}

struct owner *owner_create_forgetful(struct kunit *test, enum zsm_kind kind)
{
	return create(test, kind, &forgetful_ops);
}

void owner_alloc(struct kunit *test, struct owner *owner, unsigned int i,
		 u32 size)
{
	owner->locs[i] = object_alloc(test, size, FIRST_OWNER + i);
	owner->sizes[i] = size;
	object_fill(pool_of(test), owner->locs[i], size, i);
}

void owner_free(struct kunit *test, struct owner *owner, unsigned int i)
{
	owner->sizes[i] = 0;
	zsm_free(pool_of(test), owner->locs[i]);
}

void owner_scatter(struct kunit *test, struct owner *owner, unsigned int first,
		   unsigned int nr, u32 size)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		owner_alloc(test, owner, first + i, size);
	for (i = 0; i < nr; i++) {
		if (i % 4 != 1)
			owner_free(test, owner, first + i);
	}
}

void owner_check(struct kunit *test, struct owner *owner)
{
	unsigned int i;

	KUNIT_EXPECT_EQ(test, owner->unknown, 0);
	KUNIT_EXPECT_EQ(test, owner->not_atomic, 0);
	KUNIT_EXPECT_EQ(test, owner->open, 0);
	KUNIT_EXPECT_EQ(test, owner->asked, owner->moved + owner->refused);
	for (i = 0; i < OWNER_OBJS; i++) {
		if (owner->sizes[i])
			KUNIT_EXPECT_TRUE_MSG(test,
					      object_holds(pool_of(test),
							   owner->locs[i],
							   owner->sizes[i], i),
					      "object %u", i);
	}
}

void owner_end(struct kunit *test, struct owner *owner)
{
	unsigned int i;

	owner_check(test, owner);
	for (i = 0; i < OWNER_OBJS; i++) {
		if (owner->sizes[i])
			owner_free(test, owner, i);
	}
}
