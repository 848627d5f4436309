// SPDX-License-Identifier: GPL-2.0
/*
 * lz4: the fastest both ways.
 */
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/lz4.h>
#include <linux/vmalloc.h>

#include "store/codec/library.h"
#include "store/codec/list.h"
#include "store/codec/lz4.h"

ZSM_LIBRARY(LZ4_compress_fast);
ZSM_LIBRARY(LZ4_decompress_safe);

/* With this much room the compressor leaves out its checks for room. */
static_assert(LZ4_COMPRESSBOUND(PAGE_SIZE) <= ZSM_DST_SIZE);

/*
 * The level is how readily the compressor gives up on a stretch without matches.
 * The library's default is the lowest there is and compresses best; beyond the
 * highest nothing changes, but that a number overflows in the end.
 */
#define ZSM_LZ4_MAX_ACCELERATION 65537

int zsm_lz4_level(const struct zsm_params *params)
{
	return zsm_level(params, LZ4_ACCELERATION_DEFAULT);
}

bool zsm_lz4_takes(const struct zsm_params *params)
{
	int level = zsm_lz4_level(params);

	return level >= LZ4_ACCELERATION_DEFAULT &&
	       level <= ZSM_LZ4_MAX_ACCELERATION && !params->window_bits;
}

/**
 * struct zsm_lz4 - a context
 * @acceleration: the level
 * @workspace: the compressor's memory, which it clears for each page
 */
struct zsm_lz4 {
	int acceleration;
	u8 workspace[LZ4_MEM_COMPRESS] __aligned(8);
};

static const struct zsm_symbol zsm_lz4_needs[] = {
	ZSM_NEEDS(LZ4_compress_fast),
	ZSM_NEEDS(LZ4_decompress_safe),
	{}
};

static void *zsm_lz4_create(const struct zsm_params *params,
			    const void *shared)
{
	struct zsm_lz4 *lz4 = vmalloc(sizeof(*lz4));

	if (lz4)
		lz4->acceleration = zsm_lz4_level(params);
	return lz4;
}

static void zsm_lz4_destroy(void *ctx)
{
	vfree(ctx);
}

static int zsm_lz4_compress(void *ctx, const void *src, void *dst)
{
	struct zsm_lz4 *lz4 = ctx;
	int len;

	len = lib_LZ4_compress_fast(src, dst, PAGE_SIZE, ZSM_DST_SIZE,
				    lz4->acceleration, lz4->workspace);
	return len > 0 ? zsm_codec_size(len) : -EIO;
}

static int zsm_lz4_decompress(void *ctx, const void *src, size_t len,
			      void *dst)
{
	int ret;

	ret = lib_LZ4_decompress_safe(src, dst, len, PAGE_SIZE);
	return ret == PAGE_SIZE ? 0 : -EINVAL;
}

const struct zsm_codec zsm_codec_lz4 = {
	.name		= "lz4",
	.needs	= zsm_lz4_needs,
	.takes		= zsm_lz4_takes,
	.with_dict	= &zsm_codec_lz4_dict,
	.create		= zsm_lz4_create,
	.destroy	= zsm_lz4_destroy,
	.compress	= zsm_lz4_compress,
	.decompress	= zsm_lz4_decompress,
};
