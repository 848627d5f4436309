// SPDX-License-Identifier: GPL-2.0
/*
 * lz4hc: lz4's format from a compressor that searches harder. It decompresses
 * as fast as lz4 does.
 */
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/lz4.h>
#include <linux/vmalloc.h>

#include "store/codec/library.h"
#include "store/codec/list.h"
#include "store/codec/lz4hc.h"

ZSM_LIBRARY(LZ4_compress_HC);
ZSM_LIBRARY(LZ4_decompress_safe);

/* With this much room the compressor leaves out its checks for room. */
static_assert(LZ4_COMPRESSBOUND(PAGE_SIZE) <= ZSM_DST_SIZE);

/* The level is how hard to search. */
int zsm_lz4hc_level(const struct zsm_params *params)
{
	return zsm_level(params, LZ4HC_DEFAULT_CLEVEL);
}

bool zsm_lz4hc_takes(const struct zsm_params *params)
{
	int level = zsm_lz4hc_level(params);

	return level >= 1 && level <= LZ4HC_MAX_CLEVEL && !params->window_bits;
}

/**
 * struct zsm_lz4hc - a context
 * @level: the level
 * @workspace: the compressor's memory, which it clears for each page
 */
struct zsm_lz4hc {
	int level;
	u8 workspace[LZ4HC_MEM_COMPRESS] __aligned(8);
};

static const struct zsm_symbol zsm_lz4hc_needs[] = {
	ZSM_NEEDS(LZ4_compress_HC),
	ZSM_NEEDS(LZ4_decompress_safe),
	{}
};

static void *zsm_lz4hc_create(const struct zsm_params *params,
			      const void *shared)
{
	struct zsm_lz4hc *lz4 = vmalloc(sizeof(*lz4));

	if (lz4)
		lz4->level = zsm_lz4hc_level(params);
	return lz4;
}

static void zsm_lz4hc_destroy(void *ctx)
{
	vfree(ctx);
}

static int zsm_lz4hc_compress(void *ctx, const void *src, void *dst)
{
	struct zsm_lz4hc *lz4 = ctx;
	int len;

	len = lib_LZ4_compress_HC(src, dst, PAGE_SIZE, ZSM_DST_SIZE, lz4->level,
				  lz4->workspace);
	return len > 0 ? zsm_codec_size(len) : -EIO;
}

static int zsm_lz4hc_decompress(void *ctx, const void *src, size_t len,
				void *dst)
{
	int ret;

	ret = lib_LZ4_decompress_safe(src, dst, len, PAGE_SIZE);
	return ret == PAGE_SIZE ? 0 : -EINVAL;
}

const struct zsm_codec zsm_codec_lz4hc = {
	.name		= "lz4hc",
	.needs	= zsm_lz4hc_needs,
	.takes		= zsm_lz4hc_takes,
	.with_dict	= &zsm_codec_lz4hc_dict,
	.create		= zsm_lz4hc_create,
	.destroy	= zsm_lz4hc_destroy,
	.compress	= zsm_lz4hc_compress,
	.decompress	= zsm_lz4hc_decompress,
};
