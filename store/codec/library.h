/* SPDX-License-Identifier: GPL-2.0 */
/* For the files of codecs: libraries that may be missing, and common answers. */
#ifndef ZSM_CODEC_LIBRARY_H
#define ZSM_CODEC_LIBRARY_H

#include <linux/compiler.h>

#include "store/codec.h"

/*
 * The libraries that codecs call are modules, and a kernel may come without
 * some of them. A codec declares each function of theirs that it calls again,
 * as weak, before its first use:
 *
 *	typeof(LZ4_compress_fast) LZ4_compress_fast __weak;
 *
 * Our module then loads without the library, and the function's address is
 * NULL; zsm_has() tells. It still counts as a dependency for depmod, so that
 * modprobe loads the library first, and for the kernel, which keeps it from
 * being unloaded. A library that is loaded after our module is not noticed.
 *
 * zsm_has() fetches the address from data, where every module loader can
 * leave NULL. Where code computes it instead, some compilers for some
 * architectures go through a GOT, which modules do not have.
 */
#define zsm_has(func)							\
({									\
	static typeof(func) *const zsm_addr_ = func;			\
									\
	!!READ_ONCE(zsm_addr_);					\
})

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
