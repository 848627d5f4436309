// SPDX-License-Identifier: GPL-2.0
/*
 * zstd: entropy-coded, small and still quick to decompress.
 */
#include <linux/align.h>
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/vmalloc.h>
#include <linux/zstd.h>

#include "compat.h"
#include "store/codec/library.h"
#include "store/codec/list.h"
#include "store/codec/zstd.h"

typeof(zstd_is_error) zstd_is_error __weak;
typeof(zstd_min_clevel) zstd_min_clevel __weak;
typeof(zstd_max_clevel) zstd_max_clevel __weak;
typeof(zstd_get_params) zstd_get_params __weak;
typeof(zstd_cctx_workspace_bound) zstd_cctx_workspace_bound __weak;
typeof(zstd_init_cctx) zstd_init_cctx __weak;
typeof(zstd_compress_cctx) zstd_compress_cctx __weak;
typeof(zstd_dctx_workspace_bound) zstd_dctx_workspace_bound __weak;
typeof(zstd_init_dctx) zstd_init_dctx __weak;
typeof(zstd_decompress_dctx) zstd_decompress_dctx __weak;

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

	return level >= zstd_min_clevel() && level <= zstd_max_clevel() &&
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

static bool zsm_zstd_available(void)
{
	/* They come from up to three modules. */
	return zsm_has(zstd_is_error) &&
	       zsm_has(zstd_min_clevel) &&
	       zsm_has(zstd_max_clevel) &&
	       zsm_has(zstd_get_params) &&
	       zsm_has(zstd_cctx_workspace_bound) &&
	       zsm_has(zstd_init_cctx) &&
	       zsm_has(zstd_compress_cctx) &&
	       zsm_has(zstd_dctx_workspace_bound) &&
	       zsm_has(zstd_init_dctx) &&
	       zsm_has(zstd_decompress_dctx);
}

static void zsm_zstd_destroy(void *ctx)
{
	vfree(ctx);
}

static void *zsm_zstd_create(const struct zsm_params *params,
			      const void *shared)
{
	zstd_parameters zparams = zstd_get_params(zsm_zstd_level(params),
						  PAGE_SIZE);
	size_t cctx_size = ALIGN(zstd_cctx_workspace_bound(&zparams.cParams),
				 ZSM_ZSTD_ALIGN);
	size_t dctx_size = zstd_dctx_workspace_bound();
	struct zsm_zstd *zstd;

	zstd = vmalloc(sizeof(*zstd) + cctx_size + dctx_size);
	if (!zstd)
		return NULL;
	zstd->params = zparams;
	zstd->cctx = zstd_init_cctx(zstd->workspace, cctx_size);
	zstd->dctx = zstd_init_dctx(zstd->workspace + cctx_size, dctx_size);
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

	len = zstd_compress_cctx(zstd->cctx, dst, ZSM_DST_SIZE, src, PAGE_SIZE,
				 &zstd->params);
	return zstd_is_error(len) ? -EIO : zsm_codec_size(len);
}

static int zsm_zstd_decompress(void *ctx, const void *src, size_t len,
				void *dst)
{
	struct zsm_zstd *zstd = ctx;
	size_t ret;

	/* An error is a number far above any size. */
	ret = zstd_decompress_dctx(zstd->dctx, dst, PAGE_SIZE, src, len);
	return ret == PAGE_SIZE ? 0 : -EINVAL;
}

const struct zsm_codec zsm_codec_zstd = {
	.name			= "zstd",
	.available		= zsm_zstd_available,
	.takes			= zsm_zstd_takes,
#ifdef COMPAT_HAS_ZSTD_DICT
	.with_dict		= &zsm_codec_zstd_dict,
#endif
	.create			= zsm_zstd_create,
	.destroy		= zsm_zstd_destroy,
	.compress		= zsm_zstd_compress,
	.decompress		= zsm_zstd_decompress,
	.decompress_needs_ctx	= true,
};
