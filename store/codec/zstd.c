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
#include "store/stream.h"

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
static_assert(ZSTD_COMPRESSBOUND(PAGE_SIZE) <= ZRAM_DST_SIZE);

/* The library's own default, which is also what the crypto API uses. */
#define ZRAM_ZSTD_LEVEL 3

int zram_zstd_level(const struct zram_params *params)
{
	return zram_level(params, ZRAM_ZSTD_LEVEL);
}

bool zram_zstd_takes(const struct zram_params *params)
{
	int level = zram_zstd_level(params);

	return level >= zstd_min_clevel() && level <= zstd_max_clevel() &&
	       !params->window_bits;
}

/* The library asks for 8; a cache line keeps the workspaces apart. */
#define ZRAM_ZSTD_ALIGN 64

/**
 * struct zram_zstd - a context
 * @params: of the compressor, chosen for inputs of one page: this is what
 *	keeps the workspace small
 * @cctx: the compressor, in @workspace; allocates nothing more
 * @dctx: the decompressor, likewise
 * @workspace: the memory of both
 */
struct zram_zstd {
	zstd_parameters params;
	zstd_cctx *cctx;
	zstd_dctx *dctx;
	u8 workspace[] __aligned(ZRAM_ZSTD_ALIGN);
};

static bool zram_zstd_available(void)
{
	/* They come from up to three modules. */
	return zram_has(zstd_is_error) &&
	       zram_has(zstd_min_clevel) &&
	       zram_has(zstd_max_clevel) &&
	       zram_has(zstd_get_params) &&
	       zram_has(zstd_cctx_workspace_bound) &&
	       zram_has(zstd_init_cctx) &&
	       zram_has(zstd_compress_cctx) &&
	       zram_has(zstd_dctx_workspace_bound) &&
	       zram_has(zstd_init_dctx) &&
	       zram_has(zstd_decompress_dctx);
}

static void zram_zstd_destroy(void *ctx)
{
	vfree(ctx);
}

static void *zram_zstd_create(const struct zram_params *params,
			      const void *shared)
{
	zstd_parameters zparams = zstd_get_params(zram_zstd_level(params),
						  PAGE_SIZE);
	size_t cctx_size = ALIGN(zstd_cctx_workspace_bound(&zparams.cParams),
				 ZRAM_ZSTD_ALIGN);
	size_t dctx_size = zstd_dctx_workspace_bound();
	struct zram_zstd *zstd;

	zstd = vmalloc(sizeof(*zstd) + cctx_size + dctx_size);
	if (!zstd)
		return NULL;
	zstd->params = zparams;
	zstd->cctx = zstd_init_cctx(zstd->workspace, cctx_size);
	zstd->dctx = zstd_init_dctx(zstd->workspace + cctx_size, dctx_size);
	if (!zstd->cctx || !zstd->dctx) {
		zram_zstd_destroy(zstd);
		return NULL;
	}
	return zstd;
}

static int zram_zstd_compress(void *ctx, const void *src, void *dst)
{
	struct zram_zstd *zstd = ctx;
	size_t len;

	len = zstd_compress_cctx(zstd->cctx, dst, ZRAM_DST_SIZE, src, PAGE_SIZE,
				 &zstd->params);
	return zstd_is_error(len) ? -EIO : zram_codec_size(len);
}

static int zram_zstd_decompress(void *ctx, const void *src, size_t len,
				void *dst)
{
	struct zram_zstd *zstd = ctx;
	size_t ret;

	/* An error is a number far above any size. */
	ret = zstd_decompress_dctx(zstd->dctx, dst, PAGE_SIZE, src, len);
	return ret == PAGE_SIZE ? 0 : -EINVAL;
}

const struct zram_codec zram_codec_zstd = {
	.name			= "zstd",
	.available		= zram_zstd_available,
	.takes			= zram_zstd_takes,
#ifdef COMPAT_HAS_ZSTD_DICT
	.with_dict		= &zram_codec_zstd_dict,
#endif
	.create			= zram_zstd_create,
	.destroy		= zram_zstd_destroy,
	.compress		= zram_zstd_compress,
	.decompress		= zram_zstd_decompress,
	.decompress_needs_ctx	= true,
};
