// SPDX-License-Identifier: GPL-2.0
/* Allocate, free, change sizes and compact in random order, against a model. */
#include <linux/mm.h>
#include <linux/prandom.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "kunit/zsm/zsmalloc_kunit.h"

#define NR_SLOTS 192
#define NR_STEPS 3000

/* What the model knows of an object; @size is 0 where there is none. */
struct slot {
	struct zsm_loc loc;
	u32 size;
	u32 seed;
	bool frozen;
};

struct model {
	struct task_struct *task;	/* the case's */
	struct slot slots[NR_SLOTS];
	struct rnd_state rnd;
	u64 objects;
};

/* How sizes are drawn. */
struct mix {
	const char *name;
	u32 seed;
	u32 min, max;
};

static const struct mix mixes[] = {
	{ "any size", 1, 1, PAGE_SIZE },
	{ "any size, again", 2, 1, PAGE_SIZE },
	{ "small", 3, 1, 256 },
	{ "one class", 4, 1000, 1008 },
	{ "cut in two", 5, 2100, 3800 },
	{ "large", 6, 3500, PAGE_SIZE },
};

KUNIT_ARRAY_PARAM_DESC(mix, mixes, name);

static u32 random_below(struct model *model, u32 limit)
{
	return prandom_u32_state(&model->rnd) % limit;
}

static bool model_freeze(void *priv, u32 owner, struct zsm_loc loc)
{
	struct model *model = priv;
	struct slot *slot = &model->slots[owner];

	/* The kernel's own movers find it busy; the case's do sometimes. */
	if (current != model->task || !zsm_loc_same(slot->loc, loc) ||
	    !random_below(model, 8))
		return false;
	slot->frozen = true;
	return true;
}

static void model_thaw(void *priv, u32 owner, struct zsm_loc loc)
{
	struct model *model = priv;

	model->slots[owner].frozen = false;
	model->slots[owner].loc = loc;
}

static const struct zsm_ops model_ops = {
	.freeze = model_freeze,
	.thaw = model_thaw,
};

static void check_object(struct kunit *test, const struct slot *slot)
{
	KUNIT_ASSERT_TRUE_MSG(test, object_holds(pool_of(test), slot->loc,
						 slot->size, slot->seed),
			      "%u bytes at %#llx", slot->size, slot->loc.value);
}

static void drop(struct kunit *test, struct model *model, struct slot *slot)
{
	check_object(test, slot);
	model->objects--;
	zsm_free(pool_of(test), slot->loc);
	slot->size = 0;
}

static void fill(struct kunit *test, struct model *model, struct slot *slot,
		 u32 size)
{
	slot->size = size;
	slot->seed = prandom_u32_state(&model->rnd);
	object_fill(pool_of(test), slot->loc, size, slot->seed);
}

static void resize(struct kunit *test, struct model *model, struct slot *slot,
		   u32 size)
{
	struct slot part = *slot;

	KUNIT_ASSERT_EQ(test, zsm_realloc(pool_of(test), &slot->loc, size,
					  GFP_KERNEL), 0);
	part.loc = slot->loc;
	part.size = min(size, slot->size);
	check_object(test, &part);
	fill(test, model, slot, size);
}

static void step(struct kunit *test, struct model *model, const struct mix *mix)
{
	u32 idx = random_below(model, NR_SLOTS);
	u32 size = mix->min + random_below(model, mix->max - mix->min + 1);
	struct slot *slot = &model->slots[idx];

	if (!slot->size) {
		slot->loc = object_alloc(test, size, idx);
		model->objects++;
		fill(test, model, slot, size);
	} else if (random_below(model, 4)) {
		drop(test, model, slot);
	} else {
		resize(test, model, slot, size);
	}
}

/* Bytes of an object's class: its own, or a larger one that it was merged into. */
static u32 class_bytes(struct kunit *test, struct slot *slot)
{
	const struct zsm_class_row *row = &zsm_classes.rows[zsm_class_of(slot->size)];

	/* With no memory to take, only a size of the object's class will do. */
	while (zsm_realloc(pool_of(test), &slot->loc, row->size, 0)) {
		row++;
		KUNIT_ASSERT_LT(test, row - zsm_classes.rows,
				zsm_classes.nr_classes);
	}
	return row->size;
}

static u64 object_bytes(struct kunit *test, struct model *model)
{
	u64 bytes = 0;
	unsigned int i;

	for (i = 0; i < NR_SLOTS; i++) {
		if (model->slots[i].size)
			bytes += class_bytes(test, &model->slots[i]);
	}
	return bytes;
}

static void check_stats(struct kunit *test, struct model *model)
{
	struct zsm_stats stats = stats_of(test);

	KUNIT_ASSERT_EQ(test, stats.objects, model->objects);
	KUNIT_ASSERT_EQ(test, stats.object_bytes, object_bytes(test, model));
	KUNIT_ASSERT_GE(test, stats.pages << PAGE_SHIFT, stats.object_bytes);
	KUNIT_ASSERT_EQ(test, stats.allocated_bytes,
			stats.metadata_bytes + (stats.pages << PAGE_SHIFT));
	KUNIT_ASSERT_GE(test, stats.max_allocated_bytes, stats.allocated_bytes);
}

static void model_random_test(struct kunit *test)
{
	const struct mix *mix = test->param_value;
	struct model *model = kunit_kzalloc(test, sizeof(*model), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, model);
	model->task = current;
	prandom_seed_state(&model->rnd, mix->seed);
	pool_use(test, &model_ops, model);
	for (i = 0; i < NR_STEPS; i++) {
		step(test, model, mix);
		if (i % 64)
			continue;
		zsm_compact(pool_of(test));
		check_stats(test, model);
	}
	for (i = 0; i < NR_SLOTS; i++) {
		KUNIT_EXPECT_FALSE(test, model->slots[i].frozen);
		if (model->slots[i].size)
			drop(test, model, &model->slots[i]);
	}
}

static struct kunit_case model_cases[] = {
	KUNIT_CASE_PARAM(model_random_test, mix_gen_params),
	{}
};

static struct kunit_suite model_suite = {
	.name = "zsmalloc_model",
	.exit = pool_exit,
	.test_cases = model_cases,
};

kunit_test_suite(model_suite);
