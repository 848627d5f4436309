// SPDX-License-Identifier: GPL-2.0
/*
 * zsm: a size-class allocator for compressed pages. The kernel's side of it:
 * what sleeps, locks, allocates and maps. The decisions are core/'s.
 *
 * Reserve, then commit: before a class's lock is taken, an allocation has in
 * hand the pages and the descriptor it may need; under the lock nothing can
 * fail. Pages are gathered in a small per-CPU reserve, which also takes up
 * pages that a free releases, so that a class that swings around a page's
 * edge does not go to the page allocator each time.
 */
#define pr_fmt(fmt) "zsm: " fmt

#include <linux/atomic.h>
#include <linux/gfp.h>
#include <linux/local_lock.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/pfn.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/vmalloc.h>

#include "core/zsm_core.h"
#include "zsmalloc.h"

static_assert(PAGE_SHIFT == ZSM_PAGE_SHIFT);
static_assert(!IS_ENABLED(CONFIG_HIGHMEM));

/* A size class of a pool; @lock guards @core and its zspages' descriptors. */
struct zsm_pool_class {
	spinlock_t lock;
	struct zsm_class core;
} ____cacheline_aligned_in_smp;

/**
 * struct zsm_pool - a pool
 * @ops: how objects may be moved, or NULL
 * @priv: for @ops
 * @pages_compacted: pages freed by moving objects
 * @bytes: all the memory it takes, its own structure included
 * @max_bytes: the most that @bytes has been
 * @metadata_bytes: the part of @bytes that is not payload pages
 * @table_lock: guards @table against other changes; innermost
 * @table: zspages by id; reading the entry of a zspage in use needs no lock
 * @classes: one for each size class
 */
struct zsm_pool {
	const struct zsm_ops *ops;
	void *priv;
	atomic64_t pages_compacted;
	atomic64_t bytes;
	atomic64_t max_bytes;
	atomic64_t metadata_bytes;
	spinlock_t table_lock;
	struct zsm_table table;
	struct zsm_pool_class classes[];
};

/* Pages at hand on this CPU, for any pool. Taken before a class's lock. */
struct zsm_stash {
	local_lock_t lock;
	struct zsm_reserve reserve;
};

static DEFINE_PER_CPU(struct zsm_stash, zsm_stash) = {
	.lock = INIT_LOCAL_LOCK(lock),
};

/* Where an object that crosses pages is put together while it is mapped. */
struct zsm_gather {
	void *buffer;
	bool busy;
};

static DEFINE_PER_CPU(struct zsm_gather, zsm_gather);

/* One cache for each size that descriptors have. */
#define ZSM_NR_CACHES (ZSM_MAX_ZSPAGE_BYTES / ZSM_ZSPAGE_STEP + 1)

static struct kmem_cache *zsm_zspage_caches[ZSM_NR_CACHES] __ro_after_init;

/* Bytes of a descriptor. */
static unsigned int zsm_zspage_cost(unsigned int class_idx)
{
	const struct zsm_class_row *row = &zsm_classes.rows[class_idx];

	return zsm_zspage_bytes(row->nr_pages, row->nr_objs);
}

static unsigned int zsm_cache_idx(unsigned int class_idx)
{
	return zsm_zspage_cost(class_idx) / ZSM_ZSPAGE_STEP;
}

static void *zsm_pfn_addr(u32 pfn)
{
	return __va(PFN_PHYS((phys_addr_t)pfn));
}

static void zsm_charge(struct zsm_pool *pool, s64 bytes)
{
	s64 now = atomic64_add_return(bytes, &pool->bytes);
	s64 max = atomic64_read(&pool->max_bytes);

	while (now > max &&
	       !atomic64_try_cmpxchg(&pool->max_bytes, &max, now))
		;
}

static void zsm_charge_metadata(struct zsm_pool *pool, s64 bytes)
{
	atomic64_add(bytes, &pool->metadata_bytes);
	zsm_charge(pool, bytes);
}

/* ---- The reserve of pages ----------------------------------------------- */

static void zsm_free_pfn(u32 pfn)
{
	__free_page(pfn_to_page(pfn));
}

/* Puts a page into this CPU's reserve; false if that is full. */
static bool zsm_stash_put(u32 pfn)
{
	struct zsm_reserve *reserve;
	bool room;

	local_lock(&zsm_stash.lock);
	reserve = this_cpu_ptr(&zsm_stash.reserve);
	room = reserve->nr < ZSM_RESERVE_PAGES;
	if (room)
		reserve->pfn[reserve->nr++] = pfn;
	local_unlock(&zsm_stash.lock);
	return room;
}

