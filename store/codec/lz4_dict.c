// SPDX-License-Identifier: GPL-2.0
/*
 * lz4 and lz4hc with a dictionary: what pages have in common is referred to
 * instead of being stored with each. The last 64 KiB of it can be reached.
 */
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/lz4.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "store/codec/library.h"
#include "store/codec/list.h"
#include "store/codec/lz4.h"
#include "store/codec/lz4hc.h"

ZSM_LIBRARY(LZ4_loadDict);
ZSM_LIBRARY(LZ4_compress_fast_continue);
ZSM_LIBRARY(LZ4_resetStreamHC);
ZSM_LIBRARY(LZ4_loadDictHC);
ZSM_LIBRARY(LZ4_compress_HC_continue);
ZSM_LIBRARY(LZ4_decompress_safe_usingDict);

/* With this much room the compressors leave out their checks for room. */
static_assert(LZ4_COMPRESSBOUND(PAGE_SIZE) <= ZSM_DST_SIZE);

/**
 * struct zsm_lz4_dict - a context
 * @params: the level and the dictionary
 * @loaded: lz4's state after the dictionary, which all streams share
 * @fast: the state of this stream, for lz4
 * @hc: the same for lz4hc
 */
struct zsm_lz4_dict {
	const struct zsm_params *params;
	const LZ4_stream_t *loaded;
	union {
		LZ4_stream_t fast;
		LZ4_streamHC_t hc;
	};
};

static void zsm_lz4_dict_destroy(void *ctx)
{
	vfree(ctx);
}

static int zsm_lz4_dict_decompress(void *ctx, const void *src, size_t len,
				   void *dst)
{
	const struct zsm_params *params =
		((const struct zsm_lz4_dict *)ctx)->params;
	int ret;

	ret = lib_LZ4_decompress_safe_usingDict(src, dst, len, PAGE_SIZE,
						params->dict, params->dict_size);
	return ret == PAGE_SIZE ? 0 : -EINVAL;
}

/* ---- lz4 ---------------------------------------------------------------- */

static const struct zsm_symbol zsm_lz4_dict_needs[] = {
	ZSM_NEEDS(LZ4_loadDict),
	ZSM_NEEDS(LZ4_compress_fast_continue),
	ZSM_NEEDS(LZ4_decompress_safe_usingDict),
	{}
};

static void *zsm_lz4_dict_share(const struct zsm_params *params)
{
	LZ4_stream_t *stream = vzalloc(sizeof(*stream));

	/* Whatever the size, there is no way for this to fail. */
	if (stream)
		lib_LZ4_loadDict(stream, params->dict, params->dict_size);
	return stream;
}

static void zsm_lz4_dict_unshare(void *shared)
{
	vfree(shared);
}

static void *zsm_lz4_dict_create(const struct zsm_params *params,
				 const void *shared)
{
	struct zsm_lz4_dict *lz4 =
		vmalloc(offsetof(struct zsm_lz4_dict, fast) +
			sizeof(lz4->fast));

	if (lz4) {
		lz4->params = params;
		lz4->loaded = shared;
	}
	return lz4;
}

static int zsm_lz4_dict_compress(void *ctx, const void *src, void *dst)
{
	struct zsm_lz4_dict *lz4 = ctx;
	int len;

	/* A fraction of what loading the dictionary anew would take. */
	memcpy(&lz4->fast, lz4->loaded, sizeof(lz4->fast));
	len = lib_LZ4_compress_fast_continue(&lz4->fast, src, dst, PAGE_SIZE,
					     ZSM_DST_SIZE,
					 zsm_lz4_level(lz4->params));
	return len > 0 ? zsm_codec_size(len) : -EIO;
}

const struct zsm_codec zsm_codec_lz4_dict = {
	.name			= "lz4",
	.needs		= zsm_lz4_dict_needs,
	.takes			= zsm_lz4_takes,
	.share			= zsm_lz4_dict_share,
	.unshare		= zsm_lz4_dict_unshare,
	.create			= zsm_lz4_dict_create,
	.destroy		= zsm_lz4_dict_destroy,
	.compress		= zsm_lz4_dict_compress,
	.decompress		= zsm_lz4_dict_decompress,
};

/* ---- lz4hc -------------------------------------------------------------- */

static const struct zsm_symbol zsm_lz4hc_dict_needs[] = {
	ZSM_NEEDS(LZ4_resetStreamHC),
	ZSM_NEEDS(LZ4_loadDictHC),
	ZSM_NEEDS(LZ4_compress_HC_continue),
	ZSM_NEEDS(LZ4_decompress_safe_usingDict),
	{}
};

static void *zsm_lz4hc_dict_create(const struct zsm_params *params,
				   const void *shared)
{
	struct zsm_lz4_dict *lz4 = vzalloc(sizeof(*lz4));

	if (lz4)
		lz4->params = params;
	return lz4;
}

/* Its tables are four times the dictionary: loading it is no worse than a copy. */
static int zsm_lz4hc_dict_compress(void *ctx, const void *src, void *dst)
{
	struct zsm_lz4_dict *lz4 = ctx;
	int len;

	lib_LZ4_resetStreamHC(&lz4->hc, zsm_lz4hc_level(lz4->params));
	lib_LZ4_loadDictHC(&lz4->hc, lz4->params->dict, lz4->params->dict_size);
	len = lib_LZ4_compress_HC_continue(&lz4->hc, src, dst, PAGE_SIZE,
					   ZSM_DST_SIZE);
	return len > 0 ? zsm_codec_size(len) : -EIO;
}

const struct zsm_codec zsm_codec_lz4hc_dict = {
	.name			= "lz4hc",
	.needs		= zsm_lz4hc_dict_needs,
	.takes			= zsm_lz4hc_takes,
	.create			= zsm_lz4hc_dict_create,
	.destroy		= zsm_lz4_dict_destroy,
	.compress		= zsm_lz4hc_dict_compress,
	.decompress		= zsm_lz4_dict_decompress,
};
