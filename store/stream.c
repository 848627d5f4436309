// SPDX-License-Identifier: GPL-2.0
/*
 * The table of codecs, and per-CPU streams that follow CPU hotplug.
 */
#include <linux/cpuhotplug.h>
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <linux/vmalloc.h>

#include "store/stream.h"

/*
 * In order of preference: the first that is available is the default. The
 * fast ones come first, then those that trade time for space.
 */
static const struct zram_codec *const zram_codecs[] = {
	&zram_codec_lz4,
	&zram_codec_w64,
	&zram_codec_lzo_rle,
	&zram_codec_lzo,
	&zram_codec_zstd,
	&zram_codec_lz4hc,
	&zram_codec_deflate,
};

const struct zram_codec *zram_codec_find(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(zram_codecs); i++) {
		if (!strcmp(zram_codecs[i]->name, name) &&
		    zram_codecs[i]->available())
			return zram_codecs[i];
	}
	return NULL;
}

/* The codec to use with these parameters; NULL if it takes no dictionary. */
static const struct zram_codec *
zram_codec_for(const struct zram_codec *codec, const struct zram_params *params)
{
	if (!params->dict)
		return codec;
	codec = codec->with_dict;
	return codec && codec->available() ? codec : NULL;
}

bool zram_codec_takes(const struct zram_codec *codec,
		      const struct zram_params *params)
{
	void *shared;

	codec = zram_codec_for(codec, params);
	if (!codec)
		return false;
	if (codec->takes ? !codec->takes(params)
			 : params->level != ZRAM_LEVEL_DEFAULT ||
			   params->window_bits)
		return false;
	if (!codec->share)
		return true;
	shared = codec->share(params);
	if (!shared)
		return false;
	codec->unshare(shared);
	return true;
}

void zram_params_reset(struct zram_params *params)
{
	vfree(params->dict);
	*params = (struct zram_params){ .level = ZRAM_LEVEL_DEFAULT };
}

const struct zram_codec *zram_codec_default(void)
{
	size_t i = 0;

	/* It ends: w64 always is. */
	while (!zram_codecs[i]->available())
		i++;
	return zram_codecs[i];
}

ssize_t zram_codec_list(char *buf, size_t at, const char *selected)
{
	const struct zram_codec *codec;
	const char *sep = "";
	ssize_t len = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(zram_codecs); i++) {
		codec = zram_codecs[i];
		if (!codec->available())
			continue;
		if (selected && !strcmp(selected, codec->name))
			len += sysfs_emit_at(buf, at + len, "%s[%s]", sep,
					     codec->name);
		else
			len += sysfs_emit_at(buf, at + len, "%s%s", sep,
					     codec->name);
		sep = " ";
	}
	len += sysfs_emit_at(buf, at + len, "\n");
	return len;
}

/* ---- Streams ----------------------------------------------------------- */

/* Handed out by the kernel; calls back for each comp and CPU. */
static enum cpuhp_state zram_cpuhp_state;

/* The caller holds the mutex, or nobody else knows the stream any more. */
static void zram_stream_free(struct zram_stream *stream)
{
	if (!stream->buffer)
		return;
	stream->comp->codec->destroy(stream->ctx);
	vfree(stream->buffer);
	stream->ctx = NULL;
	stream->buffer = NULL;
}

/*
 * The CPU is about to come online, or the comp is new. Nobody runs on the CPU
 * yet, though a task that chose its stream before it last went down may still
 * be at the mutex.
 */
static int zram_comp_cpu_prepare(unsigned int cpu, struct hlist_node *node)
{
	struct zram_comp *comp = hlist_entry(node, struct zram_comp, node);
	struct zram_stream *stream = per_cpu_ptr(comp->streams, cpu);
	void *buffer;
	void *ctx;

	/* Kept by zram_comp_cpu_dead(); nobody else changes the pointer. */
	if (stream->buffer)
		return 0;

	/* Before the mutex: reclaim may swap to this device and take it. */
	buffer = vmalloc(ZRAM_DST_SIZE);
	if (!buffer)
		return -ENOMEM;
	ctx = comp->codec->create(comp->params, comp->shared);
	if (!ctx) {
		vfree(buffer);
		return -ENOMEM;
	}

	mutex_lock(&stream->mutex);
	stream->ctx = ctx;
	stream->buffer = buffer;
	mutex_unlock(&stream->mutex);
	return 0;
}

