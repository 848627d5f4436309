// SPDX-License-Identifier: GPL-2.0
/*
 * zstd with a dictionary, as `zstd --train' makes them, or any text: what pages
 * have in common is referred to instead of being stored with each. Kernels before
 * 6.12 lack the functions.
 */
#include "compat/zstd.h"

#ifdef COMPAT_HAS_ZSTD_DICT

#include <linux/align.h>
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/log2.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <linux/zstd.h>

#include "store/codec/library.h"
#include "store/codec/list.h"
#include "store/codec/zstd.h"

ZSM_LIBRARY(zstd_is_error);
ZSM_LIBRARY(zstd_get_params);
ZSM_LIBRARY(zstd_cctx_workspace_bound);
ZSM_LIBRARY(zstd_init_cctx);
ZSM_LIBRARY(zstd_create_cdict_byreference);
ZSM_LIBRARY(zstd_free_cdict);
ZSM_LIBRARY(zstd_compress_using_cdict);
ZSM_LIBRARY(zstd_dctx_workspace_bound);
ZSM_LIBRARY(zstd_init_dctx);
ZSM_LIBRARY(zstd_create_ddict_byreference);
ZSM_LIBRARY(zstd_free_ddict);
ZSM_LIBRARY(zstd_decompress_using_ddict);

/* The library asks for 8; a cache line keeps the workspaces apart. */
#define ZSM_ZSTD_ALIGN 64

/* The dictionary as the library has digested it, which all streams share. */
struct zsm_zstd_shared {
	zstd_cdict *cdict;
	zstd_ddict *ddict;
};

/* A context; the memory of both its parts is in @workspace. */
struct zsm_zstd_dict {
	const struct zsm_zstd_shared *shared;
	zstd_cctx *cctx;
	zstd_dctx *dctx;
	u8 workspace[] __aligned(ZSM_ZSTD_ALIGN);
};

static const struct zsm_symbol zsm_zstd_dict_needs[] = {
	ZSM_NEEDS(zstd_is_error),
	ZSM_NEEDS(zstd_get_params),
	ZSM_NEEDS(zstd_cctx_workspace_bound),
	ZSM_NEEDS(zstd_init_cctx),
	ZSM_NEEDS(zstd_create_cdict_byreference),
	ZSM_NEEDS(zstd_free_cdict),
	ZSM_NEEDS(zstd_compress_using_cdict),
	ZSM_NEEDS(zstd_dctx_workspace_bound),
	ZSM_NEEDS(zstd_init_dctx),
	ZSM_NEEDS(zstd_create_ddict_byreference),
	ZSM_NEEDS(zstd_free_ddict),
	ZSM_NEEDS(zstd_decompress_using_ddict),
	{}
};

static void *zsm_zstd_mem_alloc(void *opaque, size_t size)
{
	return kvmalloc(size, GFP_KERNEL);
}

static void zsm_zstd_mem_free(void *opaque, void *addr)
{
	kvfree(addr);
}

/* For what is made once, in process context; contexts allocate nothing. */
static const zstd_custom_mem zsm_zstd_mem = {
	.customAlloc = zsm_zstd_mem_alloc,
	.customFree = zsm_zstd_mem_free,
};

static zstd_compression_parameters
zsm_zstd_dict_cparams(const struct zsm_params *params)
{
	return lib_zstd_get_params(zsm_zstd_level(params), PAGE_SIZE).cParams;
}

static void zsm_zstd_dict_unshare(void *shared)
{
	struct zsm_zstd_shared *zstd = shared;

	lib_zstd_free_cdict(zstd->cdict);
	lib_zstd_free_ddict(zstd->ddict);
	kfree(zstd);
}

static void *zsm_zstd_dict_share(const struct zsm_params *params)
{
	zstd_compression_parameters cparams = zsm_zstd_dict_cparams(params);
	struct zsm_zstd_shared *zstd = kzalloc(sizeof(*zstd), GFP_KERNEL);

	if (!zstd)
		return NULL;
	zstd->cdict = lib_zstd_create_cdict_byreference(params->dict,
							params->dict_size, cparams,
						    zsm_zstd_mem);
	zstd->ddict = lib_zstd_create_ddict_byreference(params->dict,
							params->dict_size,
						    zsm_zstd_mem);
	if (!zstd->cdict || !zstd->ddict) {
		zsm_zstd_dict_unshare(zstd);
		return NULL;
	}
	return zstd;
}

static void zsm_zstd_dict_destroy(void *ctx)
{
	vfree(ctx);
}

static void *zsm_zstd_dict_create(const struct zsm_params *params,
				  const void *shared)
{
	zstd_compression_parameters cparams = zsm_zstd_dict_cparams(params);
	size_t cctx_size, dctx_size = lib_zstd_dctx_workspace_bound();
	struct zsm_zstd_dict *zstd;

	/* The window may reach over the dictionary. */
	cparams.windowLog = max_t(unsigned int, cparams.windowLog,
				  ilog2(params->dict_size + PAGE_SIZE) + 1);
	cctx_size = ALIGN(lib_zstd_cctx_workspace_bound(&cparams), ZSM_ZSTD_ALIGN);
	zstd = vmalloc(sizeof(*zstd) + cctx_size + dctx_size);
	if (!zstd)
		return NULL;
	zstd->shared = shared;
	zstd->cctx = lib_zstd_init_cctx(zstd->workspace, cctx_size);
	zstd->dctx = lib_zstd_init_dctx(zstd->workspace + cctx_size, dctx_size);
	if (!zstd->cctx || !zstd->dctx) {
		zsm_zstd_dict_destroy(zstd);
		return NULL;
	}
	return zstd;
}

static int zsm_zstd_dict_compress(void *ctx, const void *src, void *dst)
{
	struct zsm_zstd_dict *zstd = ctx;
	size_t len;

	len = lib_zstd_compress_using_cdict(zstd->cctx, dst, ZSM_DST_SIZE, src,
					    PAGE_SIZE, zstd->shared->cdict);
	return lib_zstd_is_error(len) ? -EIO : zsm_codec_size(len);
}

static int zsm_zstd_dict_decompress(void *ctx, const void *src, size_t len,
				    void *dst)
{
	struct zsm_zstd_dict *zstd = ctx;
	size_t ret;

	/* An error is a number far above any size. */
	ret = lib_zstd_decompress_using_ddict(zstd->dctx, dst, PAGE_SIZE, src, len,
					      zstd->shared->ddict);
	return ret == PAGE_SIZE ? 0 : -EINVAL;
}

const struct zsm_codec zsm_codec_zstd_dict = {
	.name			= "zstd",
	.needs		= zsm_zstd_dict_needs,
	.takes			= zsm_zstd_takes,
	.share			= zsm_zstd_dict_share,
	.unshare		= zsm_zstd_dict_unshare,
	.create			= zsm_zstd_dict_create,
	.destroy		= zsm_zstd_dict_destroy,
	.compress		= zsm_zstd_dict_compress,
	.decompress		= zsm_zstd_dict_decompress,
};

#endif /* COMPAT_HAS_ZSTD_DICT */
