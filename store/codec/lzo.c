// SPDX-License-Identifier: GPL-2.0
/*
 * lzo and lzo-rle. They differ in the compressor only: lzo-rle's codes runs
 * of zeroes shortly, and marks its streams so that the one decompressor knows.
 */
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/lzo.h>
#include <linux/vmalloc.h>

#include "store/stream.h"

typeof(lzo1x_1_compress) lzo1x_1_compress __weak;
typeof(lzorle1x_1_compress) lzorle1x_1_compress __weak;
typeof(lzo1x_decompress_safe) lzo1x_decompress_safe __weak;

/* The compressors do not check for room. */
static_assert(lzo1x_worst_compress(PAGE_SIZE) <= ZRAM_DST_SIZE);

static bool zram_lzo_available(void)
{
	return zram_has(lzo1x_1_compress) && zram_has(lzo1x_decompress_safe);
}

static bool zram_lzo_rle_available(void)
{
	return zram_has(lzorle1x_1_compress) &&
	       zram_has(lzo1x_decompress_safe);
}

/* The compressors clear it for each page. */
static void *zram_lzo_create(const struct zram_params *params,
			     const void *shared)
{
	return vmalloc(LZO1X_1_MEM_COMPRESS);
}

static void zram_lzo_destroy(void *ctx)
{
	vfree(ctx);
}

static int zram_lzo_compress(void *ctx, const void *src, void *dst)
{
	size_t len = ZRAM_DST_SIZE;

	if (lzo1x_1_compress(src, PAGE_SIZE, dst, &len, ctx) != LZO_E_OK)
		return -EIO;
	return zram_codec_size(len);
}

static int zram_lzo_rle_compress(void *ctx, const void *src, void *dst)
{
	size_t len = ZRAM_DST_SIZE;

	if (lzorle1x_1_compress(src, PAGE_SIZE, dst, &len, ctx) != LZO_E_OK)
		return -EIO;
	return zram_codec_size(len);
}

static int zram_lzo_decompress(void *ctx, const void *src, size_t len,
			       void *dst)
{
	size_t dst_len = PAGE_SIZE;

	if (lzo1x_decompress_safe(src, len, dst, &dst_len) != LZO_E_OK ||
	    dst_len != PAGE_SIZE)
		return -EINVAL;
	return 0;
}

const struct zram_codec zram_codec_lzo = {
	.name		= "lzo",
	.available	= zram_lzo_available,
	.create		= zram_lzo_create,
	.destroy	= zram_lzo_destroy,
	.compress	= zram_lzo_compress,
	.decompress	= zram_lzo_decompress,
};

const struct zram_codec zram_codec_lzo_rle = {
	.name		= "lzo-rle",
	.available	= zram_lzo_rle_available,
	.create		= zram_lzo_create,
	.destroy	= zram_lzo_destroy,
	.compress	= zram_lzo_rle_compress,
	.decompress	= zram_lzo_decompress,
};