/*
 * The CPU is down, or did not come up after all, or the comp is going away.
 *
 * A task that took the CPU's stream may hold it still, on another CPU, and
 * must not be waited for: the dead CPU's timers and finished block requests
 * are handed on only after this callback, and the task may need one of them to
 * go on. A stream that is held stays, for the CPU's return or the comp's end.
 */
static int zram_comp_cpu_dead(unsigned int cpu, struct hlist_node *node)
{
	struct zram_comp *comp = hlist_entry(node, struct zram_comp, node);
	struct zram_stream *stream = per_cpu_ptr(comp->streams, cpu);

	if (mutex_trylock(&stream->mutex)) {
		zram_stream_free(stream);
		mutex_unlock(&stream->mutex);
	}
	return 0;
}

int __init zram_comp_init(void)
{
	int ret;

	zram_w64_init();
	ret = cpuhp_setup_state_multi(CPUHP_BP_PREPARE_DYN, "zram/comp:prepare",
				      zram_comp_cpu_prepare,
				      zram_comp_cpu_dead);
	if (ret < 0)
		return ret;
	zram_cpuhp_state = ret;
	return 0;
}

void zram_comp_exit(void)
{
	cpuhp_remove_multi_state(zram_cpuhp_state);
}

/* The hotplug state no longer knows @comp, or never did. */
static void zram_comp_free(struct zram_comp *comp)
{
	struct zram_stream *stream;
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		stream = per_cpu_ptr(comp->streams, cpu);
		zram_stream_free(stream);
		mutex_destroy(&stream->mutex);
	}
	free_percpu(comp->streams);
	if (comp->shared)
		comp->codec->unshare(comp->shared);
	kfree(comp);
}

/* A comp without streams. */
static struct zram_comp *zram_comp_alloc(const struct zram_codec *codec,
					 const struct zram_params *params)
{
	struct zram_comp *comp = kzalloc(sizeof(*comp), GFP_KERNEL);

	if (!comp)
		return NULL;
	comp->codec = codec;
	comp->params = params;
	comp->streams = alloc_percpu(struct zram_stream);
	if (!comp->streams)
		goto err_comp;
	if (codec->share) {
		comp->shared = codec->share(params);
		if (!comp->shared)
			goto err_streams;
	}
	return comp;

err_streams:
	free_percpu(comp->streams);
err_comp:
	kfree(comp);
	return NULL;
}

struct zram_comp *zram_comp_create(const struct zram_codec *codec,
				   const struct zram_params *params)
{
	struct zram_stream *stream;
	struct zram_comp *comp;
	unsigned int cpu;
	int ret;

	comp = zram_comp_alloc(zram_codec_for(codec, params), params);
	if (!comp)
		return ERR_PTR(-ENOMEM);

	/*
	 * The mutexes last as long as the comp, whatever becomes of the CPUs:
	 * zram_stream_get() may come to one whose CPU went down meanwhile.
	 */
	for_each_possible_cpu(cpu) {
		stream = per_cpu_ptr(comp->streams, cpu);
		mutex_init(&stream->mutex);
		stream->comp = comp;
	}

	/* Where a CPU's stream cannot be had, those made so far are freed. */
	ret = cpuhp_state_add_instance(zram_cpuhp_state, &comp->node);
	if (ret) {
		zram_comp_free(comp);
		return ERR_PTR(ret);
	}
	return comp;
}

void zram_comp_destroy(struct zram_comp *comp)
{
	cpuhp_state_remove_instance(zram_cpuhp_state, &comp->node);
	zram_comp_free(comp);
}

struct zram_stream *zram_stream_get(struct zram_comp *comp)
{
	struct zram_stream *stream;

	/*
	 * A CPU that runs tasks has a stream. If this task leaves the CPU
	 * before it gets the mutex, and the CPU goes down, it finds the stream
	 * without memory; but the CPU it is on by now has one.
	 */
	for (;;) {
		stream = raw_cpu_ptr(comp->streams);
		mutex_lock(&stream->mutex);
		if (likely(stream->buffer))
			return stream;
		mutex_unlock(&stream->mutex);
	}
}

void zram_stream_put(struct zram_stream *stream)
{
	mutex_unlock(&stream->mutex);
}
