// SPDX-License-Identifier: GPL-2.0
/*
 * Pools of ours as drivers of the kernel's zpool, so that its zswap keeps pages in them:
 * `zsm' (size classes), `zsm-zbud' (pairs) and `zsm-z3fold' (triples).
 */
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/local_lock.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/slab.h>

#include "zpool/pool.h"
#include "zpool/shrink.h"

/* ---- Moving ------------------------------------------------------------- */

static bool freeze(void *priv, u32 owner, struct zsm_loc loc)
{
	struct zpool_pool *zp = priv;

	return cell_freeze(&zp->cells, owner, loc);
}

static void thaw(void *priv, u32 owner, struct zsm_loc loc)
{
	struct zpool_pool *zp = priv;

	cell_thaw(&zp->cells, owner, loc);
}

static const struct zsm_ops ops = {
	.freeze = freeze,
	.thaw = thaw,
};

/* ---- Pools -------------------------------------------------------------- */

/* The drivers differ in nothing but the kind of pool. */
static void *create(enum zsm_kind kind, const char *name,
		    struct compat_zpool_owner owner)
{
	struct zpool_pool *zp = kzalloc(sizeof(*zp), GFP_KERNEL);

	if (!zp)
		return NULL;
	cells_init(&zp->cells);
	mutex_init(&zp->shrink_lock);
	zp->owner = owner;
	zp->kind = kind;
	zp->pool = zsm_init_kind(kind, &ops, zp);
	if (IS_ERR(zp->pool)) {
		kfree(zp);
		return NULL;
	}
	zsm_set_name(zp->pool, name);
	return zp;
}

static void *create_classes(COMPAT_ZPOOL_CREATE_ARGS)
{
	return create(ZSM_CLASSES, name, COMPAT_ZPOOL_OWNER);
}

static void *create_pairs(COMPAT_ZPOOL_CREATE_ARGS)
{
	return create(ZSM_PAIRS, name, COMPAT_ZPOOL_OWNER);
}

static void *create_triples(COMPAT_ZPOOL_CREATE_ARGS)
{
	return create(ZSM_TRIPLES, name, COMPAT_ZPOOL_OWNER);
}

static void destroy(void *pool)
{
	struct zpool_pool *zp = pool;

	zsm_exit(zp->pool);
	cells_destroy(&zp->cells);
	kfree(zp);
}

static u64 total(void *pool)
{
	struct zpool_pool *zp = pool;
	u64 leaves = atomic_long_read(&zp->cells.nr_leaves);

	return (zsm_allocated_bytes(zp->pool) + (leaves << PAGE_SHIFT)) >>
	       COMPAT_ZPOOL_TOTAL_SHIFT;
}

/* ---- Objects ------------------------------------------------------------ */

static int object_malloc(void *pool, size_t size, gfp_t gfp,
			 unsigned long *handle)
{
	struct zpool_pool *zp = pool;
	struct zsm_loc loc;
	u32 number;
	int err;

	/* The error by which zswap knows that a page compresses badly. */
	if (size > PAGE_SIZE)
		return -ENOSPC;
	/* Ours are movable by their own means. */
	gfp &= ~(__GFP_HIGHMEM | __GFP_MOVABLE);
	err = cells_take(&zp->cells, gfp, &number);
	if (err)
		return -ENOMEM;
	err = zsm_alloc(zp->pool, size, gfp, number, &loc);
	if (err) {
		cells_give(&zp->cells, number);
		return err == -ENOSPC ? -ENOMEM : err;
	}
	cell_set(&zp->cells, number, loc, size);
	*handle = zpool_handle(number);
	return 0;
}

static void object_free(void *pool, unsigned long handle)
{
	struct zpool_pool *zp = pool;
	u32 number = zpool_number(handle);
	struct zsm_loc loc;

	if (!cell_clear(&zp->cells, number, &loc))
		return;
	zsm_free(zp->pool, loc);
	cells_give(&zp->cells, number);
}

