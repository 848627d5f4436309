// SPDX-License-Identifier: GPL-2.0
/*
 * Pools of the kernel's zpool as allocators: what zswap of 6.12 may keep pages in, ours
 * and the kernel's own, by the same calls.
 *
 * Only drivers can reach zpool from a module. A driver that registers is the first of
 * the list of all of them, and so leads to the others.
 */
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/zpool.h>

#include "bench.h"

/* What zswap of 6.12 allocates with. */
#define BENCH_GFP (__GFP_NORETRY | __GFP_NOWARN | __GFP_KSWAPD_RECLAIM)

/* zbud takes nothing that is longer. */
#define LONGEST 3968

/**
 * struct bench_zpool - a pool
 * @driver: whose it is, and a reference of its module
 * @pool: what the driver calls it
 */
struct bench_zpool {
	const struct zpool_driver *driver;
	void *pool;
};

static struct zpool_driver *find_driver(const char *type)
{
	struct zpool_driver key = { .type = "zsm_bench", .owner = THIS_MODULE };
	struct zpool_driver *driver, *found = NULL;
	const struct list_head *at;

	zpool_register_driver(&key);
	/* Before the first there is the list's head, which is no driver. */
	for (at = key.list.next; at != key.list.prev; at = at->next) {
		driver = list_entry(at, struct zpool_driver, list);
		if (!strcmp(driver->type, type) && try_module_get(driver->owner)) {
			found = driver;
			break;
		}
	}
	zpool_unregister_driver(&key);
	return found;
}

static void *pool_create(const char *type)
{
	struct bench_zpool *zp = kzalloc(sizeof(*zp), GFP_KERNEL);

	if (!zp)
		return NULL;
	zp->driver = find_driver(type);
	if (!zp->driver)
		goto err_free;
	zp->pool = zp->driver->create("zsm_bench", BENCH_GFP);
	if (!zp->pool)
		goto err_driver;
	return zp;

err_driver:
	module_put(zp->driver->owner);
err_free:
	kfree(zp);
	return NULL;
}

static void pool_destroy(void *pool)
{
	struct bench_zpool *zp = pool;

	zp->driver->destroy(zp->pool);
	module_put(zp->driver->owner);
	kfree(zp);
}

static size_t pool_huge(void *pool)
{
	return LONGEST;
}

static int pool_alloc(void *pool, u32 i, size_t size, u64 *name)
{
	const struct bench_zpool *zp = pool;
	gfp_t movable = zp->driver->malloc_support_movable ?
				__GFP_HIGHMEM | __GFP_MOVABLE : 0;
	unsigned long handle = 0;
	int err = zp->driver->malloc(zp->pool, size, BENCH_GFP | movable,
				     &handle);

	*name = err ? 0 : handle;
	return err;
}

static void pool_write(void *pool, u64 name, const void *src, size_t len)
{
	const struct bench_zpool *zp = pool;

	memcpy(zp->driver->map(zp->pool, name, ZPOOL_MM_WO), src, len);
	zp->driver->unmap(zp->pool, name);
}

static void pool_read(void *pool, u64 name, void *dst, size_t len)
{
	const struct bench_zpool *zp = pool;

	memcpy(dst, zp->driver->map(zp->pool, name, ZPOOL_MM_RO), len);
	zp->driver->unmap(zp->pool, name);
}

static void pool_free(void *pool, u64 name)
{
	const struct bench_zpool *zp = pool;

	zp->driver->free(zp->pool, name);
}

static u64 pool_bytes(void *pool)
{
	const struct bench_zpool *zp = pool;

	return zp->driver->total_pages(zp->pool) << PAGE_SHIFT;
}

const struct bench_allocator bench_zpool = {
	.create = pool_create,
	.destroy = pool_destroy,
	.huge = pool_huge,
	.longest = LONGEST,
	.alloc = pool_alloc,
	.write = pool_write,
	.read = pool_read,
	.free = pool_free,
	.bytes = pool_bytes,
};
