// SPDX-License-Identifier: GPL-2.0
/*
 * Reclaim in pools of ours, a page at a time, while objects of the sizes to which lz4
 * compresses the corpus come and go.
 */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "bench.h"
#include "zsmalloc.h"

/* Objects that are exchanged between two tries. */
#define EXCHANGED 4

static struct {
	typeof(zsm_init_kind) *init;
	typeof(zsm_exit) *exit;
	typeof(zsm_alloc) *alloc;
	typeof(zsm_free) *free;
	typeof(zsm_reclaim) *reclaim;
} zsm;

static void zsm_put(void)
{
	if (zsm.init)
		symbol_put(zsm_init_kind);
	if (zsm.exit)
		symbol_put(zsm_exit);
	if (zsm.alloc)
		symbol_put(zsm_alloc);
	if (zsm.free)
		symbol_put(zsm_free);
	if (zsm.reclaim)
		symbol_put(zsm_reclaim);
}

static bool zsm_get(void)
{
	zsm.init = symbol_get(zsm_init_kind);
	zsm.exit = symbol_get(zsm_exit);
	zsm.alloc = symbol_get(zsm_alloc);
	zsm.free = symbol_get(zsm_free);
	zsm.reclaim = symbol_get(zsm_reclaim);
	if (zsm.init && zsm.exit && zsm.alloc && zsm.free && zsm.reclaim)
		return true;
	zsm_put();
	return false;
}

/* ---- The owner ---------------------------------------------------------- */

/**
 * struct bench_owner - whose objects they are
 * @pool: where they are
 * @task: the thread that measures; what others want to move or evict is kept, so that
 *	the rest needs no lock
 * @sizes: of the corpus's pages
 * @objs: the objects
 * @gone: the numbers of those that are not there
 * @nr_gone: how many
 * @nr: objects in all
 * @rnd: the state of the generator of random numbers
 */
struct bench_owner {
	struct zsm_pool *pool;
	struct task_struct *task;
	u16 *sizes;
	struct bench_obj {
		struct zsm_loc loc;
		bool there;
	} *objs;
	u32 *gone;
	u32 nr_gone;
	u32 nr;
	u64 rnd;
};

static u32 below(struct bench_owner *o, u32 end)
{
	o->rnd = o->rnd * 6364136223846793005ull + 1442695040888963407ull;
	return (o->rnd >> 33) % end;
}

static bool freeze(void *priv, u32 owner, struct zsm_loc loc)
{
	const struct bench_owner *o = priv;

	return current == o->task && o->objs[owner].there &&
	       zsm_loc_same(o->objs[owner].loc, loc);
}

static void thaw(void *priv, u32 owner, struct zsm_loc loc)
{
	struct bench_owner *o = priv;

	o->objs[owner].loc = loc;
}

static void forget(struct bench_owner *o, u32 i)
{
	o->objs[i].there = false;
	o->gone[o->nr_gone++] = i;
}

static enum zsm_eviction evict(void *priv, u32 owner, struct zsm_loc loc)
{
	if (!freeze(priv, owner, loc))
		return ZSM_EVICT_REFUSED;
	forget(priv, owner);
	return ZSM_EVICTED;
}

static const struct zsm_ops ops = {
	.freeze = freeze,
	.thaw = thaw,
	.evict = evict,
};

static int bring_back(struct bench_owner *o)
{
	while (o->nr_gone) {
		u32 i = o->gone[o->nr_gone - 1];
		int err = zsm.alloc(o->pool, o->sizes[below(o, o->nr)],
				    GFP_KERNEL, i, &o->objs[i].loc);

		if (err)
			return err;
		o->objs[i].there = true;
		o->nr_gone--;
	}
	return 0;
}

static void drop(struct bench_owner *o, u32 i)
{
	if (!o->objs[i].there)
		return;
	zsm.free(o->pool, o->objs[i].loc);
	forget(o, i);
}