static void zsm_release_pfn(u32 pfn)
{
	if (!zsm_stash_put(pfn))
		zsm_free_pfn(pfn);
}

/* Allocates a page for the reserve of whichever CPU this ends up on. */
static int zsm_stash_grow(gfp_t gfp)
{
	struct page *page = alloc_page(gfp);

	if (!page)
		return -ENOMEM;
	if (page_to_pfn(page) > ZSM_MAX_PFN) {
		pr_warn_once("memory beyond page %#x cannot be used\n",
			     ZSM_MAX_PFN);
		__free_page(page);
		return -ENOMEM;
	}
	zsm_release_pfn(page_to_pfn(page));
	return 0;
}

static void zsm_stash_drain(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		struct zsm_reserve *reserve =
			&per_cpu_ptr(&zsm_stash, cpu)->reserve;

		while (reserve->nr)
			zsm_free_pfn(reserve->pfn[--reserve->nr]);
	}
}

/* ---- Zspages ------------------------------------------------------------ */

/*
 * Sparse cannot follow a lock that is taken only on success: a function that
 * does so ends with __release(), and its caller begins with __acquire().
 */

/* Gives the table the pages that its next addition needs, and locks it. */
static int zsm_table_lock_for_add(struct zsm_pool *pool, gfp_t gfp)
{
	void *page = NULL;

	spin_lock(&pool->table_lock);
	while (zsm_core_table_wants_page(&pool->table)) {
		if (page) {
			zsm_core_table_grow(&pool->table, page);
			zsm_charge_metadata(pool, PAGE_SIZE);
			page = NULL;
			continue;
		}
		spin_unlock(&pool->table_lock);
		page = (void *)get_zeroed_page(gfp);
		if (!page)
			return -ENOMEM;
		spin_lock(&pool->table_lock);
	}
	/* Somebody else has been faster. */
	if (page)
		free_page((unsigned long)page);
	__release(&pool->table_lock);
	return 0;
}

static struct zsm_zspage *zsm_zspage_create(struct zsm_pool *pool,
					    unsigned int class_idx, gfp_t gfp)
{
	struct kmem_cache *cache = zsm_zspage_caches[zsm_cache_idx(class_idx)];
	struct zsm_zspage *zspage = kmem_cache_alloc(cache, gfp);
	int err;

	if (!zspage)
		return ERR_PTR(-ENOMEM);
	zspage->class_idx = class_idx;
	err = zsm_table_lock_for_add(pool, gfp);
	if (err)
		goto err_free;
	__acquire(&pool->table_lock);
	err = zsm_core_table_add(&pool->table, zspage) ? 0 : -ENOSPC;
	spin_unlock(&pool->table_lock);
	if (err)
		goto err_free;
	zsm_charge_metadata(pool, zsm_zspage_cost(class_idx));
	return zspage;

err_free:
	kmem_cache_free(cache, zspage);
	return ERR_PTR(err);
}

/* The zspage has no object, or never had one. */
static void zsm_zspage_destroy(struct zsm_pool *pool, struct zsm_zspage *zspage)
{
	unsigned int class_idx = zspage->class_idx;

	spin_lock(&pool->table_lock);
	zsm_core_table_remove(&pool->table, zspage);
	spin_unlock(&pool->table_lock);
	kmem_cache_free(zsm_zspage_caches[zsm_cache_idx(class_idx)], zspage);
	zsm_charge_metadata(pool, -(s64)zsm_zspage_cost(class_idx));
}

static struct zsm_zspage *zsm_zspage_at(const struct zsm_pool *pool,
					zsm_loc_t loc)
{
	return zsm_table_entry(&pool->table, zsm_loc_id(loc));
}

/* ---- Allocation and free ------------------------------------------------ */

/*
 * Locks the class, and this CPU's reserve before it, with all in hand that
 * the next allocation may need. *@fresh is set if a descriptor had to be made;
 * it is the caller's, error or not.
 */
static int zsm_lock_for_alloc(struct zsm_pool *pool,
			      struct zsm_pool_class *class, gfp_t gfp,
			      struct zsm_zspage **fresh)
{
	unsigned int class_idx = class->core.class_idx;

