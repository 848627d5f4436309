// SPDX-License-Identifier: GPL-2.0
/*
 * lz4hc: lz4's format from a compressor that searches harder. It decompresses
 * as fast as lz4 does.
 */
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/lz4.h>
#include <linux/vmalloc.h>

#include "comp.h"

typeof(LZ4_compress_HC) LZ4_compress_HC __weak;
typeof(LZ4_decompress_safe) LZ4_decompress_safe __weak;

/* With this much room the compressor leaves out its checks for room. */
static_assert(LZ4_COMPRESSBOUND(PAGE_SIZE) <= ZRAM_DST_SIZE);

/* How hard to search: the library's default. */
#define ZRAM_LZ4HC_LEVEL LZ4HC_DEFAULT_CLEVEL

static bool zram_lz4hc_available(void)
{
	return zram_has(LZ4_compress_HC) && zram_has(LZ4_decompress_safe);
}

/* The compressor clears it for each page. */
static void *zram_lz4hc_create(void)
{
	return vmalloc(LZ4HC_MEM_COMPRESS);
}

static void zram_lz4hc_destroy(void *ctx)
{
	vfree(ctx);
}

static int zram_lz4hc_compress(void *ctx, const void *src, void *dst)
{
	int len;

	len = LZ4_compress_HC(src, dst, PAGE_SIZE, ZRAM_DST_SIZE,
			      ZRAM_LZ4HC_LEVEL, ctx);
	return len > 0 ? zram_codec_size(len) : -EIO;
}

static int zram_lz4hc_decompress(void *ctx, const void *src, size_t len,
				 void *dst)
{
	int ret;

	ret = LZ4_decompress_safe(src, dst, len, PAGE_SIZE);
	return ret == PAGE_SIZE ? 0 : -EINVAL;
}

const struct zram_codec zram_codec_lz4hc = {
	.name		= "lz4hc",
	.available	= zram_lz4hc_available,
	.create		= zram_lz4hc_create,
	.destroy	= zram_lz4hc_destroy,
	.compress	= zram_lz4hc_compress,
	.decompress	= zram_lz4hc_decompress,
};
