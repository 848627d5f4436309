// SPDX-License-Identifier: GPL-2.0
/* Per-CPU streams that follow CPU hotplug. */
#include <linux/cpuhotplug.h>
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "store/codec/w64.h"
#include "store/stream.h"

/* Handed out by the kernel; calls back for each set of streams and CPU. */
static enum cpuhp_state cpuhp_state;

/* The caller holds the mutex, or no task knows the stream any more. */
static void stream_free(struct zsm_stream *stream)
{
	if (!stream->buffer)
		return;
	stream->streams->codec->destroy(stream->ctx);
	vfree(stream->buffer);
	stream->ctx = NULL;
	stream->buffer = NULL;
}

/*
 * The CPU is about to come online, or the set is new. No task runs on the CPU
 * yet, though a task that chose its stream before it last went down may still
 * be at the mutex.
 */
static int cpu_prepare(unsigned int cpu, struct hlist_node *node)
{
	struct zsm_streams *streams = hlist_entry(node, struct zsm_streams, node);
	struct zsm_stream *stream = per_cpu_ptr(streams->percpu, cpu);
	void *buffer;
	void *ctx;

	/* Kept by cpu_dead(); nothing else changes the pointer. */
	if (stream->buffer)
		return 0;

	/* Before the mutex: reclaim may swap to this device and take it. */
	buffer = vmalloc(ZSM_DST_SIZE);
	if (!buffer)
		return -ENOMEM;
	ctx = streams->codec->create(streams->params, streams->shared);
	if (!ctx) {
		vfree(buffer);
		return -ENOMEM;
	}

	zsm_stream_lock(stream);
	stream->ctx = ctx;
	stream->buffer = buffer;
	zsm_stream_unlock(stream);
	return 0;
}

/*
 * The CPU is down, or did not come up after all, or the set is going away.
 *
 * A task that took the CPU's stream may hold it still, on another CPU, and
 * must not be waited for: the dead CPU's timers and finished block requests
 * are handed on only after this callback, and the task may need one of them to
 * go on. A stream that is held stays, for the CPU's return or the set's end.
 */
static int cpu_dead(unsigned int cpu, struct hlist_node *node)
{
	struct zsm_streams *streams = hlist_entry(node, struct zsm_streams, node);
	struct zsm_stream *stream = per_cpu_ptr(streams->percpu, cpu);

	if (zsm_stream_trylock(stream)) {
		stream_free(stream);
		zsm_stream_unlock(stream);
	}
	return 0;
}

int __init zsm_streams_init(void)
{
	int ret;

	zsm_w64_init();
	ret = cpuhp_setup_state_multi(CPUHP_BP_PREPARE_DYN, "zsm/stream:prepare",
				      cpu_prepare, cpu_dead);
	if (ret < 0)
		return ret;
	cpuhp_state = ret;
	return 0;
}

void zsm_streams_exit(void)
{
	cpuhp_remove_multi_state(cpuhp_state);
}

/* The hotplug state no longer knows @streams, or never did. */
static void streams_free(struct zsm_streams *streams)
{
	struct zsm_stream *stream;
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		stream = per_cpu_ptr(streams->percpu, cpu);
		stream_free(stream);
	}
	free_percpu(streams->percpu);
	if (streams->shared)
		streams->codec->unshare(streams->shared);
	kfree(streams);
}

/* A set without streams. */
static struct zsm_streams *streams_alloc(const struct zsm_codec *codec,
					 const struct zsm_params *params)
{
	struct zsm_streams *streams = kzalloc(sizeof(*streams), GFP_KERNEL);

	if (!streams)
		return NULL;
	streams->codec = codec;
	streams->params = params;
	streams->percpu = alloc_percpu(struct zsm_stream);
	if (!streams->percpu)
		goto err_set;
	if (codec->share) {
		streams->shared = codec->share(params);
		if (!streams->shared)
			goto err_streams;
	}
	return streams;

err_streams:
	free_percpu(streams->percpu);
err_set:
	kfree(streams);
	return NULL;
}

