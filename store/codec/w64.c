// SPDX-License-Identifier: GPL-2.0
/*
 * w64 and w64hc: our own, for pages of programs' memory, the one faster than any
 * other, the other as dense as zstd. They need no library, so that they are there
 * on every kernel.
 */
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/moduleparam.h>
#include <linux/vmalloc.h>

#include "store/codec.h"
#include "store/codec/library.h"
#include "store/codec/list.h"
#include "store/codec/w64.h"
#include "store/codec/w64_build.h"

/* They check for room only where that is cheap. */
static_assert(W64_DST_BYTES <= ZSM_DST_SIZE);
static_assert(W64HC_DST_BYTES <= ZSM_DST_SIZE);

static int zsm_w64_bmi2 = W64_BMI2_AUTO;
module_param_named(w64_bmi2, zsm_w64_bmi2, int, 0444);
MODULE_PARM_DESC(w64_bmi2, "Use BMI2 for w64 and w64hc: 0 never, 1 if there is, -1 if it is fast (default)");

int zsm_w64_choose(int wanted)
{
	if (wanted != W64_BMI2_AUTO)
		WRITE_ONCE(zsm_w64_bmi2, w64_choose(wanted));
	return READ_ONCE(zsm_w64_bmi2);
}
EXPORT_SYMBOL_GPL(zsm_w64_choose);

void __init zsm_w64_init(void)
{
	zsm_w64_bmi2 = w64_choose(zsm_w64_bmi2);
}

/* The compressor clears what it reads of it. */
static void *zsm_w64_create(const struct zsm_params *params,
			    const void *shared)
{
	return vmalloc(W64_WORK_BYTES);
}

static void zsm_w64_destroy(void *ctx)
{
	vfree(ctx);
}

static int zsm_w64_compress(void *ctx, const void *src, void *dst)
{
	return w64_compress(src, dst, ctx);
}

static int zsm_w64_decompress(void *ctx, const void *src, size_t len,
			      void *dst)
{
	return w64_decompress(src, len, dst) ? -EINVAL : 0;
}

const struct zsm_codec zsm_codec_w64 = {
	.name		= "w64",
	.create		= zsm_w64_create,
	.destroy	= zsm_w64_destroy,
	.compress	= zsm_w64_compress,
	.decompress	= zsm_w64_decompress,
};

/**
 * struct zsm_w64hc - a context
 * @level: what pages are compressed with
 * @work: w64hc's work memory, of that level
 */
struct zsm_w64hc {
	u32 level;
	u64 work[];
};

static int zsm_w64hc_level(const struct zsm_params *params)
{
	return zsm_level(params, W64HC_LEVEL_QUICK);
}

static bool zsm_w64hc_takes(const struct zsm_params *params)
{
	return w64hc_work_bytes(zsm_w64hc_level(params)) &&
	       !params->window_bits;
}

/* What is read of the work memory is written first. */
static void *zsm_w64hc_create(const struct zsm_params *params,
			      const void *shared)
{
	int level = zsm_w64hc_level(params);
	struct zsm_w64hc *w64hc;

	w64hc = vmalloc(sizeof(*w64hc) + w64hc_work_bytes(level));
	if (w64hc)
		w64hc->level = level;
	return w64hc;
}

static int zsm_w64hc_compress(void *ctx, const void *src, void *dst)
{
	struct zsm_w64hc *w64hc = ctx;

	return w64hc_compress(src, dst, w64hc->work, w64hc->level);
}

static int zsm_w64hc_decompress(void *ctx, const void *src, size_t len,
				void *dst)
{
	struct zsm_w64hc *w64hc = ctx;

	return w64hc_decompress(src, len, dst, w64hc->work) ? -EINVAL : 0;
}

const struct zsm_codec zsm_codec_w64hc = {
	.name			= "w64hc",
	.takes			= zsm_w64hc_takes,
	.create			= zsm_w64hc_create,
	.destroy		= zsm_w64_destroy,
	.compress		= zsm_w64hc_compress,
	.decompress		= zsm_w64hc_decompress,
};
