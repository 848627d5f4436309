// SPDX-License-Identifier: GPL-2.0
/*
 * deflate: raw deflate streams, from zlib.
 */
#include <linux/align.h>
#include <linux/errno.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/vmalloc.h>
#include <linux/zlib.h>

#include "store/codec/library.h"
#include "store/codec/list.h"

ZSM_LIBRARY(zlib_deflate_workspacesize);
ZSM_LIBRARY(zlib_deflateInit2);
ZSM_LIBRARY(zlib_deflateReset);
ZSM_LIBRARY(zlib_deflate);
ZSM_LIBRARY(zlib_inflate_workspacesize);
ZSM_LIBRARY(zlib_inflateInit2);
ZSM_LIBRARY(zlib_inflateReset);
ZSM_LIBRARY(zlib_inflate);

/*
 * A window of one page: the largest that finds anything. Negative: a stream
 * without a header and a checksum.
 */
#define ZSM_DEFLATE_WINDOW_BITS (-min(PAGE_SHIFT, MAX_WBITS))
#define ZSM_DEFLATE_MIN_WINDOW_BITS 9

/*
 * Room for 2^(n + 6) symbols, one a byte of the page: more is never used. The
 * hash table, which grows with it, is cleared for each page.
 */
#define ZSM_DEFLATE_MEM_LEVEL min(PAGE_SHIFT - 6, MAX_MEM_LEVEL)

/* Enough for any structure in the workspaces. */
#define ZSM_DEFLATE_ALIGN 64

/**
 * struct zsm_deflate - a context
 * @deflate: the compressor; its memory is in @workspace
 * @inflate: the decompressor, likewise
 * @workspace: the memory of both
 */
struct zsm_deflate {
	z_stream deflate;
	z_stream inflate;
	u8 workspace[] __aligned(ZSM_DEFLATE_ALIGN);
};

static const struct zsm_symbol zsm_deflate_needs[] = {
	ZSM_NEEDS(zlib_deflate_workspacesize),
	ZSM_NEEDS(zlib_deflateInit2),
	ZSM_NEEDS(zlib_deflateReset),
	ZSM_NEEDS(zlib_deflate),
	ZSM_NEEDS(zlib_inflate_workspacesize),
	ZSM_NEEDS(zlib_inflateInit2),
	ZSM_NEEDS(zlib_inflateReset),
	ZSM_NEEDS(zlib_inflate),
	{}
};

static int zsm_deflate_window_bits(const struct zsm_params *params)
{
	return params->window_bits ?: ZSM_DEFLATE_WINDOW_BITS;
}

/* The library's own default is 6. */
static int zsm_deflate_level(const struct zsm_params *params)
{
	return zsm_level(params, Z_DEFAULT_COMPRESSION);
}

static bool zsm_deflate_takes(const struct zsm_params *params)
{
	int level = zsm_deflate_level(params);
	int bits = abs(zsm_deflate_window_bits(params));

	return (level == Z_DEFAULT_COMPRESSION ||
		(level >= Z_BEST_SPEED && level <= Z_BEST_COMPRESSION)) &&
	       bits >= ZSM_DEFLATE_MIN_WINDOW_BITS && bits <= MAX_WBITS;
}

/* The streams own nothing outside of the context. */
static void zsm_deflate_destroy(void *ctx)
{
	vfree(ctx);
}

static void *zsm_deflate_create(const struct zsm_params *params,
				const void *shared)
{
	int bits = zsm_deflate_window_bits(params);
	size_t deflate_size =
		ALIGN(lib_zlib_deflate_workspacesize(bits, ZSM_DEFLATE_MEM_LEVEL),
		      ZSM_DEFLATE_ALIGN);
	struct zsm_deflate *z;

	/* Zeroed: zlib compares bytes past the end of what it was given. */
	z = vzalloc(sizeof(*z) + deflate_size + lib_zlib_inflate_workspacesize());
	if (!z)
		return NULL;
	z->deflate.workspace = z->workspace;
	z->inflate.workspace = z->workspace + deflate_size;
	if (lib_zlib_deflateInit2(&z->deflate, zsm_deflate_level(params),
				  Z_DEFLATED, bits, ZSM_DEFLATE_MEM_LEVEL,
			      Z_DEFAULT_STRATEGY) != Z_OK ||
	    lib_zlib_inflateInit2(&z->inflate, bits) != Z_OK) {
		zsm_deflate_destroy(z);
		return NULL;
	}
	return z;
}

static int zsm_deflate_compress(void *ctx, const void *src, void *dst)
{
	struct zsm_deflate *z = ctx;
	z_stream *strm = &z->deflate;
	int ret;

	if (lib_zlib_deflateReset(strm) != Z_OK)
		return -EIO;
	strm->next_in = src;
	strm->avail_in = PAGE_SIZE;
	strm->next_out = dst;
	strm->avail_out = PAGE_SIZE;
	ret = lib_zlib_deflate(strm, Z_FINISH);
	if (ret == Z_STREAM_END)
		return zsm_codec_size(strm->total_out);
	/* No room for more, hence no gain, is no failure. */
	return ret == Z_OK ? 0 : -EIO;
}

static int zsm_deflate_decompress(void *ctx, const void *src, size_t len,
				  void *dst)
{
	struct zsm_deflate *z = ctx;
	z_stream *strm = &z->inflate;

	if (lib_zlib_inflateReset(strm) != Z_OK)
		return -EINVAL;
	strm->next_in = src;
	strm->avail_in = len;
	strm->next_out = dst;
	strm->avail_out = PAGE_SIZE;
	if (lib_zlib_inflate(strm, Z_FINISH) != Z_STREAM_END ||
	    strm->avail_in || strm->avail_out)
		return -EINVAL;
	return 0;
}

const struct zsm_codec zsm_codec_deflate = {
	.name			= "deflate",
	.needs		= zsm_deflate_needs,
	.takes			= zsm_deflate_takes,
	.create			= zsm_deflate_create,
	.destroy		= zsm_deflate_destroy,
	.compress		= zsm_deflate_compress,
	.decompress		= zsm_deflate_decompress,
};