struct zsm_streams *zsm_streams_create(const struct zsm_codec *codec,
				       const struct zsm_params *params)
{
	struct zsm_stream *stream;
	struct zsm_streams *streams;
	unsigned int cpu;
	int ret;

	streams = streams_alloc(zsm_codec_for(codec, params), params);
	if (!streams)
		return ERR_PTR(-ENOMEM);

	/*
	 * The mutexes last as long as the streams, whatever becomes of the CPUs:
	 * zsm_stream_get() may come to one whose CPU went down meanwhile.
	 */
	for_each_possible_cpu(cpu) {
		stream = per_cpu_ptr(streams->percpu, cpu);
		zsm_stream_mutex_init(&stream->mutex);
		stream->streams = streams;
	}

	/* Where a CPU's stream cannot be had, those made so far are freed. */
	ret = cpuhp_state_add_instance(cpuhp_state, &streams->node);
	if (ret) {
		streams_free(streams);
		return ERR_PTR(ret);
	}
	return streams;
}
EXPORT_SYMBOL_GPL(zsm_streams_create);

void zsm_streams_destroy(struct zsm_streams *streams)
{
	cpuhp_state_remove_instance(cpuhp_state, &streams->node);
	streams_free(streams);
}
EXPORT_SYMBOL_GPL(zsm_streams_destroy);

/* Takes a stream if it is free and has memory. */
static bool stream_try(struct zsm_stream *stream)
{
	if (!zsm_stream_trylock(stream))
		return false;
	if (likely(stream->buffer))
		return true;
	zsm_stream_unlock(stream);
	return false;
}

/*
 * A stream that is free, from this CPU's on; NULL if all are taken. CPUs come and go meanwhile,
 * so that it is a guess which are worth a look: the mutex says whether one has a stream.
 */
static __no_kcsan struct zsm_stream *stream_try_any(struct zsm_streams *streams)
{
	unsigned int this = raw_smp_processor_id();
	unsigned int cpu;

	for_each_cpu_wrap(cpu, cpu_online_mask, this) {
		struct zsm_stream *stream = per_cpu_ptr(streams->percpu, cpu);

		if (stream_try(stream))
			return stream;
	}
	return NULL;
}

/*
 * A CPU that runs tasks has a stream. If this task leaves the CPU before it gets the
 * mutex, and the CPU goes down, it finds the stream without memory; but the CPU it is
 * on by now has one.
 */
static struct zsm_stream *stream_wait(struct zsm_streams *streams)
{
	for (;;) {
		struct zsm_stream *stream = raw_cpu_ptr(streams->percpu);

		zsm_stream_lock(stream);
		if (likely(stream->buffer))
			return stream;
		zsm_stream_unlock(stream);
	}
}

struct zsm_stream *zsm_stream_try_get(struct zsm_streams *streams)
{
	struct zsm_stream *stream = raw_cpu_ptr(streams->percpu);

	return likely(stream_try(stream)) ? stream : stream_try_any(streams);
}
EXPORT_SYMBOL_GPL(zsm_stream_try_get);

struct zsm_stream *zsm_stream_get(struct zsm_streams *streams)
{
	struct zsm_stream *stream = raw_cpu_ptr(streams->percpu);

	/*
	 * Lockdep is told of the order although the mutex is only tried: of one mutex, as
	 * the task may be on another CPU the next time that it asks for its own.
	 */
	might_lock(&stream->mutex.lock);
	stream = zsm_stream_try_get(streams);
	return likely(stream) ? stream : stream_wait(streams);
}
EXPORT_SYMBOL_GPL(zsm_stream_get);

void zsm_stream_put(struct zsm_stream *stream)
{
	zsm_stream_unlock(stream);
}
EXPORT_SYMBOL_GPL(zsm_stream_put);
