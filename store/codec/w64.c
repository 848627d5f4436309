// SPDX-License-Identifier: GPL-2.0
/*
 * w64: our own, for pages of programs' memory. It needs no library, so that it
 * is there on every kernel.
 */
#include <linux/errno.h>
#include <linux/moduleparam.h>
#include <linux/vmalloc.h>

#include "store/stream.h"
#include "store/codec/w64_build.h"

/* It checks for room only where that is cheap. */
static_assert(W64_DST_BYTES <= ZRAM_DST_SIZE);

static int zram_w64_bmi2 = W64_BMI2_AUTO;
module_param_named(w64_bmi2, zram_w64_bmi2, int, 0444);
MODULE_PARM_DESC(w64_bmi2, "Use BMI2 for w64: 0 never, 1 if there is, -1 if it is fast (default)");

void __init zram_w64_init(void)
{
	zram_w64_bmi2 = w64_choose(zram_w64_bmi2);
}

static bool zram_w64_available(void)
{
	return true;
}

/* The compressor clears what it reads of it. */
static void *zram_w64_create(const struct zram_params *params,
			     const void *shared)
{
	return vmalloc(W64_WORK_BYTES);
}

static void zram_w64_destroy(void *ctx)
{
	vfree(ctx);
}

static int zram_w64_compress(void *ctx, const void *src, void *dst)
{
	return w64_compress(src, dst, ctx);
}

static int zram_w64_decompress(void *ctx, const void *src, size_t len,
			       void *dst)
{
	return w64_decompress(src, len, dst) ? -EINVAL : 0;
}

const struct zram_codec zram_codec_w64 = {
	.name		= "w64",
	.available	= zram_w64_available,
	.create		= zram_w64_create,
	.destroy	= zram_w64_destroy,
	.compress	= zram_w64_compress,
	.decompress	= zram_w64_decompress,
};
