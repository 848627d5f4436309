// SPDX-License-Identifier: GPL-2.0
/*
 * Work with an allocator alone, on objects of the sizes to which lz4 compresses the
 * pages of the corpus; by one thread, or by several that share the objects.
 */
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/lz4.h>
#include <linux/mm.h>
#include <linux/processor.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>

#include "bench.h"

/* ---- The steps ---------------------------------------------------------- */

/**
 * struct bench_part - what one thread does
 * @work: in which it runs
 * @o: the objects, of which it has every o->threads-th
 * @first: the number of its first
 * @buffer: a page
 * @step: what it is doing
 * @err: what came of that
 */
struct bench_part {
	struct work_struct work;
	struct bench_objects *o;
	u32 first;
	void *buffer;
	int (*step)(struct bench_part *part);
	int err;
};

/**
 * struct bench_objects - what the steps work with
 * @sizes: of each object
 * @names: what the allocator calls it, or 0
 * @threads: how many parts there are
 * @ready: how many threads have begun a step
 * @parts: one for each thread
 */
struct bench_objects {
	const struct bench_corpus *corpus;
	const struct bench_allocator *with;
	void *pool;
	u16 *sizes;
	u64 *names;
	u32 threads;
	atomic_t ready;
	struct bench_part parts[BENCH_MAX_THREADS];
};

static const void *bench_page(const struct bench_objects *o, u32 i)
{
	return page_address(o->corpus->pages[i]);
}

int bench_sizes(const struct bench_corpus *corpus, size_t huge, u16 longest,
		u16 *sizes)
{
	void *work = vmalloc(LZ4_MEM_COMPRESS);
	void *out = vmalloc(LZ4_COMPRESSBOUND(PAGE_SIZE));
	u32 i;

	for (i = 0; work && out && i < corpus->nr; i++) {
		u32 size = LZ4_compress_default(page_address(corpus->pages[i]),
						out, PAGE_SIZE,
						LZ4_COMPRESSBOUND(PAGE_SIZE),
						work);

		sizes[i] = size < huge ? size : longest;
	}
	vfree(out);
	vfree(work);
	return work && out ? 0 : -ENOMEM;
}

static int bench_step_alloc(struct bench_part *part)
{
	struct bench_objects *o = part->o;
	u32 i;
	int err;

	for (i = part->first; i < o->corpus->nr; i += o->threads) {
		err = o->with->alloc(o->pool, i, o->sizes[i], &o->names[i]);
		if (err)
			return err;
	}
	return 0;
}

static int bench_step_write(struct bench_part *part)
{
	struct bench_objects *o = part->o;
	u32 i;

	for (i = part->first; i < o->corpus->nr; i += o->threads)
		o->with->write(o->pool, o->names[i], bench_page(o, i),
			       o->sizes[i]);
	return 0;
}

static int bench_step_read(struct bench_part *part)
{
	struct bench_objects *o = part->o;
	u32 i;

	for (i = part->first; i < o->corpus->nr; i += o->threads) {
		u32 n = o->corpus->order[i];

		o->with->read(o->pool, o->names[n], part->buffer, o->sizes[n]);
	}
	return 0;
}

static int bench_step_verify(struct bench_part *part)
{
	struct bench_objects *o = part->o;
	u32 i;

	for (i = part->first; i < o->corpus->nr; i += o->threads) {
		memset(part->buffer, 0xa5, PAGE_SIZE);
		o->with->read(o->pool, o->names[i], part->buffer, o->sizes[i]);
		if (memcmp(part->buffer, bench_page(o, i), o->sizes[i]))
			return -EILSEQ;
	}
	return 0;
}

/* Frees one object and allocates one of another's size, in a random order. */
static int bench_step_churn(struct bench_part *part)
{
	struct bench_objects *o = part->o;
	u32 nr = o->corpus->nr;
	u32 i;
	int err;

	for (i = part->first; i < o->corpus->nr; i += o->threads) {
		u32 n = o->corpus->order[i];
		u32 size = o->sizes[o->corpus->order[nr - 1 - i]];

		o->with->free(o->pool, o->names[n]);
		err = o->with->alloc(o->pool, n, size, &o->names[n]);
		if (err)
			return err;
	}
	return 0;
}

static int bench_step_free(struct bench_part *part)
{
	struct bench_objects *o = part->o;
	u32 i;

	for (i = part->first; i < o->corpus->nr; i += o->threads) {
		u32 n = o->corpus->order[i];

		if (o->names[n])
			o->with->free(o->pool, o->names[n]);
		o->names[n] = 0;
	}
	return 0;
}