	for (;;) {
		bool wants_fresh;

		local_lock(&zsm_stash.lock);
		spin_lock(&class->lock);
		wants_fresh = zsm_core_wants_fresh(&class->core) && !*fresh;
		if (!wants_fresh && this_cpu_read(zsm_stash.reserve.nr) >=
				    zsm_core_wants_pages(&class->core)) {
			__release(&class->lock);
			return 0;
		}
		spin_unlock(&class->lock);
		local_unlock(&zsm_stash.lock);

		if (wants_fresh) {
			struct zsm_zspage *zspage =
				zsm_zspage_create(pool, class_idx, gfp);

			if (IS_ERR(zspage))
				return PTR_ERR(zspage);
			*fresh = zspage;
		} else if (zsm_stash_grow(gfp)) {
			return -ENOMEM;
		}
	}
}

int zsm_alloc(struct zsm_pool *pool, size_t size, gfp_t gfp, u32 owner,
	      zsm_loc_t *loc)
{
	struct zsm_zspage *fresh = NULL;
	struct zsm_pool_class *class;
	struct zsm_reserve *reserve;
	struct zsm_object object;
	unsigned int pages;
	int err;

	if (!size || size > PAGE_SIZE)
		return -EINVAL;
	class = &pool->classes[zsm_class_of(size)];

	err = zsm_lock_for_alloc(pool, class, gfp, &fresh);
	if (err)
		goto out;
	__acquire(&class->lock);
	reserve = this_cpu_ptr(&zsm_stash.reserve);
	pages = reserve->nr;
	object = zsm_core_alloc(&class->core, fresh, reserve, owner);
	pages -= reserve->nr;
	spin_unlock(&class->lock);
	local_unlock(&zsm_stash.lock);

	if (pages)
		zsm_charge(pool, (s64)pages << PAGE_SHIFT);
	*loc = zsm_loc_pack(object.zspage->id, object.obj);
	if (object.zspage == fresh)
		fresh = NULL;
out:
	if (fresh)
		zsm_zspage_destroy(pool, fresh);
	return err;
}
EXPORT_SYMBOL_GPL(zsm_alloc);

/* Takes care of what a free, or a move, has left; no lock is held. */
static void zsm_dispose(struct zsm_pool *pool, struct zsm_zspage *zspage,
			const struct zsm_released *released)
{
	unsigned int i;

	for (i = 0; i < released->nr; i++)
		zsm_release_pfn(released->pfn[i]);
	if (released->nr)
		zsm_charge(pool, -((s64)released->nr << PAGE_SHIFT));
	if (released->state == ZSM_FREED_LAST)
		zsm_zspage_destroy(pool, zspage);
}

void zsm_free(struct zsm_pool *pool, zsm_loc_t loc)
{
	struct zsm_released released;
	struct zsm_pool_class *class;
	struct zsm_zspage *zspage;

	if (WARN_ONCE(zsm_loc_id(loc) >= READ_ONCE(pool->table.nr_ids),
		      "zsm: free of %#llx: no such zspage\n", loc))
		return;
	zspage = zsm_zspage_at(pool, loc);
	if (WARN_ONCE(!zsm_table_is_zspage(zspage),
		      "zsm: free of %#llx: freed before\n", loc))
		return;
	class = &pool->classes[zspage->class_idx];

	spin_lock(&class->lock);
	released = zsm_core_free(&class->core, zspage, zsm_loc_obj(loc));
	spin_unlock(&class->lock);

	if (WARN_ONCE(released.state == ZSM_NOT_ALLOCATED,
		      "zsm: free of %#llx: not allocated\n", loc))
		return;
	zsm_dispose(pool, zspage, &released);
}
EXPORT_SYMBOL_GPL(zsm_free);

/* ---- Access ------------------------------------------------------------- */

static struct zsm_extent zsm_find(const struct zsm_pool *pool, zsm_loc_t loc,
				  u32 len)
{
	return zsm_extent(zsm_zspage_at(pool, loc), zsm_loc_obj(loc), len);
}

/* The bytes of @len that lie in the extent's first page. */
static u32 zsm_first_part(const struct zsm_extent *ext, u32 len)
{
	return min_t(u32, len, PAGE_SIZE - ext->offset);
}

