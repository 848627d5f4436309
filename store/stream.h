/* SPDX-License-Identifier: GPL-2.0 */
/*
 * zram's codecs and the per-CPU streams they work in.
 *
 * A codec (struct zram_codec) is one compression algorithm: a constant table
 * in a file of its own. A comp (struct zram_comp) is a codec at work for one
 * device: a stream (struct zram_stream) for each online CPU, with the codec's
 * context and a buffer to compress into. Streams come and go with the CPUs.
 *
 * A stream is protected by its mutex, not by being on its CPU: whoever holds
 * it may be preempted, migrated and put to sleep. These rules keep that safe:
 *
 * 1. A task holds at most one stream at a time, of whatever device. To turn
 *    one codec's page into another's, put the first stream, then get the
 *    second. All streams are of one lockdep class, so that lockdep tells.
 * 2. A stream is taken on the way to swap. Whoever holds one allocates without
 *    waiting (GFP_NOWAIT): whoever would make room may need the stream.
 * 3. The CPU hotplug lock comes before a stream: whoever holds a stream does
 *    not take it.
 * 4. A stream's mutex is taken before any slot lock, as it sleeps.
 */
#ifndef ZRAM_COMP_H
#define ZRAM_COMP_H

#include <linux/compiler.h>
#include <linux/limits.h>
#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/types.h>

/*
 * Room for what a codec may write when a page does not compress. Every codec
 * asserts that its own worst case fits; none of them then needs to check for
 * room at each step.
 */
#define ZRAM_DST_SIZE (2 * PAGE_SIZE)

/* A level that nobody has chosen. */
#define ZRAM_LEVEL_DEFAULT INT_MIN

/**
 * struct zram_params - an algorithm's parameters
 * @level: what the codec makes of it, or ZRAM_LEVEL_DEFAULT
 * @window_bits: deflate's, or 0: as it sees fit
 * @dict: a dictionary, or NULL
 * @dict_size: its bytes
 */
struct zram_params {
	int level;
	int window_bits;
	void *dict;
	size_t dict_size;
};

/**
 * struct zram_codec - a compression algorithm
 * @name: what sysfs calls it
 * @available: tells whether the running kernel has the library functions that
 *	the codec calls. If it does not, nothing else here may be called. The
 *	answer does not change while the module is loaded.
 * @takes: tells whether it takes these parameters, the dictionary aside. NULL:
 *	none but the defaults.
 * @with_dict: the codec to use instead if there is a dictionary; of the same
 *	name. NULL: it takes none.
 * @share: makes what all streams share, or NULL if there is nothing. May sleep.
 *	Returns NULL if there is no memory, or the dictionary is of no use.
 * @unshare: frees that, after all contexts. May sleep.
 * @create: makes a context, the work memory of one stream, from vmalloc
 *	space. @params and @shared, what @share made, stay as long as it does. May
 *	sleep; allocates with GFP_KERNEL. Returns NULL if there is no memory. The
 *	caller's until @destroy.
 * @destroy: frees a context. May sleep.
 * @compress: compresses the page at @src into @dst, ZRAM_DST_SIZE bytes of
 *	which any may be written. Does not sleep. Nobody else uses @ctx
 *	meanwhile. Returns the compressed size in bytes, less than PAGE_SIZE;
 *	0 if the page does not become smaller than PAGE_SIZE and should be
 *	stored as it is; -EIO if the codec failed.
 * @decompress: decompresses @len bytes at @src, 1 to ZRAM_DST_SIZE, to the
 *	page at @dst. Does not sleep. @src may hold anything: no byte outside
 *	of it is read and none outside of @dst written. Returns 0 if exactly
 *	PAGE_SIZE bytes came out; else -EINVAL, and @dst is undefined.
 * @decompress_needs_ctx: @decompress uses @ctx, which nobody else uses
 *	meanwhile. Otherwise it ignores @ctx, which may be NULL.
 */