static const struct bench_alloc_step {
	const char *name;
	int (*step)(struct bench_part *part);
} bench_alloc_steps[] = {
	{ "alloc", bench_step_alloc },
	{ "write", bench_step_write },
	{ "read", bench_step_read },
	{ "verify", bench_step_verify },
	{ "churn", bench_step_churn },
	{ "free", bench_step_free },
};

/* ---- Threads ------------------------------------------------------------ */

static void bench_part_work(struct work_struct *work)
{
	struct bench_part *part = container_of(work, struct bench_part, work);

	/* All at the same time, or nobody is in anybody's way. */
	atomic_inc(&part->o->ready);
	while (atomic_read(&part->o->ready) < part->o->threads)
		cpu_relax();
	part->err = part->step(part);
}

/* A step by all threads. The caller keeps the CPUs from going offline. */
static int bench_step_run(struct bench_objects *o,
			  int (*step)(struct bench_part *part))
{
	unsigned int cpu = cpumask_first(cpu_online_mask);
	int err = 0;
	u32 i;

	if (o->threads == 1)
		return step(&o->parts[0]);
	atomic_set(&o->ready, 0);
	for (i = 0; i < o->threads; i++) {
		o->parts[i].step = step;
		queue_work_on(cpu, system_wq, &o->parts[i].work);
		cpu = cpumask_next(cpu, cpu_online_mask);
	}
	for (i = 0; i < o->threads; i++) {
		flush_work(&o->parts[i].work);
		err = err ?: o->parts[i].err;
	}
	return err;
}

static void bench_parts_free(struct bench_objects *o)
{
	u32 i;

	for (i = 0; i < o->threads; i++)
		free_page((unsigned long)o->parts[i].buffer);
}

static int bench_parts_make(struct bench_objects *o)
{
	u32 i;

	for (i = 0; i < o->threads; i++) {
		struct bench_part *part = &o->parts[i];

		part->o = o;
		part->first = i;
		INIT_WORK(&part->work, bench_part_work);
		part->buffer = (void *)__get_free_page(GFP_KERNEL);
		if (!part->buffer) {
			bench_parts_free(o);
			return -ENOMEM;
		}
	}
	return 0;
}

/* ---- All of it ---------------------------------------------------------- */

static int bench_alloc_run(struct bench_objects *o, struct bench_result *result)
{
	size_t at = scnprintf(result->text, sizeof(result->text), "objects %u",
			      o->corpus->nr);
	u64 bytes = 0;
	u32 i;
	int err;

	for (i = 0; i < ARRAY_SIZE(bench_alloc_steps); i++) {
		u64 ns = bench_ns();

		err = bench_step_run(o, bench_alloc_steps[i].step);
		ns = bench_ns() - ns;
		if (err) {
			bench_step_run(o, bench_step_free);
			return err;
		}
		at += scnprintf(result->text + at, sizeof(result->text) - at,
				" %s %llu", bench_alloc_steps[i].name, ns);
		if (!i)
			bytes = o->with->bytes(o->pool);
	}
	scnprintf(result->text + at, sizeof(result->text) - at, " bytes %llu\n",
		  bytes);
	return 0;
}

static int bench_objects_run(struct bench_objects *o,
			     struct bench_result *result)
{
	int err = bench_parts_make(o);

	if (err)
		return err;
	o->sizes = vzalloc(o->corpus->nr * sizeof(*o->sizes));
	o->names = vzalloc(o->corpus->nr * sizeof(*o->names));
	err = -ENOMEM;
	if (o->sizes && o->names)
		err = bench_sizes(o->corpus, o->with->huge(o->pool),
				  o->with->longest, o->sizes);
	if (!err)
		err = bench_alloc_run(o, result);
	vfree(o->names);
	vfree(o->sizes);
	bench_parts_free(o);
	return err;
}

static const struct bench_allocator *bench_allocator(const char *who)
{
	if (!strcmp(who, "ours"))
		return &bench_ours;
	if (!strcmp(who, "intree"))
		return &bench_intree;
	return IS_ENABLED(CONFIG_BENCH_ZPOOLS) ? &bench_zpool : NULL;
}

int bench_alloc(const struct bench_corpus *corpus, const char *who, u32 threads,
		struct bench_result *result)
{
	struct bench_objects *o;
	int err = -EINVAL;

	if (!threads || threads > BENCH_MAX_THREADS)
		return -EINVAL;
	o = kzalloc(sizeof(*o), GFP_KERNEL);
	if (!o)
		return -ENOMEM;
	o->corpus = corpus;
	o->threads = threads;
	o->with = bench_allocator(who);
	o->pool = o->with ? o->with->create(who) : NULL;
	if (o->pool) {
		cpus_read_lock();
		if (threads <= num_online_cpus())
			err = bench_objects_run(o, result);
		cpus_read_unlock();
		o->with->destroy(o->pool);
	} else {
		err = -ENOENT;
	}
	kfree(o);
	return err;
}