static void zsm_copy_out(const struct zsm_extent *ext, void *dst, u32 len)
{
	u32 part = zsm_first_part(ext, len);

	memcpy(dst, zsm_pfn_addr(ext->pfn[0]) + ext->offset, part);
	if (part < len)
		memcpy(dst + part, zsm_pfn_addr(ext->pfn[1]), len - part);
}

static void zsm_copy_in(const struct zsm_extent *ext, const void *src, u32 len)
{
	u32 part = zsm_first_part(ext, len);

	memcpy(zsm_pfn_addr(ext->pfn[0]) + ext->offset, src, part);
	if (part < len)
		memcpy(zsm_pfn_addr(ext->pfn[1]), src + part, len - part);
}

void zsm_read(struct zsm_pool *pool, zsm_loc_t loc, void *dst, size_t len)
{
	struct zsm_extent ext = zsm_find(pool, loc, len);

	zsm_copy_out(&ext, dst, len);
}
EXPORT_SYMBOL_GPL(zsm_read);

void zsm_write(struct zsm_pool *pool, zsm_loc_t loc, const void *src,
	       size_t len)
{
	struct zsm_extent ext = zsm_find(pool, loc, len);

	zsm_copy_in(&ext, src, len);
}
EXPORT_SYMBOL_GPL(zsm_write);

void *zsm_map(struct zsm_pool *pool, zsm_loc_t loc, size_t len,
	      enum zsm_map_mode mode, struct zsm_mapping *map)
{
	struct zsm_extent ext = zsm_find(pool, loc, len);
	struct zsm_gather *gather;

	preempt_disable();
	gather = this_cpu_ptr(&zsm_gather);
	VM_WARN_ON_ONCE(gather->busy);
	gather->busy = true;

	map->gathered = zsm_first_part(&ext, len) < len;
	if (!map->gathered) {
		map->addr = zsm_pfn_addr(ext.pfn[0]) + ext.offset;
		return map->addr;
	}
	map->addr = gather->buffer;
	map->pool = pool;
	map->loc = loc;
	map->len = len;
	map->mode = mode;
	if (mode != ZSM_MAP_WRITE)
		zsm_copy_out(&ext, gather->buffer, len);
	return map->addr;
}
EXPORT_SYMBOL_GPL(zsm_map);

void zsm_unmap(struct zsm_mapping *map)
{
	if (map->gathered && map->mode != ZSM_MAP_READ)
		zsm_write(map->pool, map->loc, map->addr, map->len);
	this_cpu_write(zsm_gather.busy, false);
	preempt_enable();
}
EXPORT_SYMBOL_GPL(zsm_unmap);

/* The byte at @pos of an extent, and how many follow it in the same page. */
static void *zsm_extent_at(const struct zsm_extent *ext, u32 pos, u32 *room)
{
	u32 offset = ext->offset + pos;
	u32 part = offset >> PAGE_SHIFT;

	offset &= ~PAGE_MASK;
	*room = PAGE_SIZE - offset;
	return zsm_pfn_addr(ext->pfn[part]) + offset;
}

/* Copies between objects that nobody else uses. Either may cross pages. */
static void zsm_copy(const struct zsm_extent *dst,
		     const struct zsm_extent *src, u32 len)
{
	u32 done, part;

	for (done = 0; done < len; done += part) {
		u32 to_room, from_room;
		void *to = zsm_extent_at(dst, done, &to_room);
		const void *from = zsm_extent_at(src, done, &from_room);

		part = min3(to_room, from_room, len - done);
		memcpy(to, from, part);
	}
}

int zsm_realloc(struct zsm_pool *pool, zsm_loc_t *loc, size_t size, gfp_t gfp)
{
	const struct zsm_zspage *zspage = zsm_zspage_at(pool, *loc);
	struct zsm_extent from, to;
	zsm_loc_t new;
	u32 len;
	int err;

	if (!size || size > PAGE_SIZE)
		return -EINVAL;
	if (zsm_class_of(size) == zspage->class_idx)
		return 0;
	if (!gfp)
		return -EAGAIN;
	err = zsm_alloc(pool, size, gfp, zsm_owner(zspage, zsm_loc_obj(*loc)),
			&new);
	if (err)
		return err;
	len = min_t(u32, size, zsm_classes.rows[zspage->class_idx].size);
	from = zsm_find(pool, *loc, len);
	to = zsm_find(pool, new, len);
	zsm_copy(&to, &from, len);
	zsm_free(pool, *loc);
	*loc = new;
	return 0;
}
EXPORT_SYMBOL_GPL(zsm_realloc);

