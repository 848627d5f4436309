// SPDX-License-Identifier: GPL-2.0
/*
 * lz4: the fastest both ways.
 */
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/lz4.h>
#include <linux/vmalloc.h>

#include "comp.h"

typeof(LZ4_compress_fast) LZ4_compress_fast __weak;
typeof(LZ4_decompress_safe) LZ4_decompress_safe __weak;

/* With this much room the compressor leaves out its checks for room. */
static_assert(LZ4_COMPRESSBOUND(PAGE_SIZE) <= ZRAM_DST_SIZE);

/*
 * How readily the compressor gives up on a stretch without matches: the
 * library's default, which is the lowest there is and compresses best.
 */
#define ZRAM_LZ4_ACCELERATION LZ4_ACCELERATION_DEFAULT

static bool zram_lz4_available(void)
{
	return zram_has(LZ4_compress_fast) && zram_has(LZ4_decompress_safe);
}

/* The compressor clears it for each page. */
static void *zram_lz4_create(void)
{
	return vmalloc(LZ4_MEM_COMPRESS);
}

static void zram_lz4_destroy(void *ctx)
{
	vfree(ctx);
}

static int zram_lz4_compress(void *ctx, const void *src, void *dst)
{
	int len;

	len = LZ4_compress_fast(src, dst, PAGE_SIZE, ZRAM_DST_SIZE,
				ZRAM_LZ4_ACCELERATION, ctx);
	return len > 0 ? zram_codec_size(len) : -EIO;
}

static int zram_lz4_decompress(void *ctx, const void *src, size_t len,
			       void *dst)
{
	int ret;

	ret = LZ4_decompress_safe(src, dst, len, PAGE_SIZE);
	return ret == PAGE_SIZE ? 0 : -EINVAL;
}

const struct zram_codec zram_codec_lz4 = {
	.name		= "lz4",
	.available	= zram_lz4_available,
	.create		= zram_lz4_create,
	.destroy	= zram_lz4_destroy,
	.compress	= zram_lz4_compress,
	.decompress	= zram_lz4_decompress,
};
