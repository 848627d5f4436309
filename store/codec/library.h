/* SPDX-License-Identifier: GPL-2.0 */
/* For the files of codecs: libraries that may be missing, and common answers. */
#ifndef ZSM_CODEC_LIBRARY_H
#define ZSM_CODEC_LIBRARY_H

#include <linux/compiler.h>

#include "store/codec.h"

/*
 * The libraries that codecs call are modules, and a kernel may come without some of
 * them, or load them later. A codec names each function of theirs that it calls, and
 * calls it by way of a pointer:
 *
 *	ZSM_LIBRARY(LZ4_compress_fast);
 *	... lib_LZ4_compress_fast(...)
 *
 * The function is declared again, as weak, so that our module loads without the
 * library; the pointer is then NULL until the library is loaded: see store/library.c.
 * For depmod a weak function still makes a dependency, so that modprobe loads the
 * library first; for the kernel too, which keeps it from being unloaded.
 */
#define ZSM_LIBRARY(func_)						\
	typeof(func_) func_ __weak;					\
	static typeof(func_) *lib_##func_ = func_

/* A row of a codec's @needs. */
#define ZSM_NEEDS(func_)						\
	{								\
		.name = #func_, .func = (void **)&lib_##func_		\
	}

/* What @compress returns when the library produced this many bytes. */
static inline int zsm_codec_size(size_t len)
{
	return len < PAGE_SIZE ? len : 0;
}

/* The level, or what it is when nobody has chosen one. */
static inline int zsm_level(const struct zsm_params *params, int normal)
{
	return params->level == ZSM_LEVEL_DEFAULT ? normal : params->level;
}

#endif /* ZSM_CODEC_LIBRARY_H */
