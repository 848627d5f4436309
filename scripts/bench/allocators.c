// SPDX-License-Identifier: GPL-2.0
/*
 * The allocators: zsm, and the kernel's own zsmalloc.
 *
 * Their functions are looked up at run time, so that neither module is needed to
 * load this one, or kept from being unloaded.
 */
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/zsmalloc.h>

#include "bench.h"
#include "zsmalloc.h"

#define BENCH_GFP (GFP_NOIO | __GFP_NOWARN)

/* ---- Ours --------------------------------------------------------------- */

static struct {
	typeof(zsm_init) *init;
	typeof(zsm_exit) *exit;
	typeof(zsm_huge_size) *huge_size;
	typeof(zsm_alloc) *alloc;
	typeof(zsm_write) *write;
	typeof(zsm_read) *read;
	typeof(zsm_free) *free;
	typeof(zsm_allocated_bytes) *bytes;
} ours;

static void ours_put(void)
{
	if (ours.init)
		symbol_put(zsm_init);
	if (ours.exit)
		symbol_put(zsm_exit);
	if (ours.huge_size)
		symbol_put(zsm_huge_size);
	if (ours.alloc)
		symbol_put(zsm_alloc);
	if (ours.write)
		symbol_put(zsm_write);
	if (ours.read)
		symbol_put(zsm_read);
	if (ours.free)
		symbol_put(zsm_free);
	if (ours.bytes)
		symbol_put(zsm_allocated_bytes);
}

static bool ours_get(void)
{
	ours.init = symbol_get(zsm_init);
	ours.exit = symbol_get(zsm_exit);
	ours.huge_size = symbol_get(zsm_huge_size);
	ours.alloc = symbol_get(zsm_alloc);
	ours.write = symbol_get(zsm_write);
	ours.read = symbol_get(zsm_read);
	ours.free = symbol_get(zsm_free);
	ours.bytes = symbol_get(zsm_allocated_bytes);
	if (ours.init && ours.exit && ours.huge_size && ours.alloc &&
	    ours.write && ours.read && ours.free && ours.bytes)
		return true;
	ours_put();
	return false;
}

static void *ours_create(const char *who)
{
	struct zsm_pool *pool;

	if (!ours_get())
		return NULL;
	pool = ours.init(NULL, NULL);
	if (!IS_ERR(pool))
		return pool;
	ours_put();
	return NULL;
}

static void ours_destroy(void *pool)
{
	ours.exit(pool);
	ours_put();
}

static size_t ours_huge(void *pool)
{
	return ours.huge_size();
}

static struct zsm_loc ours_loc(u64 name)
{
	return (struct zsm_loc){ name - 1 };
}

static int ours_alloc(void *pool, u32 i, size_t size, u64 *name)
{
	struct zsm_loc loc;
	int err = ours.alloc(pool, size, BENCH_GFP, i, &loc);

	/* Locations start at 0. */
	*name = err ? 0 : loc.value + 1;
	return err;
}

static void ours_write(void *pool, u64 name, const void *src, size_t len)
{
	ours.write(pool, ours_loc(name), src, len);
}

static void ours_read(void *pool, u64 name, void *dst, size_t len)
{
	ours.read(pool, ours_loc(name), dst, len);
}

static void ours_free(void *pool, u64 name)
{
	ours.free(pool, ours_loc(name));
}

static u64 ours_bytes(void *pool)
{
	return ours.bytes(pool);
}

const struct bench_allocator bench_ours = {
	.create = ours_create,
	.destroy = ours_destroy,
	.huge = ours_huge,
	.longest = PAGE_SIZE,
	.alloc = ours_alloc,
	.write = ours_write,
	.read = ours_read,
	.free = ours_free,
	.bytes = ours_bytes,
};

/* ---- The kernel's ------------------------------------------------------- */

static struct {
	typeof(zs_create_pool) *create;
	typeof(zs_destroy_pool) *destroy;
	typeof(zs_huge_class_size) *huge_size;
	typeof(zs_malloc) *alloc;
	typeof(zs_map_object) *map;
	typeof(zs_unmap_object) *unmap;
	typeof(zs_free) *free;
	typeof(zs_get_total_pages) *pages;
} intree;

static void intree_put(void)
{
	if (intree.create)
		symbol_put(zs_create_pool);
	if (intree.destroy)
		symbol_put(zs_destroy_pool);
	if (intree.huge_size)
		symbol_put(zs_huge_class_size);
	if (intree.alloc)
		symbol_put(zs_malloc);
	if (intree.map)
		symbol_put(zs_map_object);
	if (intree.unmap)
		symbol_put(zs_unmap_object);
	if (intree.free)
		symbol_put(zs_free);
	if (intree.pages)
		symbol_put(zs_get_total_pages);
}

static bool intree_get(void)
{
	intree.create = symbol_get(zs_create_pool);
	intree.destroy = symbol_get(zs_destroy_pool);
	intree.huge_size = symbol_get(zs_huge_class_size);
	intree.alloc = symbol_get(zs_malloc);
	intree.map = symbol_get(zs_map_object);
	intree.unmap = symbol_get(zs_unmap_object);
	intree.free = symbol_get(zs_free);
	intree.pages = symbol_get(zs_get_total_pages);
	if (intree.create && intree.destroy && intree.huge_size &&
	    intree.alloc && intree.map && intree.unmap && intree.free &&
	    intree.pages)
		return true;
	intree_put();
	return false;
}

static void *intree_create(const char *who)
{
	struct zs_pool *pool;

	if (!intree_get())
		return NULL;
	pool = intree.create("zsm_bench");
	if (!pool)
		intree_put();
	return pool;
}

static void intree_destroy(void *pool)
{
	intree.destroy(pool);
	intree_put();
}

static size_t intree_huge(void *pool)
{
	return intree.huge_size(pool);
}

static int intree_alloc(void *pool, u32 i, size_t size, u64 *name)
{
	unsigned long handle = intree.alloc(pool, size, BENCH_GFP |
					    __GFP_HIGHMEM | __GFP_MOVABLE);

	*name = IS_ERR_VALUE(handle) ? 0 : handle;
	return IS_ERR_VALUE(handle) ? (long)handle : 0;
}

static void intree_write(void *pool, u64 name, const void *src, size_t len)
{
	memcpy(intree.map(pool, name, ZS_MM_WO), src, len);
	intree.unmap(pool, name);
}

static void intree_read(void *pool, u64 name, void *dst, size_t len)
{
	memcpy(dst, intree.map(pool, name, ZS_MM_RO), len);
	intree.unmap(pool, name);
}

static void intree_free(void *pool, u64 name)
{
	intree.free(pool, name);
}

/* Its pages; it does not tell what else it takes. */
static u64 intree_bytes(void *pool)
{
	return (u64)intree.pages(pool) << PAGE_SHIFT;
}

const struct bench_allocator bench_intree = {
	.create = intree_create,
	.destroy = intree_destroy,
	.huge = intree_huge,
	.longest = PAGE_SIZE,
	.alloc = intree_alloc,
	.write = intree_write,
	.read = intree_read,
	.free = intree_free,
	.bytes = intree_bytes,
};
