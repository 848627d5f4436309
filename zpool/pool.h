/* SPDX-License-Identifier: GPL-2.0 */
/* A pool of the kernel's zpool, on one of ours. */
#ifndef ZSM_ZPOOL_POOL_H
#define ZSM_ZPOOL_POOL_H

#include <linux/mutex.h>

#include "compat/zpool.h"
#include "zpool/cell.h"
#include "zsmalloc.h"

/**
 * struct zpool_pool - a pool
 * @pool: ours
 * @kind: its kind
 * @cells: its objects' cells
 * @owner: whom to ask to do without an object
 * @shrink_lock: held by the thread that shrinks the pool; guards @hand
 * @hand: the cell that is looked at next for an object to write back
 */
struct zpool_pool {
	struct zsm_pool *pool;
	enum zsm_kind kind;
	struct cells cells;
	struct compat_zpool_owner owner;
	struct mutex shrink_lock;
	u32 hand;
};

/* A handle is never 0. */
static inline unsigned long zpool_handle(u32 number)
{
	return number + 1ul;
}

static inline u32 zpool_number(unsigned long handle)
{
	return handle - 1;
}

#endif /* ZSM_ZPOOL_POOL_H */