/* ---- Compaction --------------------------------------------------------- */

/* How often an owner may refuse before a class is left for another time. */
#define ZSM_MAX_REFUSALS 16

enum zsm_step {
	ZSM_STEP_MOVED,
	ZSM_STEP_REFUSED,
	ZSM_STEP_NONE,
};

/*
 * Makes one move in a class. The order of locks is the owner's, then the
 * class's: with the class's held, the owner's may only be tried, and that is
 * what freeze() does.
 */
static enum zsm_step zsm_compact_step(struct zsm_pool *pool,
				      struct zsm_pool_class *class,
				      struct zsm_zspage **from,
				      struct zsm_released *released)
	__must_hold(&class->lock)
{
	u32 size = zsm_classes.rows[class->core.class_idx].size;
	struct zsm_extent src, dst;
	struct zsm_move move;
	zsm_loc_t loc;
	u32 owner;

	lockdep_assert_held(&class->lock);
	if (!zsm_core_pick_move(&class->core, &move))
		return ZSM_STEP_NONE;
	*from = move.from.zspage;
	owner = zsm_owner(*from, move.from.obj);
	loc = zsm_loc_pack((*from)->id, move.from.obj);
	if (!pool->ops->freeze(pool->priv, owner, loc))
		return ZSM_STEP_REFUSED;

	src = zsm_extent(move.from.zspage, move.from.obj, size);
	dst = zsm_extent(move.to.zspage, move.to.obj, size);
	zsm_copy(&dst, &src, size);
	*released = zsm_core_move(&class->core, &move);
	pool->ops->thaw(pool->priv, owner,
			zsm_loc_pack(move.to.zspage->id, move.to.obj));
	return ZSM_STEP_MOVED;
}

static unsigned long zsm_compact_class(struct zsm_pool *pool,
				       struct zsm_pool_class *class)
{
	unsigned int refusals = 0;
	unsigned long pages = 0;
	u64 moves = READ_ONCE(class->core.nr_used);

	/* Others may undo what is done here: no more moves than objects. */
	while (refusals < ZSM_MAX_REFUSALS && moves--) {
		struct zsm_released released;
		struct zsm_zspage *from;
		enum zsm_step step;

		spin_lock(&class->lock);
		step = zsm_compact_step(pool, class, &from, &released);
		spin_unlock(&class->lock);
		if (step == ZSM_STEP_NONE)
			break;
		if (step == ZSM_STEP_REFUSED) {
			refusals++;
		} else {
			pages += released.nr;
			zsm_dispose(pool, from, &released);
		}
		if (fatal_signal_pending(current))
			break;
		cond_resched();
	}
	return pages;
}

unsigned long zsm_compact(struct zsm_pool *pool)
{
	unsigned long pages = 0;
	unsigned int i;

	if (!pool->ops)
		return 0;
	for (i = 0; i < zsm_classes.nr_classes; i++)
		pages += zsm_compact_class(pool, &pool->classes[i]);
	atomic64_add(pages, &pool->pages_compacted);
	return pages;
}
EXPORT_SYMBOL_GPL(zsm_compact);

/* ---- Statistics --------------------------------------------------------- */

u64 zsm_allocated_bytes(const struct zsm_pool *pool)
{
	return atomic64_read(&pool->bytes);
}
EXPORT_SYMBOL_GPL(zsm_allocated_bytes);

void zsm_stats(struct zsm_pool *pool, struct zsm_stats *stats)
{
	unsigned int i;

	*stats = (struct zsm_stats){};
	for (i = 0; i < zsm_classes.nr_classes; i++) {
		struct zsm_pool_class *class = &pool->classes[i];

		spin_lock(&class->lock);
		stats->pages += class->core.nr_pages;
		stats->zspages += class->core.nr_zspages;
		stats->objects += class->core.nr_used;
		stats->object_bytes +=
			class->core.nr_used * zsm_classes.rows[i].size;
		spin_unlock(&class->lock);
	}
	stats->metadata_bytes = atomic64_read(&pool->metadata_bytes);
	stats->allocated_bytes = atomic64_read(&pool->bytes);
	stats->max_allocated_bytes = atomic64_read(&pool->max_bytes);
	stats->pages_compacted = atomic64_read(&pool->pages_compacted);
}
EXPORT_SYMBOL_GPL(zsm_stats);