struct zram_codec {
	const char *name;
	bool (*available)(void);
	bool (*takes)(const struct zram_params *params);
	const struct zram_codec *with_dict;
	void *(*share)(const struct zram_params *params);
	void (*unshare)(void *shared);
	void *(*create)(const struct zram_params *params, const void *shared);
	void (*destroy)(void *ctx);
	int (*compress)(void *ctx, const void *src, void *dst);
	int (*decompress)(void *ctx, const void *src, size_t len, void *dst);
	bool decompress_needs_ctx;
};

extern const struct zram_codec zram_codec_lz4;
extern const struct zram_codec zram_codec_lz4hc;
extern const struct zram_codec zram_codec_lzo;
extern const struct zram_codec zram_codec_lzo_rle;
extern const struct zram_codec zram_codec_zstd;
extern const struct zram_codec zram_codec_deflate;
extern const struct zram_codec zram_codec_w64;
/* Not to be found by name: see @with_dict. */
extern const struct zram_codec zram_codec_lz4_dict;
extern const struct zram_codec zram_codec_lz4hc_dict;
extern const struct zram_codec zram_codec_zstd_dict;

/**
 * zram_w64_init() - choose the build of w64, when the module is loaded
 *
 * Context: may sleep.
 */
void zram_w64_init(void);

/**
 * zram_codec_find() - look a codec up
 * @name: its exact name
 *
 * Context: any.
 * Return: the codec, or NULL if there is none of that name or the running
 *	kernel lacks it.
 */
const struct zram_codec *zram_codec_find(const char *name);

/**
 * zram_codec_takes() - would a codec work with these parameters?
 * @codec: the codec, which must be available
 * @params: the parameters
 *
 * Context: may sleep.
 * Return: whether; a dictionary has been tried.
 */
bool zram_codec_takes(const struct zram_codec *codec,
		      const struct zram_params *params);

/**
 * zram_params_reset() - go back to the defaults
 * @params: parameters; the dictionary is freed
 *
 * Context: may sleep.
 */
void zram_params_reset(struct zram_params *params);

/**
 * zram_codec_default() - the codec of a device that was not told which
 *
 * Context: any.
 * Return: the best codec for general use of those available; never NULL, as w64
 *	needs no library.
 */
const struct zram_codec *zram_codec_default(void);

/**
 * zram_codec_list() - print the available codecs for sysfs
 * @buf: the buffer of a sysfs show function
 * @at: where in it to begin
 * @selected: the name that is to stand in brackets, or NULL
 *
 * Context: any.
 * Return: bytes printed: "[lz4] lzo-rle lzo zstd\n".
 */
ssize_t zram_codec_list(char *buf, size_t at, const char *selected);

/**
 * struct zram_stream - what one CPU compresses with
 * @mutex: held between zram_stream_get() and zram_stream_put(); protects the
 *	contents of @buffer and @ctx, and that they exist
 * @buffer: ZRAM_DST_SIZE bytes, aligned to a page; never NULL while the stream
 *	is held
 * @ctx: the codec's context
 * @comp: whose it is
 */
struct zram_stream {
	struct mutex mutex;
	void *buffer;
	void *ctx;
	struct zram_comp *comp;
};

/**
 * struct zram_comp - a codec at work for one device
 * @codec: the codec; does not change
 */
struct zram_comp {
	const struct zram_codec *codec;
/* private: */
	const struct zram_params *params;
	void *shared;
	struct zram_stream __percpu *streams;
	struct hlist_node node;
};

/**
 * zram_comp_init() - prepare for comps, when the module is loaded
 *
 * Context: may sleep; takes the CPU hotplug lock.
 * Return: 0, or a negative errno: -ENOSPC if the kernel has no CPU hotplug
 *	state to spare.
 */
int zram_comp_init(void);

/**
 * zram_comp_exit() - undo zram_comp_init(); every comp has been destroyed
 *
 * Context: may sleep; takes the CPU hotplug lock.
 */
void zram_comp_exit(void);

/**
 * zram_comp_create() - set a codec to work
 * @codec: the codec, which must be available
 * @params: parameters that it takes, which do not change and stay as long as
 *	the comp does
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
 * Return: the comp, the caller's until zram_comp_destroy(), or
 *	ERR_PTR(-ENOMEM).
 */
