// SPDX-License-Identifier: GPL-2.0
/*
 * lzo and lzo-rle. They differ in the compressor only: lzo-rle's codes runs
 * of zeroes shortly, and marks its streams so that the one decompressor knows.
 */
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/lzo.h>
#include <linux/vmalloc.h>

#include "store/codec/library.h"
#include "store/codec/list.h"

ZSM_LIBRARY(lzo1x_1_compress);
ZSM_LIBRARY(lzorle1x_1_compress);
ZSM_LIBRARY(lzo1x_decompress_safe);

/* The compressors do not check for room. */
static_assert(lzo1x_worst_compress(PAGE_SIZE) <= ZSM_DST_SIZE);

static const struct zsm_symbol zsm_lzo_needs[] = {
	ZSM_NEEDS(lzo1x_1_compress),
	ZSM_NEEDS(lzo1x_decompress_safe),
	{}
};

static const struct zsm_symbol zsm_lzo_rle_needs[] = {
	ZSM_NEEDS(lzorle1x_1_compress),
	ZSM_NEEDS(lzo1x_decompress_safe),
	{}
};

/* The compressors clear it for each page. */
static void *zsm_lzo_create(const struct zsm_params *params,
			    const void *shared)
{
	return vmalloc(LZO1X_1_MEM_COMPRESS);
}

static void zsm_lzo_destroy(void *ctx)
{
	vfree(ctx);
}

static int zsm_lzo_compress(void *ctx, const void *src, void *dst)
{
	size_t len = ZSM_DST_SIZE;

	if (lib_lzo1x_1_compress(src, PAGE_SIZE, dst, &len, ctx) != LZO_E_OK)
		return -EIO;
	return zsm_codec_size(len);
}

static int zsm_lzo_rle_compress(void *ctx, const void *src, void *dst)
{
	size_t len = ZSM_DST_SIZE;

	if (lib_lzorle1x_1_compress(src, PAGE_SIZE, dst, &len, ctx) != LZO_E_OK)
		return -EIO;
	return zsm_codec_size(len);
}

static int zsm_lzo_decompress(void *ctx, const void *src, size_t len,
			      void *dst)
{
	size_t dst_len = PAGE_SIZE;

	if (lib_lzo1x_decompress_safe(src, len, dst, &dst_len) != LZO_E_OK ||
	    dst_len != PAGE_SIZE)
		return -EINVAL;
	return 0;
}

const struct zsm_codec zsm_codec_lzo = {
	.name		= "lzo",
	.needs	= zsm_lzo_needs,
	.create		= zsm_lzo_create,
	.destroy	= zsm_lzo_destroy,
	.compress	= zsm_lzo_compress,
	.decompress	= zsm_lzo_decompress,
};

const struct zsm_codec zsm_codec_lzo_rle = {
	.name		= "lzo-rle",
	.needs	= zsm_lzo_rle_needs,
	.create		= zsm_lzo_create,
	.destroy	= zsm_lzo_destroy,
	.compress	= zsm_lzo_rle_compress,
	.decompress	= zsm_lzo_decompress,
};
