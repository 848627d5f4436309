// SPDX-License-Identifier: GPL-2.0
/* Two CPUs at one class or pool, and a third party that moves what they allocate. */
#include <linux/processor.h>	/* bit_spinlock.h does not include it */
#include <linux/bit_spinlock.h>
#include <linux/cpumask.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/prandom.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "kunit/zsm/zsmalloc_kunit.h"

#define NR_WORKERS 2
#define NR_OBJS 48
#define NR_STEPS 1500

/* An object, and the lock that keeps its location true: many are held at once. */
struct object {
	unsigned long lock;
	struct zsm_loc loc;
	u32 seed;
	bool used;
};

struct worker {
	struct smp *smp;
	struct object objects[NR_OBJS];
	struct task_struct *task;
	unsigned int errors;
	unsigned int wrong;
	u32 rnd_seed;
};

struct smp {
	struct zsm_pool *pool;
	u32 size;
	atomic_t moved;
	struct worker workers[NR_WORKERS];
};

static struct object *object_of(struct smp *smp, u32 owner)
{
	return &smp->workers[owner / NR_OBJS].objects[owner % NR_OBJS];
}

static bool smp_freeze(void *priv, u32 owner, struct zsm_loc loc)
{
	struct object *object = object_of(priv, owner);

	if (!bit_spin_trylock(0, &object->lock))
		return false;
	if (object->used && zsm_loc_same(object->loc, loc))
		return true;
	bit_spin_unlock(0, &object->lock);
	return false;
}

static void smp_thaw(void *priv, u32 owner, struct zsm_loc loc)
{
	struct object *object = object_of(priv, owner);
	struct smp *smp = priv;

	object->loc = loc;
	bit_spin_unlock(0, &object->lock);
	atomic_inc(&smp->moved);
}

static const struct zsm_ops owner_ops = {
	.freeze = smp_freeze,
	.thaw = smp_thaw,
};

/* Of an object's bytes, the first and the last say whose it is. */
static void mark(struct smp *smp, struct zsm_loc loc, u32 seed)
{
	struct zsm_mapping map;
	void *addr = zsm_map(smp->pool, loc, smp->size, ZSM_MAP_WRITE, &map);

	memset(addr, seed, smp->size);
	memcpy(addr, &seed, sizeof(seed));
	memcpy(addr + smp->size - sizeof(seed), &seed, sizeof(seed));
	zsm_unmap(&map);
}

static bool is_marked(struct smp *smp, struct zsm_loc loc, u32 seed)
{
	struct zsm_mapping map;
	void *addr = zsm_map(smp->pool, loc, smp->size, ZSM_MAP_READ, &map);
	bool same = !memcmp(addr, &seed, sizeof(seed)) &&
		    !memcmp(addr + smp->size - sizeof(seed), &seed,
			    sizeof(seed)) &&
		    !memchr_inv(addr + sizeof(seed), (u8)seed,
				smp->size - 2 * sizeof(seed));

	zsm_unmap(&map);
	return same;
}

static void worker_alloc(struct worker *worker, struct object *object,
			 u32 owner, u32 seed)
{
	struct smp *smp = worker->smp;
	struct zsm_loc loc;

	if (zsm_alloc(smp->pool, smp->size, GFP_KERNEL, owner, &loc)) {
		worker->errors++;
		return;
	}
	mark(smp, loc, seed);
	bit_spin_lock(0, &object->lock);
	object->loc = loc;
	object->seed = seed;
	object->used = true;
	bit_spin_unlock(0, &object->lock);
}

static void worker_free(struct worker *worker, struct object *object)
{
	struct smp *smp = worker->smp;
	struct zsm_loc loc;

	bit_spin_lock(0, &object->lock);
	worker->wrong += !is_marked(smp, object->loc, object->seed);
	loc = object->loc;
	object->used = false;
	bit_spin_unlock(0, &object->lock);
	zsm_free(smp->pool, loc);
}

static int worker_run(void *data)
{
	struct worker *worker = data;
	u32 first = (worker - worker->smp->workers) * NR_OBJS;
	struct rnd_state rnd;
	unsigned int i;

	prandom_seed_state(&rnd, worker->rnd_seed);
	for (i = 0; i < NR_STEPS; i++) {
		u32 random = prandom_u32_state(&rnd);
		u32 idx = random % NR_OBJS;
		struct object *object = &worker->objects[idx];

		if (object->used)
			worker_free(worker, object);
		else
			worker_alloc(worker, object, first + idx, random);
		if (!(i % 128))
			cond_resched();
	}
	for (i = 0; i < NR_OBJS; i++) {
		if (worker->objects[i].used)
			worker_free(worker, &worker->objects[i]);
	}
	return 0;
}