struct zram_comp *zram_comp_create(const struct zram_codec *codec,
				   const struct zram_params *params);

/**
 * zram_comp_destroy() - free a comp and its streams
 * @comp: the comp; nobody uses it or holds a stream of it any more
 *
 * Context: as zram_comp_create(), but allocates nothing.
 */
void zram_comp_destroy(struct zram_comp *comp);

/**
 * zram_stream_get() - take a stream
 * @comp: whose
 *
 * It is this CPU's, as long as the caller is not migrated; any stream serves.
 *
 * Context: may sleep, on @mutex of a stream. See the rules above for what the
 *	caller may do while it holds the stream.
 * Return: the stream, the caller's until zram_stream_put(). Never NULL.
 */
struct zram_stream *zram_stream_get(struct zram_comp *comp);

/**
 * zram_stream_put() - give a stream back
 * @stream: the stream; the contents of its buffer are lost
 *
 * Context: the task that took it; does not sleep.
 */
void zram_stream_put(struct zram_stream *stream);

/**
 * zram_compress() - compress a page into a stream's buffer
 * @stream: the stream, which the caller holds
 * @src: the page
 *
 * Context: any the stream can be held in; does not sleep.
 * Return: as struct zram_codec's @compress.
 */
static inline int zram_compress(struct zram_stream *stream, const void *src)
{
	lockdep_assert_held(&stream->mutex);
	return stream->comp->codec->compress(stream->ctx, src, stream->buffer);
}

/**
 * zram_decompress() - decompress a page
 * @comp: the comp whose codec compressed it
 * @stream: a stream of @comp which the caller holds; not looked at, and may
 *	be NULL, unless the codec says @decompress_needs_ctx
 * @src: the compressed bytes
 * @len: how many
 * @dst: the page
 *
 * Context: any but interrupts; does not sleep.
 * Return: as struct zram_codec's @decompress.
 */
static inline int zram_decompress(struct zram_comp *comp,
				  struct zram_stream *stream, const void *src,
				  size_t len, void *dst)
{
	void *ctx = NULL;

	if (comp->codec->decompress_needs_ctx) {
		lockdep_assert_held(&stream->mutex);
		ctx = stream->ctx;
	}
	return comp->codec->decompress(ctx, src, len, dst);
}

/* ---- For the codecs ---------------------------------------------------- */

/*
 * The libraries that codecs call are modules, and a kernel may come without
 * some of them. A codec declares each function of theirs that it calls again,
 * as weak, before its first use:
 *
 *	typeof(LZ4_compress_fast) LZ4_compress_fast __weak;
 *
 * Our module then loads without the library, and the function's address is
 * NULL; zram_has() tells. It still counts as a dependency for depmod, so that
 * modprobe loads the library first, and for the kernel, which keeps it from
 * being unloaded. A library that is loaded after our module is not noticed.
 *
 * zram_has() fetches the address from data, where every module loader can
 * leave NULL. Where code computes it instead, some compilers for some
 * architectures go through a GOT, which modules do not have.
 */
#define zram_has(func)							\
({									\
	static typeof(func) *const zram_addr_ = func;			\
									\
	!!READ_ONCE(zram_addr_);					\
})

/* What @compress returns when the library produced this many bytes. */
static inline int zram_codec_size(size_t len)
{
	return len < PAGE_SIZE ? len : 0;
}

/* The level, or what it is when nobody has chosen one. */
static inline int zram_level(const struct zram_params *params, int normal)
{
	return params->level == ZRAM_LEVEL_DEFAULT ? normal : params->level;
}

/* Shared by a codec and its twin that takes a dictionary. */
bool zram_lz4_takes(const struct zram_params *params);
int zram_lz4_level(const struct zram_params *params);
bool zram_lz4hc_takes(const struct zram_params *params);
int zram_lz4hc_level(const struct zram_params *params);
bool zram_zstd_takes(const struct zram_params *params);
int zram_zstd_level(const struct zram_params *params);

#endif /* ZRAM_COMP_H */
