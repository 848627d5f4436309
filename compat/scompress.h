/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What moved in <crypto/internal/scompress.h>: how an algorithm makes its contexts.
 *
 * Up to 6.14 two members of struct scomp_alg take the transform; in 6.15 they do
 * without, and since 6.16 they are members of its streams. An algorithm writes
 *
 *	static void *make(COMPAT_SCOMP_ALLOC_ARGS)
 *	static void drop(COMPAT_SCOMP_FREE_ARGS(ctx))
 *
 * and COMPAT_SCOMP_CTX(make, drop) among the initialisers of its structure.
 */
#ifndef ZSM_COMPAT_SCOMPRESS_H
#define ZSM_COMPAT_SCOMPRESS_H

#include <crypto/internal/scompress.h>

#include "compat/version.h"

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 15, 0)
#define COMPAT_SCOMP_ALLOC_ARGS void
#define COMPAT_SCOMP_FREE_ARGS(ctx) void *ctx
#else
#define COMPAT_SCOMP_ALLOC_ARGS struct crypto_scomp *tfm
#define COMPAT_SCOMP_FREE_ARGS(ctx) struct crypto_scomp *tfm, void *ctx
#endif

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 16, 0)
#define COMPAT_SCOMP_CTX(make, drop)					\
	.streams = { .alloc_ctx = (make), .free_ctx = (drop) }
#else
#define COMPAT_SCOMP_CTX(make, drop)					\
	.alloc_ctx = (make), .free_ctx = (drop)
#endif

#endif /* ZSM_COMPAT_SCOMPRESS_H */
