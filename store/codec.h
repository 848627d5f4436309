/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Codecs: compression algorithms for pages, each a constant table in a file of its own
 * in store/codec/, and their parameters. Which there are is listed in
 * store/codec/list.h.
 */
#ifndef ZSM_CODEC_H
#define ZSM_CODEC_H

#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/types.h>

/*
 * Room for what a codec may write when a page does not compress. Every codec
 * asserts that its own worst case fits; none of them then needs to check for
 * room at each step.
 */
#define ZSM_DST_SIZE (2 * PAGE_SIZE)

/* A level that nobody has chosen. */
#define ZSM_LEVEL_DEFAULT INT_MIN

/**
 * struct zsm_params - an algorithm's parameters
 * @level: what the codec makes of it, or ZSM_LEVEL_DEFAULT
 * @window_bits: deflate's, or 0: as it sees fit
 * @dict: a dictionary, or NULL
 * @dict_size: its bytes
 */
struct zsm_params {
	int level;
	int window_bits;
	void *dict;
	size_t dict_size;
};

/**
 * struct zsm_symbol - a function of a library that a codec needs
 * @name: the function
 * @func: the pointer to it, NULL as long as it is not there
 */
struct zsm_symbol {
	const char *name;
	void **func;
};

/**
 * struct zsm_codec - a compression algorithm
 * @name: what sysfs calls it
 * @needs: the library functions that the codec calls, and an empty row; NULL: none.
 *	Until all are there nothing else here may be called: zsm_codec_available()
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
 * @compress: compresses the page at @src into @dst, ZSM_DST_SIZE bytes of
 *	which any may be written. Does not sleep. Nobody else uses @ctx
 *	meanwhile. Returns the compressed size in bytes, less than PAGE_SIZE;
 *	0 if the page does not become smaller than PAGE_SIZE and should be
 *	stored as it is; -EIO if the codec failed.
 * @decompress: decompresses @len bytes at @src, 1 to ZSM_DST_SIZE, to the
 *	page at @dst. Does not sleep. @src may hold anything: no byte outside
 *	of it is read and none outside of @dst written. Returns 0 if exactly
 *	PAGE_SIZE bytes came out; else -EINVAL, and @dst is undefined. Nobody
 *	else uses @ctx meanwhile.
 */
struct zsm_codec {
	const char *name;
	const struct zsm_symbol *needs;
	bool (*takes)(const struct zsm_params *params);
	const struct zsm_codec *with_dict;
	void *(*share)(const struct zsm_params *params);
	void (*unshare)(void *shared);
	void *(*create)(const struct zsm_params *params, const void *shared);
	void (*destroy)(void *ctx);
	int (*compress)(void *ctx, const void *src, void *dst);
	int (*decompress)(void *ctx, const void *src, size_t len, void *dst);
};

/**
 * zsm_codec_available() - can a codec be used?
 * @codec: the codec
 *
 * Context: any.
 * Return: whether all that it needs is there; once that is so it stays so.
 */
bool zsm_codec_available(const struct zsm_codec *codec);

/**
 * zsm_codec_named() - look a codec up, available or not
 * @name: its exact name
 *
 * Context: any.
 * Return: the codec, or NULL if there is none of that name.
 */
const struct zsm_codec *zsm_codec_named(const char *name);

/**
 * zsm_codec_find() - look up a codec that can be used
 * @name: its exact name
 *
 * Context: any.
 * Return: the codec, or NULL if there is none of that name or the running
 *	kernel lacks it.
 */
const struct zsm_codec *zsm_codec_find(const char *name);

/**
 * zsm_codec_takes() - would a codec work with these parameters?
 * @codec: the codec, which must be available
 * @params: the parameters
 *
 * Context: may sleep.
 * Return: whether; a dictionary has been tried.
 */
bool zsm_codec_takes(const struct zsm_codec *codec,
		     const struct zsm_params *params);

/**
 * zsm_params_reset() - go back to the defaults
 * @params: parameters; the dictionary is freed
 *
 * Context: may sleep.
 */
void zsm_params_reset(struct zsm_params *params);

/**
 * zsm_codec_for() - the codec that does what parameters ask for
 * @codec: the codec that was chosen
 * @params: the parameters
 *
 * Context: any.
 * Return: @codec, or its twin if there is a dictionary; NULL if it takes none.
 */
const struct zsm_codec *zsm_codec_for(const struct zsm_codec *codec,
				      const struct zsm_params *params);

/**
 * zsm_codec_default() - the codec of a device that was not told which
 *
 * Context: any.
 * Return: the best codec for general use of those available; never NULL, as w64
 *	needs no library.
 */
const struct zsm_codec *zsm_codec_default(void);

/**
 * zsm_codec_show() - print the available codecs for sysfs
 * @buf: the buffer of a sysfs show function
 * @at: where in it to begin
 * @selected: the name that is to stand in brackets, or NULL
 *
 * Context: any.
 * Return: bytes printed: "[lz4] lzo-rle lzo zstd\n".
 */
ssize_t zsm_codec_show(char *buf, size_t at, const char *selected);

#endif /* ZSM_CODEC_H */