static struct smp *smp_create(struct kunit *test, u32 size, enum zsm_kind kind)
{
	struct smp *smp = kunit_kzalloc(test, sizeof(*smp), GFP_KERNEL);
	unsigned int w;

	KUNIT_ASSERT_NOT_NULL(test, smp);
	pool_use_kind(test, kind, &owner_ops, smp);
	smp->pool = pool_of(test);
	smp->size = size;
	for (w = 0; w < NR_WORKERS; w++) {
		smp->workers[w].smp = smp;
		smp->workers[w].rnd_seed = 1 + w;
	}
	return smp;
}

/* Starts the workers, each on a CPU of its own as long as there are some. */
static void smp_start(struct kunit *test, struct smp *smp)
{
	unsigned int w, cpu = cpumask_first(cpu_online_mask);

	for (w = 0; w < NR_WORKERS; w++) {
		struct task_struct *task =
			kthread_create(worker_run, &smp->workers[w],
				       "zsm_kunit/%u", w);

		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
		kthread_bind(task, cpu);
		smp->workers[w].task = get_task_struct(task);
		cpu = cpumask_next_wrap(cpu, cpu_online_mask, cpu, true);
		if (cpu >= nr_cpu_ids)
			cpu = cpumask_first(cpu_online_mask);
	}
	for (w = 0; w < NR_WORKERS; w++)
		wake_up_process(smp->workers[w].task);
}

static bool smp_is_running(const struct smp *smp)
{
	unsigned int w;

	for (w = 0; w < NR_WORKERS; w++) {
		if (!READ_ONCE(smp->workers[w].task->exit_state))
			return true;
	}
	return false;
}

static void smp_finish(struct kunit *test, struct smp *smp)
{
	unsigned int w;

	for (w = 0; w < NR_WORKERS; w++) {
		kthread_stop(smp->workers[w].task);
		put_task_struct(smp->workers[w].task);
		KUNIT_EXPECT_EQ(test, smp->workers[w].errors, 0);
		KUNIT_EXPECT_EQ(test, smp->workers[w].wrong, 0);
	}
}

struct smp_param {
	u32 size;
	enum zsm_kind kind;
};

/* Many objects a page, some cut in two, one a page; two and three a page. */
static const struct smp_param params[] = {
	{ 48 }, { 2720 }, { PAGE_SIZE }, { 1300, ZSM_PAIRS }, { 900, ZSM_TRIPLES },
};

static void param_desc(const struct smp_param *param, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%u bytes, kind %u", param->size,
		 param->kind);
}

KUNIT_ARRAY_PARAM(smp, params, param_desc);

/* Both allocate and free in the same class; each finds its own bytes. */
static void smp_one_class_test(struct kunit *test)
{
	const struct smp_param *param = test->param_value;
	struct smp *smp = smp_create(test, param->size, param->kind);

	smp_start(test, smp);
	smp_finish(test, smp);
}

/* The same while objects are moved all the time. */
static void smp_compact_test(struct kunit *test)
{
	const struct smp_param *param = test->param_value;
	struct smp *smp = smp_create(test, param->size, param->kind);

	smp_start(test, smp);
	while (smp_is_running(smp))
		zsm_compact(smp->pool);
	smp_finish(test, smp);
	/* The small ones lie in few pages: there may be nothing to gain. */
	if (param->size > 1000 && param->size < PAGE_SIZE)
		KUNIT_EXPECT_GT(test, atomic_read(&smp->moved), 0);
}

/* The same while a thread reads the statistics. */
static void smp_stats_test(struct kunit *test)
{
	struct smp *smp = smp_create(test, 1000, kind_of(test)->kind);

	smp_start(test, smp);
	while (smp_is_running(smp)) {
		struct zsm_stats stats = stats_of(test);

		KUNIT_ASSERT_LE(test, stats.objects, NR_WORKERS * NR_OBJS);
		KUNIT_ASSERT_EQ(test, stats.object_bytes % 1008, 0);
		cond_resched();
	}
	smp_finish(test, smp);
}

static struct kunit_case smp_cases[] = {
	KUNIT_CASE_PARAM(smp_one_class_test, smp_gen_params),
	KUNIT_CASE_PARAM(smp_compact_test, smp_gen_params),
	KUNIT_CASE_PARAM(smp_stats_test, each_kind),
	{}
};

static struct kunit_suite smp_suite = {
	.name = "zsmalloc_smp",
	.exit = pool_exit,
	.test_cases = smp_cases,
};

kunit_test_suite(smp_suite);