/* ---- Access ------------------------------------------------------------- */

/* Where an object that crosses pages is put together while it is mapped. */
struct gather {
	local_lock_t lock;
	enum zpool_mapmode mode;
	void *buffer;
};

static DEFINE_PER_CPU(struct gather, gathers) = {
	.lock = INIT_LOCAL_LOCK(lock),
};

static void gather_destroy(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		free_page((unsigned long)per_cpu(gathers.buffer, cpu));
}

static int __init gather_create(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		void *buffer = (void *)__get_free_page(GFP_KERNEL);

		per_cpu(gathers.buffer, cpu) = buffer;
		if (!buffer) {
			gather_destroy();
			return -ENOMEM;
		}
	}
	return 0;
}

static void *object_map(void *pool, unsigned long handle,
			enum zpool_mapmode mode)
{
	struct zpool_pool *zp = pool;
	struct gather *gather;
	u32 size;
	struct zsm_loc loc = cell_pin(&zp->cells, zpool_number(handle), &size);
	void *addr = zsm_address(zp->pool, loc, size);

	if (addr)
		return addr;
	local_lock(&gathers.lock);
	gather = this_cpu_ptr(&gathers);
	gather->mode = mode;
	if (mode != ZPOOL_MM_WO)
		zsm_read(zp->pool, loc, gather->buffer, size);
	return gather->buffer;
}

static void object_unmap(void *pool, unsigned long handle)
{
	struct zpool_pool *zp = pool;
	u32 number = zpool_number(handle), size;
	/* It is pinned, and so where it was when it was mapped. */
	struct zsm_loc loc = cell_peek(&zp->cells, number, &size);

	if (!zsm_address(zp->pool, loc, size)) {
		struct gather *gather = this_cpu_ptr(&gathers);

		if (gather->mode != ZPOOL_MM_RO)
			zsm_write(zp->pool, loc, gather->buffer, size);
		local_unlock(&gathers.lock);
	}
	cell_unpin(&zp->cells, number);
}

/* ---- The drivers -------------------------------------------------------- */

#ifdef COMPAT_ZPOOL_SHRINKS
#define SHRINK .shrink = zsm_zpool_shrink,
#else
#define SHRINK
#endif

#define DRIVER(name, create_fn, may_sleep) {				\
	.type = name,							\
	.owner = THIS_MODULE,						\
	.create = create_fn,						\
	.destroy = destroy,						\
	.malloc = object_malloc,					\
	.free = object_free,						\
	SHRINK								\
	.sleep_mapped = may_sleep,					\
	.map = object_map,						\
	.unmap = object_unmap,						\
	.COMPAT_ZPOOL_TOTAL = total,					\
}

/* Objects of pairs and triples never cross pages: they are mapped where they are. */
static struct zpool_driver drivers[] = {
	DRIVER("zsm", create_classes, false),
	DRIVER("zsm-zbud", create_pairs, true),
	DRIVER("zsm-z3fold", create_triples, true),
};

static int __init zsm_zpool_init(void)
{
	int err = gather_create();
	unsigned int i;

	if (err)
		return err;
	for (i = 0; i < ARRAY_SIZE(drivers); i++)
		zpool_register_driver(&drivers[i]);
	return 0;
}

/* Each pool has a reference of the module: there is none. */
static void __exit zsm_zpool_exit(void)
{
	unsigned int i;

	for (i = ARRAY_SIZE(drivers); i--;)
		WARN_ON(zpool_unregister_driver(&drivers[i]));
	gather_destroy();
}

module_init(zsm_zpool_init);
module_exit(zsm_zpool_exit);

MODULE_DESCRIPTION("Pools of zsm for the kernel's zswap");
MODULE_LICENSE("GPL");
MODULE_VERSION(ZSM_VERSION);
MODULE_ALIAS("zpool-zsm");
MODULE_ALIAS("zpool-zsm-zbud");
MODULE_ALIAS("zpool-zsm-z3fold");