size_t zsm_huge_size(void)
{
	return zsm_classes.rows[zsm_classes.nr_classes - 2].size + 1;
}
EXPORT_SYMBOL_GPL(zsm_huge_size);

/* ---- Pools -------------------------------------------------------------- */

struct zsm_pool *zsm_init(const struct zsm_ops *ops, void *priv)
{
	struct zsm_pool *pool;
	size_t bytes = struct_size(pool, classes, zsm_classes.nr_classes);
	unsigned int i;

	pool = vzalloc(bytes);
	if (!pool)
		return ERR_PTR(-ENOMEM);
	pool->ops = ops;
	pool->priv = priv;
	spin_lock_init(&pool->table_lock);
	for (i = 0; i < zsm_classes.nr_classes; i++) {
		spin_lock_init(&pool->classes[i].lock);
		pool->classes[i].core.class_idx = i;
	}
	zsm_charge_metadata(pool, PAGE_ALIGN(bytes));
	return pool;
}
EXPORT_SYMBOL_GPL(zsm_init);

/* Frees what an owner left behind. */
static void zsm_zspage_reclaim(struct zsm_zspage *zspage)
{
	const u32 *pfns =
		&zspage->tail[zsm_classes.rows[zspage->class_idx].nr_words];
	unsigned long populated = zspage->populated;
	unsigned int page;

	for_each_set_bit(page, &populated, ZSM_MAX_CHAIN)
		zsm_free_pfn(pfns[page]);
	kmem_cache_free(zsm_zspage_caches[zsm_cache_idx(zspage->class_idx)],
			zspage);
}

void zsm_exit(struct zsm_pool *pool)
{
	unsigned int left = 0;
	void *page;
	u32 id;

	for (id = 0; id < pool->table.nr_ids; id++) {
		struct zsm_zspage *zspage = zsm_table_entry(&pool->table, id);

		if (!zsm_table_is_zspage(zspage))
			continue;
		left += zspage->nr_used;
		zsm_zspage_reclaim(zspage);
		cond_resched();
	}
	WARN(left, "zsm: %u objects left in a pool that is destroyed\n", left);
	while ((page = zsm_core_table_take_page(&pool->table)))
		free_page((unsigned long)page);
	vfree(pool);
}
EXPORT_SYMBOL_GPL(zsm_exit);

/* ---- Module ------------------------------------------------------------- */

static void zsm_caches_destroy(void)
{
	unsigned int i;

	for (i = 0; i < ZSM_NR_CACHES; i++)
		kmem_cache_destroy(zsm_zspage_caches[i]);
}

static int __init zsm_caches_create(void)
{
	unsigned int i;

	for (i = 0; i < zsm_classes.nr_classes; i++) {
		unsigned int idx = zsm_cache_idx(i);
		char name[24];

		if (zsm_zspage_caches[idx])
			continue;
		snprintf(name, sizeof(name), "zsm_zspage-%u",
			 idx * ZSM_ZSPAGE_STEP);
		/* kmemleak does not see the table that points to them. */
		zsm_zspage_caches[idx] =
			kmem_cache_create(name, idx * ZSM_ZSPAGE_STEP,
					  ZSM_ZSPAGE_STEP, SLAB_NOLEAKTRACE,
					  NULL);
		if (!zsm_zspage_caches[idx]) {
			zsm_caches_destroy();
			return -ENOMEM;
		}
	}
	return 0;
}

static void zsm_gather_destroy(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		free_page((unsigned long)per_cpu(zsm_gather.buffer, cpu));
}

static int __init zsm_gather_create(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		void *buffer = (void *)__get_free_page(GFP_KERNEL);

		per_cpu(zsm_gather.buffer, cpu) = buffer;
		if (!buffer) {
			zsm_gather_destroy();
			return -ENOMEM;
		}
	}
	return 0;
}

static int __init zsm_module_init(void)
{
	int err = zsm_caches_create();

	if (err)
		return err;
	err = zsm_gather_create();
	if (err)
		zsm_caches_destroy();
	return err;
}

static void __exit zsm_module_exit(void)
{
	zsm_stash_drain();
	zsm_gather_destroy();
	zsm_caches_destroy();
}

module_init(zsm_module_init);
module_exit(zsm_module_exit);

MODULE_DESCRIPTION("Size-class allocator for compressed pages");
MODULE_LICENSE("GPL");
MODULE_VERSION(ZSM_VERSION);