static void owner_free(struct bench_owner *o)
{
	vfree(o->sizes);
	vfree(o->objs);
	vfree(o->gone);
}

static int owner_make(struct bench_owner *o, const struct bench_corpus *corpus)
{
	int err = -ENOMEM;
	u32 i;

	o->nr = corpus->nr;
	o->task = current;
	o->sizes = vzalloc(o->nr * sizeof(*o->sizes));
	o->objs = vzalloc(o->nr * sizeof(*o->objs));
	o->gone = vzalloc(o->nr * sizeof(*o->gone));
	if (o->sizes && o->objs && o->gone)
		err = bench_sizes(corpus, PAGE_SIZE, PAGE_SIZE, o->sizes);
	if (err) {
		owner_free(o);
		return err;
	}
	for (i = 0; i < o->nr; i++)
		o->gone[o->nr_gone++] = i;
	return 0;
}

/* ---- Reclaim ------------------------------------------------------------ */

static int compare(const void *a, const void *b)
{
	u32 x = *(const u32 *)a, y = *(const u32 *)b;

	return x < y ? -1 : x > y;
}

/* Frees a page, and says how long that took and how many objects it evicted. */
static int try_once(struct bench_owner *o, u32 most, u32 *ns, u32 *evicted)
{
	unsigned long freed;
	u64 start;
	int err, i;

	for (i = 0; i < EXCHANGED; i++)
		drop(o, below(o, o->nr));
	err = bring_back(o);
	if (err)
		return err;
	start = bench_ns();
	freed = zsm.reclaim(o->pool, 1);
	*ns = bench_ns() - start;
	*evicted = o->nr_gone;
	return most && (freed != 1 || *evicted > most) ? -ERANGE : 0;
}

static int reclaim_all(struct bench_owner *o, u32 most, u32 *ns, u32 tries,
		       struct bench_result *result)
{
	u64 sum = 0;
	u32 i, evicted, worst = 0;
	int err;

	for (i = 0; i < tries; i++) {
		err = try_once(o, most, &ns[i], &evicted);
		if (err)
			return err;
		worst = max(worst, evicted);
		sum += evicted;
		cond_resched();
	}
	sort(ns, tries, sizeof(*ns), compare, NULL);
	scnprintf(result->text, sizeof(result->text),
		  "p50 %u p99 %u most %u evicted %llu evictions %u\n",
		  ns[tries / 2], ns[(u64)tries * 99 / 100], ns[tries - 1], sum,
		  worst);
	return 0;
}

static int reclaim_kind(const struct bench_corpus *corpus, enum zsm_kind kind,
			u32 tries, struct bench_result *result)
{
	u32 most = kind == ZSM_CLASSES ? 0 : kind == ZSM_PAIRS ? 2 : 3;
	struct bench_owner o = { .rnd = 1 };
	u32 *ns = vzalloc(tries * sizeof(*ns));
	int err = ns ? owner_make(&o, corpus) : -ENOMEM;
	u32 i;

	if (err)
		goto out;
	o.pool = zsm.init(kind, &ops, &o);
	if (IS_ERR(o.pool)) {
		err = PTR_ERR(o.pool);
	} else {
		err = reclaim_all(&o, most, ns, tries, result);
		for (i = 0; i < o.nr; i++)
			drop(&o, i);
		zsm.exit(o.pool);
	}
	owner_free(&o);
out:
	vfree(ns);
	return err;
}

int bench_reclaim(const struct bench_corpus *corpus, const char *kind, u32 tries,
		  struct bench_result *result)
{
	static const char *const names[] = { "classes", "pairs", "triples" };
	int i = match_string(names, ARRAY_SIZE(names), kind);
	int err;

	if (i < 0 || !tries || tries > U32_MAX / sizeof(u32))
		return -EINVAL;
	if (!zsm_get())
		return -ENOENT;
	err = reclaim_kind(corpus, i, tries, result);
	zsm_put();
	return err;
}
