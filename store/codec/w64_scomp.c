// SPDX-License-Identifier: GPL-2.0
/*
 * w64.ko: W64 and w64hc for the crypto API, so that zswap can use them. It is
 * not needed for zram, which has the codecs itself. w64hc works at its first
 * level: the API has no parameters.
 *
 * Only whole pages are compressed, and only to and from where they are aligned
 * as pages are. One that does not become smaller is refused
 * with -ENOSPC, as any algorithm does whose output does not fit; zswap then
 * leaves it to the disk.
 */
#include <linux/align.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "compat/scompress.h"
#include "store/codec/w64_build.h"

static int bmi2 = W64_BMI2_AUTO;
module_param(bmi2, int, 0444);
MODULE_PARM_DESC(bmi2, "Use BMI2: 0 never, 1 if there is, -1 if it is fast (default)");

/**
 * struct w64_ctx - what one user of the API compresses with
 * @work: the compressor's work memory, which it clears itself
 * @block: what it writes. Callers have room for what comes out, not for what
 *	the compressor may write meanwhile.
 */
struct w64_ctx {
	u8 work[W64_WORK_BYTES] __aligned(8);
	u8 block[W64_DST_BYTES];
};

/**
 * struct w64hc_ctx - the same for w64hc
 * @work: what it works in, for both directions
 * @block: as in &struct w64_ctx
 */
struct w64hc_ctx {
	u8 work[W64HC_WORK_BYTES] __aligned(8);
	u8 block[W64HC_DST_BYTES];
};

static void *w64_alloc(size_t size)
{
	void *ctx = vmalloc(size);

	return ctx ? ctx : ERR_PTR(-ENOMEM);
}

static void *w64_alloc_ctx(COMPAT_SCOMP_ALLOC_ARGS)
{
	return w64_alloc(sizeof(struct w64_ctx));
}

static void *w64hc_alloc_ctx(COMPAT_SCOMP_ALLOC_ARGS)
{
	return w64_alloc(sizeof(struct w64hc_ctx));
}

static void w64_free_ctx(COMPAT_SCOMP_FREE_ARGS(ctx))
{
	vfree(ctx);
}

static bool w64_is_page(const u8 *src, unsigned int slen)
{
	return slen == PAGE_SIZE && IS_ALIGNED((unsigned long)src, sizeof(u64));
}

/* Hands out a block of @len bytes, or 0 if the page is not worth one. */
static int w64_give(const u8 *block, unsigned int len, u8 *dst,
		    unsigned int *dlen)
{
	if (!len || len > *dlen)
		return -ENOSPC;
	memcpy(dst, block, len);
	*dlen = len;
	return 0;
}

static int w64_scompress(struct crypto_scomp *tfm, const u8 *src,
			 unsigned int slen, u8 *dst, unsigned int *dlen,
			 void *context)
{
	struct w64_ctx *ctx = context;

	if (!w64_is_page(src, slen))
		return -EINVAL;
	return w64_give(ctx->block, w64_compress(src, ctx->block, ctx->work),
			dst, dlen);
}

static int w64hc_scompress(struct crypto_scomp *tfm, const u8 *src,
			   unsigned int slen, u8 *dst, unsigned int *dlen,
			   void *context)
{
	struct w64hc_ctx *ctx = context;

	if (!w64_is_page(src, slen))
		return -EINVAL;
	return w64_give(ctx->block,
			w64hc_compress(src, ctx->block, ctx->work,
				       W64HC_LEVEL_QUICK),
			dst, dlen);
}

static int w64_sdecompress(struct crypto_scomp *tfm, const u8 *src,
			   unsigned int slen, u8 *dst, unsigned int *dlen,
			   void *context)
{
	if (*dlen < PAGE_SIZE)
		return -ENOSPC;
	if (!w64_is_page(dst, PAGE_SIZE) || w64_decompress(src, slen, dst))
		return -EINVAL;
	*dlen = PAGE_SIZE;
	return 0;
}

static int w64hc_sdecompress(struct crypto_scomp *tfm, const u8 *src,
			     unsigned int slen, u8 *dst, unsigned int *dlen,
			     void *context)
{
	struct w64hc_ctx *ctx = context;

	if (*dlen < PAGE_SIZE)
		return -ENOSPC;
	if (!w64_is_page(dst, PAGE_SIZE) ||
	    w64hc_decompress(src, slen, dst, ctx->work))
		return -EINVAL;
	*dlen = PAGE_SIZE;
	return 0;
}

static struct scomp_alg w64_algs[] = {
	{
		COMPAT_SCOMP_CTX(w64_alloc_ctx, w64_free_ctx),
		.compress	= w64_scompress,
		.decompress	= w64_sdecompress,
		.base		= {
			.cra_name	 = "w64",
			.cra_driver_name = "w64-scomp",
			.cra_module	 = THIS_MODULE,
		},
	},
	{
		COMPAT_SCOMP_CTX(w64hc_alloc_ctx, w64_free_ctx),
		.compress	= w64hc_scompress,
		.decompress	= w64hc_sdecompress,
		.base		= {
			.cra_name	 = "w64hc",
			.cra_driver_name = "w64hc-scomp",
			.cra_module	 = THIS_MODULE,
		},
	},
};

static int __init w64_init(void)
{
	bmi2 = w64_choose(bmi2);
	return crypto_register_scomps(w64_algs, ARRAY_SIZE(w64_algs));
}

static void __exit w64_exit(void)
{
	crypto_unregister_scomps(w64_algs, ARRAY_SIZE(w64_algs));
}

module_init(w64_init);
module_exit(w64_exit);

MODULE_DESCRIPTION("W64 and w64hc, codecs for pages of memory, for the crypto API");
MODULE_LICENSE("GPL");
MODULE_VERSION(ZSM_VERSION);
MODULE_ALIAS_CRYPTO("w64");
MODULE_ALIAS_CRYPTO("w64hc");
