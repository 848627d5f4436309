// SPDX-License-Identifier: GPL-2.0
/* Per-CPU streams, and CPUs that come and go. */
#include <linux/completion.h>
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/mm.h>

#include "kunit/zram/zram_kunit.h"

static struct zsm_streams *streams_of(struct kunit *test)
{
	const char *const *name = test->param_value;
	struct zsm_streams *streams = zsm_streams_create(codec_named(test, *name),
							 &default_params);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, streams);
	return streams;
}

/* CPUs whose stream has memory. */
static unsigned int nr_streams(const struct zsm_streams *streams)
{
	unsigned int cpu, n = 0;

	for_each_possible_cpu(cpu)
		n += !!per_cpu_ptr(streams->percpu, cpu)->buffer;
	return n;
}

/* One for each CPU that is online. */
static void stream_create_test(struct kunit *test)
{
	struct zsm_streams *streams = streams_of(test);

	KUNIT_EXPECT_EQ(test, nr_streams(streams), num_online_cpus());
	zsm_streams_destroy(streams);
}

/* What a stream compresses, a stream decompresses. */
static void stream_round_trip_test(struct kunit *test)
{
	struct zsm_streams *streams = streams_of(test);
	void *page = page_alloc(test);
	void *got = page_alloc(test);
	void *bytes = page_alloc(test);
	struct zsm_stream *stream;
	int len;

	page_make_text(page, 1);
	stream = zsm_stream_get(streams);
	len = zsm_compress(stream, page);
	if (len > 0)
		memcpy(bytes, stream->buffer, len);
	zsm_stream_put(stream);
	KUNIT_EXPECT_GT(test, len, 0);

	stream = zsm_stream_get(streams);
	KUNIT_EXPECT_EQ(test, zsm_decompress(stream, bytes, len, got), 0);
	zsm_stream_put(stream);
	KUNIT_EXPECT_MEMEQ(test, got, page, PAGE_SIZE);
	zsm_streams_destroy(streams);
}

/* A task that may not wait gets a stream as long as one is free. */
static void stream_try_test(struct kunit *test)
{
	struct zsm_streams *streams = streams_of(test);
	struct zsm_stream **taken;
	struct zsm_stream *stream;
	unsigned int n = 0;

	taken = kunit_kcalloc(test, nr_cpu_ids, sizeof(*taken), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, taken);
	/* One task takes them all, as tasks of all CPUs might. */
	while (n < nr_cpu_ids && (stream = zsm_stream_try_get(streams))) {
		KUNIT_EXPECT_NOT_NULL(test, stream->buffer);
		taken[n++] = stream;
	}
	KUNIT_EXPECT_EQ(test, n, num_online_cpus());
	while (n)
		zsm_stream_put(taken[--n]);
	zsm_streams_destroy(streams);
}

/* The CPU that is taken down and brought back; none if it cannot be. */
static unsigned int victim_cpu(struct kunit *test)
{
	unsigned int cpu = cpumask_last(cpu_online_mask);

	KUNIT_ASSERT_GT_MSG(test, cpu, 0, "needs two CPUs");
	return cpu;
}

/* A CPU that goes down gives its stream back, and gets one when it returns. */
static void stream_hotplug_test(struct kunit *test)
{
	unsigned int cpu = victim_cpu(test);
	struct zsm_streams *streams = streams_of(test);
	unsigned int before = nr_streams(streams);

	KUNIT_ASSERT_EQ(test, remove_cpu(cpu), 0);
	KUNIT_EXPECT_EQ(test, nr_streams(streams), before - 1);
	KUNIT_ASSERT_EQ(test, add_cpu(cpu), 0);
	KUNIT_EXPECT_EQ(test, nr_streams(streams), before);
	zsm_streams_destroy(streams);
}

/* A task that holds a stream, of whatever CPU, while others do what they do. */
struct holder {
	struct zsm_stream *stream;
	const void *page;
	struct completion held, release;
	int before, after;	/* what the page compresses to */
};

static int holder_run(void *data)
{
	struct holder *holder = data;

	zsm_stream_lock(holder->stream);
	holder->before = zsm_compress(holder->stream, holder->page);
	complete(&holder->held);
	wait_for_completion(&holder->release);
	holder->after = zsm_compress(holder->stream, holder->page);
	zsm_stream_unlock(holder->stream);
	return 0;
}

