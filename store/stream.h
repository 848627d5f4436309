/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Per-CPU streams that codecs work in.
 *
 * A set of streams (struct zsm_streams) is a codec at work for one user: a stream
 * (struct zsm_stream) for each online CPU, with the codec's context and a buffer to
 * compress into. Streams come and go with the CPUs.
 *
 * A stream is protected by its mutex, not by being on its CPU: the task that holds
 * it may be preempted, migrated and put to sleep, or throttled by its cgroup. A task that
 * finds its CPU's stream taken uses another CPU's, and waits only if all are taken; it
 * then lends the holder its priority. These rules keep that safe:
 *
 * one stream a task
 *    A task holds at most one stream at a time, of whatever set. To turn one
 *    codec's page into another's, it puts the first stream, then gets the second.
 *    All streams are of one lockdep class, so that lockdep tells.
 * no waiting for memory under a stream
 *    A stream is taken on the way to swap. The task that holds one allocates
 *    without waiting (GFP_NOWAIT): the task that would make room may need the
 *    stream.
 * hotplug before stream
 *    A task that holds a stream does not take the CPU hotplug lock.
 * stream before slot
 *    A stream's mutex sleeps, so it is taken before any slot's lock bit.
 */
#ifndef ZSM_STREAM_H
#define ZSM_STREAM_H

#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/rtmutex.h>
#include <linux/types.h>

#include "store/codec.h"

/* A mutex that lends priority, where the kernel has it. */
#ifdef CONFIG_RT_MUTEXES

struct zsm_stream_mutex {
	struct rt_mutex lock;
};

#define zsm_stream_mutex_init(mutex) rt_mutex_init(&(mutex)->lock)
#define zsm_stream_lock(stream) rt_mutex_lock(&(stream)->mutex.lock)
#define zsm_stream_trylock(stream) rt_mutex_trylock(&(stream)->mutex.lock)
#define zsm_stream_unlock(stream) rt_mutex_unlock(&(stream)->mutex.lock)

#else

struct zsm_stream_mutex {
	struct mutex lock;
};

#define zsm_stream_mutex_init(mutex) mutex_init(&(mutex)->lock)
#define zsm_stream_lock(stream) mutex_lock(&(stream)->mutex.lock)
#define zsm_stream_trylock(stream) mutex_trylock(&(stream)->mutex.lock)
#define zsm_stream_unlock(stream) mutex_unlock(&(stream)->mutex.lock)

#endif

/**
 * struct zsm_stream - what one CPU compresses with
 * @mutex: held between zsm_stream_get() and zsm_stream_put(); protects the
 *	contents of @buffer and @ctx, and that they exist
 * @buffer: ZSM_DST_SIZE bytes, aligned to a page; never NULL while the stream
 *	is held
 * @ctx: the codec's context
 * @streams: whose it is
 */
struct zsm_stream {
	struct zsm_stream_mutex mutex;
	void *buffer;
	void *ctx;
	struct zsm_streams *streams;
};

/**
 * struct zsm_streams - a codec at work for one user
 * @codec: the codec; does not change
 */
struct zsm_streams {
	const struct zsm_codec *codec;
/* private: */
	const struct zsm_params *params;
	void *shared;
	struct zsm_stream __percpu *percpu;
	struct hlist_node node;
};

/**
 * zsm_streams_init() - prepare for streams, when the module is loaded
 *
 * Context: may sleep; takes the CPU hotplug lock.
 * Return: 0, or a negative errno: -ENOSPC if the kernel has no CPU hotplug
 *	state to spare.
 */
int zsm_streams_init(void);

/**
 * zsm_streams_exit() - undo zsm_streams_init(); every set has been destroyed
 *
 * Context: may sleep; takes the CPU hotplug lock.
 */
void zsm_streams_exit(void);

/**
 * zsm_streams_create() - set a codec to work
 * @codec: the codec, which must be available
 * @params: parameters that it takes, which do not change and stay as long as
 *	the streams do
 *
 * Makes a stream for every CPU that is online. One that comes online later
 * gets its stream before it runs anything; if there is no memory for it, it
 * stays offline and nothing else changes. One that goes down gives its
 * stream's memory back, unless a task holds the stream just then.
 *
 * Context: may sleep; allocates with GFP_KERNEL; takes the CPU hotplug lock.
 *	The caller holds no stream, and no lock that the I/O path takes: CPUs
 *	come online with that lock held, which may reclaim memory by swapping
 *	to a zram device.
 * Return: the streams, the caller's until zsm_streams_destroy(), or
 *	ERR_PTR(-ENOMEM).
 */
struct zsm_streams *zsm_streams_create(const struct zsm_codec *codec,
				       const struct zsm_params *params);

/**
 * zsm_streams_destroy() - free a set of streams
 * @streams: the streams; nobody uses it or holds a stream of it any more
 *
 * Context: as zsm_streams_create(), but allocates nothing.
 */
void zsm_streams_destroy(struct zsm_streams *streams);

/**
 * zsm_stream_get() - take a stream
 * @streams: whose
 *
 * It is this CPU's if that is free, or another one's: any stream serves.
 *
 * Context: may sleep, on @mutex of a stream, if all are taken. See the rules above for what the
 *	caller may do while it holds the stream.
 * Return: the stream, the caller's until zsm_stream_put(). Never NULL.
 */
struct zsm_stream *zsm_stream_get(struct zsm_streams *streams);

/**
 * zsm_stream_try_get() - take a stream if one is free
 * @streams: whose
 *
 * Context: as zsm_stream_get(), but does not sleep.
 * Return: the stream, the caller's until zsm_stream_put(); NULL if all are taken.
 */
struct zsm_stream *zsm_stream_try_get(struct zsm_streams *streams);

/**
 * zsm_stream_put() - give a stream back
 * @stream: the stream; the contents of its buffer are lost
 *
 * Context: the task that took it; does not sleep.
 */
void zsm_stream_put(struct zsm_stream *stream);

/**
 * zsm_compress() - compress a page into a stream's buffer
 * @stream: the stream, which the caller holds
 * @src: the page
 *
 * Context: any the stream can be held in; does not sleep.
 * Return: as struct zsm_codec's @compress.
 */
static inline int zsm_compress(struct zsm_stream *stream, const void *src)
{
	lockdep_assert_held(&stream->mutex.lock);
	return stream->streams->codec->compress(stream->ctx, src, stream->buffer);
}

/**
 * zsm_decompress() - decompress a page
 * @stream: a stream of the set whose codec compressed it, which the caller holds
 * @src: the compressed bytes; they may be in the stream's buffer
 * @len: how many
 * @dst: the page
 *
 * Context: any but interrupts; does not sleep.
 * Return: as struct zsm_codec's @decompress.
 */
static inline int zsm_decompress(struct zsm_stream *stream, const void *src,
				 size_t len, void *dst)
{
	lockdep_assert_held(&stream->mutex.lock);
	return stream->streams->codec->decompress(stream->ctx, src, len, dst);
}

#endif /* ZSM_STREAM_H */
