// SPDX-License-Identifier: GPL-2.0
/*
 * zstd: entropy-coded, small and still quick to decompress.
 */
#include <linux/align.h>
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/vmalloc.h>
#include <linux/zstd.h>

#include "compat/zstd.h"
#include "store/codec/library.h"
#include "store/codec/list.h"
#include "store/codec/zstd.h"

ZSM_LIBRARY(zstd_is_error);
ZSM_LIBRARY(zstd_min_clevel);
ZSM_LIBRARY(zstd_max_clevel);
ZSM_LIBRARY(zstd_get_params);
ZSM_LIBRARY(zstd_cctx_workspace_bound);
ZSM_LIBRARY(zstd_init_cctx);
ZSM_LIBRARY(zstd_compress_cctx);
ZSM_LIBRARY(zstd_dctx_workspace_bound);
ZSM_LIBRARY(zstd_init_dctx);
ZSM_LIBRARY(zstd_decompress_dctx);

/* Whatever the page holds, the result fits. */
static_assert(ZSTD_COMPRESSBOUND(PAGE_SIZE) <= ZSM_DST_SIZE);

/* The library's own default, which is also what the crypto API uses. */
#define ZSM_ZSTD_LEVEL 3

int zsm_zstd_level(const struct zsm_params *params)
{
	return zsm_level(params, ZSM_ZSTD_LEVEL);
}

bool zsm_zstd_takes(const struct zsm_params *params)
{
	int level = zsm_zstd_level(params);

	return level >= lib_zstd_min_clevel() && level <= lib_zstd_max_clevel() &&
	       !params->window_bits;
}

/* The library asks for 8; a cache line keeps the workspaces apart. */
#define ZSM_ZSTD_ALIGN 64

/**
 * struct zsm_zstd - a context
 * @params: of the compressor, chosen for inputs of one page: this is what
 *	keeps the workspace small
 * @cctx: the compressor, in @workspace; allocates nothing more
 * @dctx: the decompressor, likewise
 * @workspace: the memory of both
 */
struct zsm_zstd {
	zstd_parameters params;
	zstd_cctx *cctx;
	zstd_dctx *dctx;
	u8 workspace[] __aligned(ZSM_ZSTD_ALIGN);
};

static const struct zsm_symbol zsm_zstd_needs[] = {
	ZSM_NEEDS(zstd_is_error),
	ZSM_NEEDS(zstd_min_clevel),
	ZSM_NEEDS(zstd_max_clevel),
	ZSM_NEEDS(zstd_get_params),
	ZSM_NEEDS(zstd_cctx_workspace_bound),
	ZSM_NEEDS(zstd_init_cctx),
	ZSM_NEEDS(zstd_compress_cctx),
	ZSM_NEEDS(zstd_dctx_workspace_bound),
	ZSM_NEEDS(zstd_init_dctx),
	ZSM_NEEDS(zstd_decompress_dctx),
	{}
};

static void zsm_zstd_destroy(void *ctx)
{
	vfree(ctx);
}

static void *zsm_zstd_create(const struct zsm_params *params,
			     const void *shared)
{
	zstd_parameters zparams = lib_zstd_get_params(zsm_zstd_level(params),
						  PAGE_SIZE);
	size_t cctx_size = ALIGN(lib_zstd_cctx_workspace_bound(&zparams.cParams),
				 ZSM_ZSTD_ALIGN);
	size_t dctx_size = lib_zstd_dctx_workspace_bound();
	struct zsm_zstd *zstd;

	zstd = vmalloc(sizeof(*zstd) + cctx_size + dctx_size);
	if (!zstd)
		return NULL;
	zstd->params = zparams;
	zstd->cctx = lib_zstd_init_cctx(zstd->workspace, cctx_size);
	zstd->dctx = lib_zstd_init_dctx(zstd->workspace + cctx_size, dctx_size);
	if (!zstd->cctx || !zstd->dctx) {
		zsm_zstd_destroy(zstd);
		return NULL;
	}
	return zstd;
}

static int zsm_zstd_compress(void *ctx, const void *src, void *dst)
{
	struct zsm_zstd *zstd = ctx;
	size_t len;

	len = lib_zstd_compress_cctx(zstd->cctx, dst, ZSM_DST_SIZE, src, PAGE_SIZE,
				     &zstd->params);
	return lib_zstd_is_error(len) ? -EIO : zsm_codec_size(len);
}

static int zsm_zstd_decompress(void *ctx, const void *src, size_t len,
			       void *dst)
{
	struct zsm_zstd *zstd = ctx;
	size_t ret;

	/* An error is a number far above any size. */
	ret = lib_zstd_decompress_dctx(zstd->dctx, dst, PAGE_SIZE, src, len);
	return ret == PAGE_SIZE ? 0 : -EINVAL;
}

const struct zsm_codec zsm_codec_zstd = {
	.name			= "zstd",
	.needs		= zsm_zstd_needs,
	.takes			= zsm_zstd_takes,
#ifdef COMPAT_HAS_ZSTD_DICT
	.with_dict		= &zsm_codec_zstd_dict,
#endif
	.create			= zsm_zstd_create,
	.destroy		= zsm_zstd_destroy,
	.compress		= zsm_zstd_compress,
	.decompress		= zsm_zstd_decompress,
};