/* A stream that is held then stays, is good to the last, and is not made twice. */
static void stream_held_over_hotplug_test(struct kunit *test)
{
	unsigned int cpu = victim_cpu(test);
	struct zsm_streams *streams = zsm_streams_create(zsm_codec_default(),
							 &default_params);
	void *page = page_alloc(test);
	struct holder holder = { .page = page };
	struct task_struct *task;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, streams);
	page_make_text(page, 1);
	holder.stream = per_cpu_ptr(streams->percpu, cpu);
	init_completion(&holder.held);
	init_completion(&holder.release);
	task = kthread_create(holder_run, &holder, "zram_kunit");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
	get_task_struct(task);
	wake_up_process(task);
	wait_for_completion(&holder.held);
	KUNIT_EXPECT_EQ(test, remove_cpu(cpu), 0);
	KUNIT_EXPECT_NOT_NULL(test, holder.stream->buffer);
	complete(&holder.release);
	kthread_stop(task);
	put_task_struct(task);
	KUNIT_EXPECT_EQ(test, add_cpu(cpu), 0);
	KUNIT_EXPECT_GT(test, holder.before, 0);
	KUNIT_EXPECT_EQ(test, holder.after, holder.before);
	KUNIT_EXPECT_EQ(test, nr_streams(streams), num_online_cpus());
	zsm_streams_destroy(streams);
}

/* Takes a stream as a device does, on the CPU that it is bound to. */
struct taker {
	struct zsm_streams *streams;
	struct zsm_stream *stream;
	struct completion taken;
};

static int taker_run(void *data)
{
	struct taker *taker = data;

	taker->stream = zsm_stream_get(taker->streams);
	zsm_stream_put(taker->stream);
	complete(&taker->taken);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

/* A task that has a CPU's stream and is not let run stops no other task there. */
static void stream_taken_test(struct kunit *test)
{
	unsigned int cpu = victim_cpu(test);
	struct zsm_streams *streams = zsm_streams_create(zsm_codec_default(),
							 &default_params);
	void *page = page_alloc(test);
	struct holder holder = { .page = page };
	struct taker taker = { .streams = streams };
	struct task_struct *holding, *taking;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, streams);
	page_make_text(page, 1);
	holder.stream = per_cpu_ptr(streams->percpu, cpu);
	init_completion(&holder.held);
	init_completion(&holder.release);
	init_completion(&taker.taken);
	holding = kthread_create(holder_run, &holder, "zram_kunit");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, holding);
	get_task_struct(holding);
	wake_up_process(holding);
	wait_for_completion(&holder.held);
	taking = kthread_create(taker_run, &taker, "zram_kunit");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, taking);
	kthread_bind(taking, cpu);
	wake_up_process(taking);
	KUNIT_EXPECT_NE(test, wait_for_completion_timeout(&taker.taken, 10 * HZ),
			0);
	complete(&holder.release);
	kthread_stop(taking);
	kthread_stop(holding);
	put_task_struct(holding);
	KUNIT_EXPECT_PTR_NE(test, taker.stream, holder.stream);
	zsm_streams_destroy(streams);
}

/* A device goes on working, with fewer CPUs and with more. */
static void stream_device_over_hotplug_test(struct kunit *test)
{
	unsigned int cpu = victim_cpu(test);
	void *page = page_alloc(test);
	u32 i;

	device_set_up(test, NULL, SZ_1M);
	for (i = 0; i < 32; i++) {
		page_make_text(page, i);
		page_store(test, i, page);
		if (i == 10)
			KUNIT_ASSERT_EQ(test, remove_cpu(cpu), 0);
		if (i == 20)
			KUNIT_ASSERT_EQ(test, add_cpu(cpu), 0);
	}
	for (i = 0; i < 32; i++) {
		page_make_text(page, i);
		KUNIT_EXPECT_TRUE(test, page_is_stored(test, i, page));
	}
}

static struct kunit_case stream_cases[] = {
	KUNIT_CASE_PARAM(stream_create_test, each_codec),
	KUNIT_CASE_PARAM(stream_round_trip_test, each_codec),
	KUNIT_CASE_PARAM(stream_try_test, each_codec),
	KUNIT_CASE_PARAM(stream_hotplug_test, each_codec),
	KUNIT_CASE(stream_held_over_hotplug_test),
	KUNIT_CASE(stream_taken_test),
	KUNIT_CASE(stream_device_over_hotplug_test),
	{}
};

static struct kunit_suite stream_suite = {
	.name = "zram_stream",
	.init = device_init,
	.exit = device_exit,
	.test_cases = stream_cases,
};

kunit_test_suite(stream_suite);
