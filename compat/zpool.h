/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What moved in <linux/zpool.h>. In 6.1 the driver keeps the order in which objects
 * are written back, and is asked to shrink; in 6.12 zswap does that. Kbuild looks at
 * the header: ZSM_ZPOOL_SHRINKS, ZSM_ZPOOL_TOTAL_PAGES.
 */
#ifndef ZSM_COMPAT_ZPOOL_H
#define ZSM_COMPAT_ZPOOL_H

#include <linux/list.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/zpool.h>

#ifdef ZSM_ZPOOL_SHRINKS

/* Whom a pool asks to do without an object. */
struct compat_zpool_owner {
	const struct zpool_ops *ops;
	struct zpool *zpool;
};

#define COMPAT_ZPOOL_CREATE_ARGS						\
	const char *name, gfp_t gfp, const struct zpool_ops *ops,		\
		struct zpool *zpool
#define COMPAT_ZPOOL_OWNER						\
	((struct compat_zpool_owner){ .ops = ops, .zpool = zpool })
#define COMPAT_ZPOOL_SHRINKS

#else

struct compat_zpool_owner {
};

#define COMPAT_ZPOOL_CREATE_ARGS const char *name, gfp_t gfp
#define COMPAT_ZPOOL_OWNER ((struct compat_zpool_owner){ })

#endif

#ifdef ZSM_ZPOOL_TOTAL_PAGES
#define COMPAT_ZPOOL_TOTAL total_pages
#define COMPAT_ZPOOL_TOTAL_SHIFT PAGE_SHIFT
#else
#define COMPAT_ZPOOL_TOTAL total_size
#define COMPAT_ZPOOL_TOTAL_SHIFT 0
#endif

#endif /* ZSM_COMPAT_ZPOOL_H */
