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
#include <linux/cpuhotplug.h>
#include <linux/debugfs.h>
#include <linux/gfp.h>
#include <linux/llist.h>
#include <linux/local_lock.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pagemap.h>
#include <linux/percpu.h>
#include <linux/pfn.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/shrinker.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include "compat.h"
#include "core/zsm/zsm_core.h"
#include "zsmalloc.h"

static_assert(PAGE_SHIFT == ZSM_PAGE_SHIFT);
static_assert(!IS_ENABLED(CONFIG_HIGHMEM));

/**
 * struct zsm_pool_class - a size class of a pool
 * @lock: guards the rest, and the descriptors of the class's zspages
 * @core: what the core knows of it
 * @nr_moved: objects that compaction has moved
 * @nr_migrated: pages that the kernel has moved
 * @nr_seen: objects when the pool's work last looked; the work's
 */
struct zsm_pool_class {
	spinlock_t lock;
	struct zsm_class core;
	u64 nr_moved;
	u64 nr_migrated;
	u64 nr_seen;
} ____cacheline_aligned_in_smp;

/**
 * struct zsm_pool - a pool
 * @ops: how objects may be moved, or NULL
 * @priv: for @ops
 * @number: its number in zsm_pools, never used again
 * @pages_compacted: pages freed by moving objects
 * @bytes: all the memory it takes, its own structure included
 * @max_bytes: the most that @bytes has been
 * @metadata_bytes: the part of @bytes that is not payload pages
 * @table_lock: guards @table against other changes; innermost
 * @table: zspages by id; reading the entry of a zspage in use needs no lock
 * @max_waste: percent of the pages that compaction could free at which it begins; 0:
 *	never
 * @tended: the work will look at the pool in a while, or never has to
 * @compacting: the work is at it, until half of @max_waste is left
 * @work: compacts what @max_waste allows no more
 * @shrinker: compacts when memory is short, or NULL
 * @shrink_lock: held by the one for whom it does; only ever tried
 * @debugfs: what debugfs shows of it, or NULL
 * @classes: one for each size class
 */
struct zsm_pool {
	const struct zsm_ops *ops;
	void *priv;
	unsigned long number;
	atomic64_t pages_compacted;
	atomic64_t bytes;
	atomic64_t max_bytes;
	atomic64_t metadata_bytes;
	spinlock_t table_lock;
	struct zsm_table table;
	unsigned int max_waste;
	bool tended;
	bool compacting;
	struct delayed_work work;
	struct shrinker *shrinker;
	struct mutex shrink_lock;
	struct dentry *debugfs;
	struct zsm_pool_class classes[];
};

/*
 * How the pool looks after itself: how long after a free it looks what is wasted, how
 * many moves it makes in a row, and how long it lets others work in between.
 */
#define ZSM_TEND_AFTER HZ
#define ZSM_TEND_MOVES 128
#define ZSM_TEND_PAUSE msecs_to_jiffies(20)

/* Moves that the shrinker makes at most for each page that it is asked for. */
#define ZSM_SHRINK_MOVES 16

static struct workqueue_struct *zsm_workqueue __ro_after_init;
static struct dentry *zsm_debugfs __ro_after_init;
static int zsm_cpuhp_state __ro_after_init;

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

/*
 * Sparse cannot follow a lock that is taken only on success: a function that
 * does so ends with __release(), and its caller begins with __acquire().
 */

/* ---- Movable pages ------------------------------------------------------ */

/* All pools by number, for a page to find its own. */
static DEFINE_XARRAY(zsm_pools);

#ifdef COMPAT_HAS_MOVABLE_PAGES

static const struct movable_operations zsm_movable_ops;

/*
 * A page that is part of a zspage has its pool's number for a tag, and in its private
 * number the zspage's id, class, and which of its pages it is. Both change under the
 * class's lock, the private number first, and the tag is read first: who sees a tag sees
 * a private number as new. Without a tag a page is on its way in or out.
 */
#define ZSM_PAGE_IDX_BITS 4
#define ZSM_CLASS_IDX_BITS 8

static_assert(ZSM_MAX_CHAIN <= 1 << ZSM_PAGE_IDX_BITS);
static_assert(ZSM_PAGE_GRANULES <= 1 << ZSM_CLASS_IDX_BITS);

static void zsm_attach_page(const struct zsm_pool *pool,
			    const struct zsm_zspage *zspage,
			    unsigned int page_idx, struct page *page)
{
	WRITE_ONCE(page->private,
		   (unsigned long)zspage->id
				   << (ZSM_PAGE_IDX_BITS + ZSM_CLASS_IDX_BITS) |
			   zspage->class_idx << ZSM_PAGE_IDX_BITS | page_idx);
	compat_page_set_tag(page, pool->number);
}

static void zsm_detach_page(struct page *page)
{
	compat_page_set_tag(page, 0);
}

static void zsm_mark_movable(struct page *page)
{
	compat_page_set_tag(page, 0);
	/* Nobody else knows it, but somebody may be looking at all pages. */
	if (!trylock_page(page))
		return;
	compat_page_mark(page, &zsm_movable_ops);
	unlock_page(page);
}

/**
 * struct zsm_place - where a page is
 * @pool: its pool
 * @class: its class there, locked
 * @zspage: its zspage
 * @page_idx: which of the zspage's pages it is
 */
struct zsm_place {
	struct zsm_pool *pool;
	struct zsm_pool_class *class;
	struct zsm_zspage *zspage;
	unsigned int page_idx;
};

/*
 * Finds a page's place and locks its class; false if it has none. The caller is in
 * an RCU section, which keeps the pool; the class's lock keeps the rest.
 */
static bool zsm_lock_place(const struct page *page, struct zsm_place *place)
{
	unsigned long tag = compat_page_tag(page);
	unsigned long private = READ_ONCE(page->private);
	unsigned int class_idx = private >> ZSM_PAGE_IDX_BITS &
				 ((1 << ZSM_CLASS_IDX_BITS) - 1);

	place->pool = tag ? xa_load(&zsm_pools, tag) : NULL;
	if (!place->pool || class_idx >= zsm_classes.nr_classes)
		return false;
	place->class = &place->pool->classes[class_idx];
	spin_lock(&place->class->lock);
	if (compat_page_tag(page) != tag ||
	    READ_ONCE(page->private) != private) {
		spin_unlock(&place->class->lock);
		return false;
	}
	place->zspage = zsm_table_entry(&place->pool->table, private >>
					(ZSM_PAGE_IDX_BITS + ZSM_CLASS_IDX_BITS));
	place->page_idx = private & ((1 << ZSM_PAGE_IDX_BITS) - 1);
	VM_WARN_ON_ONCE(*zsm_page_number(place->zspage, place->page_idx) !=
			page_to_pfn(page));
	__release(&place->class->lock);
	return true;
}

/* Ends the freezing of a page's objects from @first to before @end. */
static void zsm_thaw_objs(const struct zsm_place *place, u32 first, u32 end)
{
	const struct zsm_pool *pool = place->pool;
	u32 obj;

	for (obj = first; obj < end; obj++) {
		if (zsm_is_used(place->zspage, obj))
			pool->ops->thaw(pool->priv, zsm_owner(place->zspage, obj),
					zsm_loc_pack(place->zspage->id, obj));
	}
}

/* Freezes all of a page's objects, or none. */
static bool zsm_freeze_objs(const struct zsm_place *place,
			    const struct zsm_page_objs *objs)
{
	const struct zsm_pool *pool = place->pool;
	u32 obj;

	lockdep_assert_held(&place->class->lock);
	if (objs->last - objs->first >= ZSM_MAX_FROZEN)
		return false;
	for (obj = objs->first; obj <= objs->last; obj++) {
		if (!zsm_is_used(place->zspage, obj) ||
		    pool->ops->freeze(pool->priv, zsm_owner(place->zspage, obj),
				      zsm_loc_pack(place->zspage->id, obj)))
			continue;
		zsm_thaw_objs(place, objs->first, obj);
		return false;
	}
	return true;
}

/*
 * Puts one page in the other's place. Readers take no lock of the pool's, so that every
 * object on the page is frozen for the copy.
 */
static bool zsm_replace_page(const struct zsm_place *place, struct page *dst,
			     struct page *src)
{
	struct zsm_page_objs objs = zsm_core_objs_on(place->zspage,
						     place->page_idx);

	if (!zsm_freeze_objs(place, &objs))
		return false;
	copy_page(page_address(dst), page_address(src));
	*zsm_page_number(place->zspage, place->page_idx) = page_to_pfn(dst);
	get_page(dst);
	compat_page_mark(dst, &zsm_movable_ops);
	zsm_attach_page(place->pool, place->zspage, place->page_idx, dst);
	zsm_detach_page(src);
	place->class->nr_migrated++;
	zsm_thaw_objs(place, objs.first, objs.last + 1);
	return true;
}

/* Nothing is held for a page that is isolated: it may even be freed, and used again. */
static bool zsm_isolate_page(struct page *page, isolate_mode_t mode)
{
	return compat_page_tag(page);
}

static void zsm_putback_page(struct page *page)
{
}

/* The kernel has both pages locked. */
static int zsm_migrate_page(struct page *dst, struct page *src,
			    enum migrate_mode mode)
{
	struct zsm_place place;
	bool moved;

	if (page_to_pfn(dst) > ZSM_MAX_PFN)
		return -EINVAL;
	rcu_read_lock();
	moved = zsm_lock_place(src, &place);
	if (moved) {
		__acquire(&place.class->lock);
		moved = zsm_replace_page(&place, dst, src);
		spin_unlock(&place.class->lock);
	}
	rcu_read_unlock();
	if (!moved)
		return -EAGAIN;
	set_page_private(src, 0);
	compat_page_unmark(src);
	put_page(src);
	return MIGRATEPAGE_SUCCESS;
}

static const struct movable_operations zsm_movable_ops = {
	.isolate_page = zsm_isolate_page,
	.migrate_page = zsm_migrate_page,
	.putback_page = zsm_putback_page,
};

#else

static void zsm_attach_page(const struct zsm_pool *pool,
			    const struct zsm_zspage *zspage,
			    unsigned int page_idx, struct page *page)
{
}

static void zsm_detach_page(struct page *page)
{
}

static void zsm_mark_movable(struct page *page)
{
}

#endif

/* Attaches the page that an allocation took from the reserve. */
static void zsm_attach_pfn(const struct zsm_pool *pool,
			   const struct zsm_pool_class *class,
			   const struct zsm_object *object, u32 pfn)
{
	unsigned int page_idx = zsm_page_of(object->zspage, object->obj);

	lockdep_assert_held(&class->lock);
	/* An object needs one page at most: the one it begins in, or the next. */
	if (*zsm_page_number(object->zspage, page_idx) != pfn)
		page_idx++;
	zsm_attach_page(pool, object->zspage, page_idx, pfn_to_page(pfn));
}

static void zsm_detach_released(const struct zsm_pool_class *class,
				const struct zsm_released *released)
{
	unsigned int i;

	lockdep_assert_held(&class->lock);
	for (i = 0; i < released->nr; i++)
		zsm_detach_page(pfn_to_page(released->pfn[i]));
}

/* ---- The reserve of pages ----------------------------------------------- */

/* Pages to free that somebody had locked, linked by their private numbers. */
static LLIST_HEAD(zsm_doomed);

static void zsm_free_locked_page(struct page *page)
{
	compat_page_unmark(page);
	unlock_page(page);
	__free_page(page);
}

static void zsm_free_doomed(struct work_struct *work)
{
	struct llist_node *node = llist_del_all(&zsm_doomed);

	while (node) {
		struct page *page = container_of((unsigned long *)node,
						 struct page, private);

		node = node->next;
		set_page_private(page, 0);
		lock_page(page);
		zsm_free_locked_page(page);
		cond_resched();
	}
}

static DECLARE_WORK(zsm_doomed_work, zsm_free_doomed);

/*
 * A page that the kernel may move is locked to end that. Here the lock can only be
 * tried, as the caller may hold spinlocks; who has it is about to look what page that
 * is, or to move it in vain.
 */
static void zsm_free_page(struct page *page)
{
	static_assert(sizeof(page->private) == sizeof(struct llist_node));

	if (!compat_page_is_marked(page)) {
		__free_page(page);
	} else if (trylock_page(page)) {
		zsm_free_locked_page(page);
	} else {
		llist_add((struct llist_node *)&page->private, &zsm_doomed);
		queue_work(system_unbound_wq, &zsm_doomed_work);
	}
}

static void zsm_free_pfn(u32 pfn)
{
	zsm_free_page(pfn_to_page(pfn));
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

/*
 * Allocates a page for the reserve of whichever CPU this ends up on, and makes it
 * movable if the pool can move what will be on it.
 */
static int zsm_stash_grow(const struct zsm_pool *pool, gfp_t gfp)
{
	struct page *page = alloc_page(pool->ops ? gfp | COMPAT_GFP_MOVABLE :
						   gfp);

	if (!page)
		return -ENOMEM;
	if (page_to_pfn(page) > ZSM_MAX_PFN) {
		pr_warn_once("memory beyond page %#x cannot be used\n",
			     ZSM_MAX_PFN);
		__free_page(page);
		return -ENOMEM;
	}
	if (pool->ops)
		zsm_mark_movable(page);
	zsm_release_pfn(page_to_pfn(page));
	return 0;
}

/* Gives this CPU's reserve back; returns how many pages that were. */
static unsigned int zsm_stash_shrink(void)
{
	struct zsm_reserve taken;
	unsigned int i;

	local_lock(&zsm_stash.lock);
	taken = *this_cpu_ptr(&zsm_stash.reserve);
	this_cpu_write(zsm_stash.reserve.nr, 0);
	local_unlock(&zsm_stash.lock);
	for (i = 0; i < taken.nr; i++)
		zsm_free_pfn(taken.pfn[i]);
	return taken.nr;
}

/* The CPU is down, or the module goes: nobody uses its reserve. */
static int zsm_stash_dead(unsigned int cpu)
{
	struct zsm_reserve *reserve = &per_cpu_ptr(&zsm_stash, cpu)->reserve;

	while (reserve->nr)
		zsm_free_pfn(reserve->pfn[--reserve->nr]);
	return 0;
}

/* ---- Zspages ------------------------------------------------------------ */

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

/* Sees to it that the pool's work looks at it: memory may have become wasted. */
static void zsm_tend(struct zsm_pool *pool)
{
	if (likely(READ_ONCE(pool->tended)))
		return;
	WRITE_ONCE(pool->tended, true);
	queue_delayed_work(zsm_workqueue, &pool->work, ZSM_TEND_AFTER);
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
		} else if (zsm_stash_grow(pool, gfp)) {
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
	if (pages && pool->ops)
		zsm_attach_pfn(pool, class, &object,
			       reserve->pfn[reserve->nr]);
	spin_unlock(&class->lock);
	local_unlock(&zsm_stash.lock);

	if (pages) {
		zsm_charge(pool, (s64)pages << PAGE_SHIFT);
		zsm_tend(pool);
	}
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
	zsm_detach_released(class, &released);
	spin_unlock(&class->lock);

	if (WARN_ONCE(released.state == ZSM_NOT_ALLOCATED,
		      "zsm: free of %#llx: not allocated\n", loc))
		return;
	zsm_dispose(pool, zspage, &released);
	zsm_tend(pool);
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
 * Makes a move inside a class, or from one to another. The order of locks is the
 * owner's, then the class's: with the class's held, the owner's may only be tried, and
 * that is what freeze() does.
 */
static enum zsm_step zsm_make_move(struct zsm_pool *pool,
				   struct zsm_pool_class *from,
				   struct zsm_pool_class *to,
				   const struct zsm_move *move,
				   struct zsm_released *released)
{
	u32 size = zsm_classes.rows[from->core.class_idx].size;
	u32 owner = zsm_owner(move->from.zspage, move->from.obj);
	struct zsm_extent src, dst;

	lockdep_assert_held(&from->lock);
	lockdep_assert_held(&to->lock);
	if (!pool->ops->freeze(pool->priv, owner,
			       zsm_loc_pack(move->from.zspage->id,
					    move->from.obj)))
		return ZSM_STEP_REFUSED;

	src = zsm_extent(move->from.zspage, move->from.obj, size);
	dst = zsm_extent(move->to.zspage, move->to.obj, size);
	zsm_copy(&dst, &src, size);
	*released = from == to ? zsm_core_move(&from->core, move) :
				 zsm_core_merge(&from->core, &to->core, move);
	zsm_detach_released(from, released);
	from->nr_moved++;
	pool->ops->thaw(pool->priv, owner,
			zsm_loc_pack(move->to.zspage->id, move->to.obj));
	return ZSM_STEP_MOVED;
}

/**
 * struct zsm_effort - how much compaction may do, and what it has done
 * @moves: objects that may yet be moved
 * @wanted: pages that may yet be freed
 * @freed: pages that were
 */
struct zsm_effort {
	unsigned long moves;
	unsigned long wanted;
	unsigned long freed;
};

/* Whether to go on. */
static bool zsm_effort_left(const struct zsm_effort *effort)
{
	return effort->moves && effort->freed < effort->wanted &&
	       !fatal_signal_pending(current);
}

/* Takes care of what a move has left; no lock is held. */
static void zsm_moved(struct zsm_pool *pool, const struct zsm_move *move,
		      const struct zsm_released *released,
		      struct zsm_effort *effort)
{
	effort->moves--;
	effort->freed += released->nr;
	zsm_dispose(pool, move->from.zspage, released);
	cond_resched();
}

static void zsm_compact_class(struct zsm_pool *pool,
			      struct zsm_pool_class *class,
			      struct zsm_effort *effort)
{
	unsigned int refusals = 0;
	u64 moves = READ_ONCE(class->core.nr_used);

	if (READ_ONCE(class->core.settled))
		return;
	/* Others may undo what is done here: no more moves than objects. */
	while (refusals < ZSM_MAX_REFUSALS && moves-- &&
	       zsm_effort_left(effort)) {
		enum zsm_step step = ZSM_STEP_NONE;
		struct zsm_released released;
		struct zsm_move move;

		spin_lock(&class->lock);
		if (zsm_core_pick_move(&class->core, &move))
			step = zsm_make_move(pool, class, class, &move,
					     &released);
		spin_unlock(&class->lock);
		if (step == ZSM_STEP_NONE)
			break;
		if (step == ZSM_STEP_MOVED)
			zsm_moved(pool, &move, &released, effort);
		else
			refusals++;
	}
}

/* Makes one move of a merge; false if there is none, or its owner refuses. */
static bool zsm_merge_step(struct zsm_pool *pool, struct zsm_pool_class *from,
			   struct zsm_pool_class *to, struct zsm_effort *effort)
{
	enum zsm_step step = ZSM_STEP_NONE;
	struct zsm_released released;
	struct zsm_move move;

	/* By rising size. */
	spin_lock(&from->lock);
	spin_lock_nested(&to->lock, SINGLE_DEPTH_NESTING);
	if (zsm_core_pick_merge(&from->core, &to->core, &move))
		step = zsm_make_move(pool, from, to, &move, &released);
	spin_unlock(&to->lock);
	spin_unlock(&from->lock);
	if (step != ZSM_STEP_MOVED)
		return false;
	zsm_moved(pool, &move, &released, effort);
	return true;
}

/* Empties pages of a class into classes a little above, as long as that works. */
static void zsm_merge_class(struct zsm_pool *pool, unsigned int class_idx,
			    struct zsm_effort *effort)
{
	struct zsm_pool_class *from = &pool->classes[class_idx];
	unsigned int end = min(class_idx + 1 + ZSM_MERGE_REACH,
			       (unsigned int)zsm_classes.nr_classes);
	u64 moves = READ_ONCE(from->core.nr_used);
	unsigned int i;

	for (i = class_idx + 1; i < end; i++) {
		struct zsm_pool_class *to = &pool->classes[i];

		while (READ_ONCE(to->core.nr_ready) && moves &&
		       zsm_effort_left(effort) &&
		       zsm_merge_step(pool, from, to, effort))
			moves--;
	}
}

/* Larger objects first: a page of them is emptied by fewer moves. */
static void zsm_compact_some(struct zsm_pool *pool, struct zsm_effort *effort)
{
	unsigned int i;

	for (i = zsm_classes.nr_classes; i-- && zsm_effort_left(effort);)
		zsm_compact_class(pool, &pool->classes[i], effort);
}

unsigned long zsm_compact(struct zsm_pool *pool)
{
	struct zsm_effort effort = { .moves = ULONG_MAX, .wanted = ULONG_MAX };
	unsigned int i;

	if (!pool->ops)
		return 0;
	zsm_compact_some(pool, &effort);
	for (i = 0; i < zsm_classes.nr_classes && zsm_effort_left(&effort); i++)
		zsm_merge_class(pool, i, &effort);
	atomic64_add(effort.freed, &pool->pages_compacted);
	return effort.freed;
}
EXPORT_SYMBOL_GPL(zsm_compact);

/* ---- Compaction by itself ----------------------------------------------- */

/*
 * Pages that compaction may give back, and in *@pages how many there are. What
 * changes meanwhile makes it a guess, so that no lock is taken.
 */
static u64 zsm_gain(struct zsm_pool *pool, u64 *pages)
{
	u64 gain = 0;
	unsigned int i;

	*pages = 0;
	for (i = 0; i < zsm_classes.nr_classes; i++) {
		const struct zsm_class *core = &pool->classes[i].core;

		/* Whatever is read, nothing but a decision to try follows. */
		*pages += data_race(core->nr_pages);
		/* As above. */
		gain += data_race(zsm_core_gain(core));
	}
	return gain;
}

/* Whether the pool has to be compacted, or more than it was. */
static bool zsm_is_wasteful(struct zsm_pool *pool)
{
	unsigned int max = READ_ONCE(pool->max_waste);
	u64 pages;
	u64 gain = zsm_gain(pool, &pages);

	if (!max)
		return false;
	return gain * (pool->compacting ? 200 : 100) > pages * max;
}

/*
 * Merges the classes that have as many objects as when this was last called: most of
 * them are at rest. One in which an object comes for each that goes is taken for one of
 * these; what it loses is little (ZSM_MERGE_SHARE). Returns whether there are others, to
 * be looked at again. Only the pool's work calls it, and so needs no lock for @nr_seen.
 */
static bool zsm_merge_quiet(struct zsm_pool *pool, struct zsm_effort *effort)
{
	bool others = false;
	unsigned int i;

	for (i = 0; i < zsm_classes.nr_classes; i++) {
		struct zsm_pool_class *class = &pool->classes[i];
		u64 nr_used = READ_ONCE(class->core.nr_used);

		if (class->nr_seen == nr_used) {
			zsm_merge_class(pool, i, effort);
		} else {
			others = true;
			class->nr_seen = nr_used;
		}
	}
	return others;
}

/*
 * The pool's work. It is queued by the first free, or the first page needed, in a while,
 * and again as long as there is something to do: a pool that nobody uses is not looked
 * at. What classes can gain by themselves comes first; they are merged when that is done
 * and they have come to rest, as the next allocation needs a page again.
 */
static void zsm_work(struct work_struct *work)
{
	struct zsm_pool *pool = container_of(to_delayed_work(work),
					     struct zsm_pool, work);
	struct zsm_effort effort = {
		.moves = ZSM_TEND_MOVES,
		.wanted = ULONG_MAX,
	};
	bool again;

	if (!READ_ONCE(pool->max_waste)) {
		/* Until that changes, nobody needs to queue it. */
		WRITE_ONCE(pool->tended, true);
		return;
	}
	pool->compacting = zsm_is_wasteful(pool);
	if (pool->compacting)
		zsm_compact_some(pool, &effort);
	if (effort.moves < ZSM_TEND_MOVES) {
		atomic64_add(effort.freed, &pool->pages_compacted);
		queue_delayed_work(zsm_workqueue, &pool->work, ZSM_TEND_PAUSE);
		return;
	}

	/* There was nothing to do, or nothing that the owner let it do. */
	again = zsm_merge_quiet(pool, &effort);
	atomic64_add(effort.freed, &pool->pages_compacted);
	if (again || effort.moves < ZSM_TEND_MOVES) {
		queue_delayed_work(zsm_workqueue, &pool->work, ZSM_TEND_AFTER);
	} else {
		/*
		 * The next one to need it queues it. Those who saw no need while this
		 * was looking may have been the last: look once more.
		 */
		WRITE_ONCE(pool->tended, false);
		/* Says that it sleeps before it looks. A free has no barrier in return. */
		smp_mb();
		if (zsm_is_wasteful(pool))
			zsm_tend(pool);
	}
}

void zsm_set_max_waste(struct zsm_pool *pool, unsigned int percent)
{
	WRITE_ONCE(pool->max_waste, percent);
	if (pool->ops)
		mod_delayed_work(zsm_workqueue, &pool->work, ZSM_TEND_AFTER);
}
EXPORT_SYMBOL_GPL(zsm_set_max_waste);

/*
 * The shrinker. It may be called from an allocation of this module's own, or of an
 * owner: neither holds a lock that is taken here, and owners' locks are tried only.
 */
static unsigned long zsm_shrink_count(struct shrinker *shrinker,
				      struct shrink_control *sc)
{
	u64 pages;
	/* The reserve of whichever CPU: a guess like the rest. */
	u64 gain = zsm_gain(compat_shrinker_private(shrinker), &pages) +
		   raw_cpu_read(zsm_stash.reserve.nr);

	return gain ? gain : SHRINK_EMPTY;
}

static unsigned long zsm_shrink_scan(struct shrinker *shrinker,
				     struct shrink_control *sc)
{
	unsigned long freed = zsm_stash_shrink();
	struct zsm_effort effort = {
		.moves = sc->nr_to_scan * ZSM_SHRINK_MOVES,
		.wanted = sc->nr_to_scan - min(freed, sc->nr_to_scan),
	};
	struct zsm_pool *pool = compat_shrinker_private(shrinker);
	/* Several would wait for the same classes' locks, and every writer with them. */
	bool alone = mutex_trylock(&pool->shrink_lock);

	if (alone) {
		zsm_compact_some(pool, &effort);
		mutex_unlock(&pool->shrink_lock);
		atomic64_add(effort.freed, &pool->pages_compacted);
	}
	/* Pages that compaction freed first have become the reserve. */
	zsm_stash_shrink();
	freed += effort.freed;
	return freed || alone ? freed : SHRINK_STOP;
}

static int zsm_shrinker_create(struct zsm_pool *pool)
{
	int err;

	pool->shrinker = compat_shrinker_alloc("zsm", pool);
	if (!pool->shrinker)
		return -ENOMEM;
	pool->shrinker->count_objects = zsm_shrink_count;
	pool->shrinker->scan_objects = zsm_shrink_scan;
	err = compat_shrinker_register(pool->shrinker, "zsm");
	if (err)
		compat_shrinker_free(pool->shrinker);
	return err;
}

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
		stats->pages_migrated += class->nr_migrated;
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

unsigned int zsm_size_class(size_t size)
{
	return zsm_class_of(size);
}
EXPORT_SYMBOL_GPL(zsm_size_class);

/* ---- debugfs ------------------------------------------------------------ */

static void *zsm_classes_start(struct seq_file *seq, loff_t *pos)
{
	struct zsm_pool *pool = seq->private;

	return *pos < zsm_classes.nr_classes ? &pool->classes[*pos] : NULL;
}

static void *zsm_classes_next(struct seq_file *seq, void *v, loff_t *pos)
{
	++*pos;
	return zsm_classes_start(seq, pos);
}

static void zsm_classes_stop(struct seq_file *seq, void *v)
{
}

/* A line for a class; Documentation/debugfs.rst tells how to read it. */
static int zsm_classes_show(struct seq_file *seq, void *v)
{
	const struct zsm_pool *pool = seq->private;
	struct zsm_pool_class *class = v;
	const struct zsm_class_row *row;
	struct zsm_class core;
	u64 moved, migrated;

	spin_lock(&class->lock);
	core = class->core;
	moved = class->nr_moved;
	migrated = class->nr_migrated;
	spin_unlock(&class->lock);

	row = &zsm_classes.rows[core.class_idx];
	if (class == pool->classes)
		seq_puts(seq, "#size chain per_chain objects zspages pages unused gain moved migrated\n");
	seq_printf(seq, "%5u %5u %9u %7llu %7llu %5llu %6llu %4llu %5llu %8llu\n",
		   row->size, row->nr_pages, row->nr_objs, core.nr_used,
		   core.nr_zspages, core.nr_pages,
		   (core.nr_pages << PAGE_SHIFT) - core.nr_used * row->size,
		   zsm_core_gain(&core), moved, migrated);
	return 0;
}

static const struct seq_operations zsm_classes_sops = {
	.start = zsm_classes_start,
	.next = zsm_classes_next,
	.stop = zsm_classes_stop,
	.show = zsm_classes_show,
};

DEFINE_SEQ_ATTRIBUTE(zsm_classes);

void zsm_set_name(struct zsm_pool *pool, const char *name)
{
	pool->debugfs = debugfs_create_dir(name, zsm_debugfs);
	debugfs_create_file("classes", 0400, pool->debugfs, pool,
			    &zsm_classes_fops);
}
EXPORT_SYMBOL_GPL(zsm_set_name);

/* ---- Pools -------------------------------------------------------------- */

/* The number of the newest pool; 0 is none's. */
static atomic_long_t zsm_last_pool;

struct zsm_pool *zsm_init(const struct zsm_ops *ops, void *priv)
{
	struct zsm_pool *pool;
	size_t bytes = struct_size(pool, classes, zsm_classes.nr_classes);
	unsigned int i;
	int err;

	pool = vzalloc(bytes);
	if (!pool)
		return ERR_PTR(-ENOMEM);
	pool->ops = ops;
	pool->priv = priv;
	spin_lock_init(&pool->table_lock);
	mutex_init(&pool->shrink_lock);
	for (i = 0; i < zsm_classes.nr_classes; i++) {
		spin_lock_init(&pool->classes[i].lock);
		pool->classes[i].core.class_idx = i;
	}
	INIT_DEFERRABLE_WORK(&pool->work, zsm_work);
	pool->max_waste = ZSM_DEFAULT_MAX_WASTE;
	pool->tended = !ops;
	zsm_charge_metadata(pool, PAGE_ALIGN(bytes));
	if (!ops)
		return pool;

	pool->number = atomic_long_inc_return(&zsm_last_pool);
	err = xa_insert(&zsm_pools, pool->number, pool, GFP_KERNEL);
	if (err)
		goto err_free;
	err = zsm_shrinker_create(pool);
	if (err)
		goto err_number;
	return pool;

err_number:
	xa_erase(&zsm_pools, pool->number);
err_free:
	vfree(pool);
	return ERR_PTR(err);
}
EXPORT_SYMBOL_GPL(zsm_init);

/* Frees what an owner left behind. */
static void zsm_zspage_reclaim(struct zsm_zspage *zspage)
{
	const u32 *pfns =
		&zspage->tail[zsm_classes.rows[zspage->class_idx].nr_words];
	unsigned long populated = zspage->populated;
	unsigned int page;

	for_each_set_bit(page, &populated, ZSM_MAX_CHAIN) {
		zsm_detach_page(pfn_to_page(pfns[page]));
		zsm_free_pfn(pfns[page]);
	}
	kmem_cache_free(zsm_zspage_caches[zsm_cache_idx(zspage->class_idx)],
			zspage);
}

void zsm_exit(struct zsm_pool *pool)
{
	unsigned int left = 0;
	void *page;
	u32 id;

	debugfs_remove_recursive(pool->debugfs);
	cancel_delayed_work_sync(&pool->work);
	if (pool->ops) {
		compat_shrinker_free(pool->shrinker);
		xa_erase(&zsm_pools, pool->number);
		/* Whoever moves a page may have found the pool. */
		synchronize_rcu();
	}
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
		goto err_caches;
	/* Compaction by itself can wait for the end of a suspend. */
	zsm_workqueue = alloc_workqueue("zsm", WQ_UNBOUND | WQ_FREEZABLE, 0);
	if (!zsm_workqueue) {
		err = -ENOMEM;
		goto err_gather;
	}
	err = cpuhp_setup_state(CPUHP_BP_PREPARE_DYN, "zsm/stash:dead", NULL,
				zsm_stash_dead);
	if (err < 0)
		goto err_workqueue;
	zsm_cpuhp_state = err;
	zsm_debugfs = debugfs_create_dir("zsm", NULL);
	return 0;

err_workqueue:
	destroy_workqueue(zsm_workqueue);
err_gather:
	zsm_gather_destroy();
err_caches:
	zsm_caches_destroy();
	return err;
}

static void __exit zsm_module_exit(void)
{
	debugfs_remove_recursive(zsm_debugfs);
	/* Calls zsm_stash_dead() for each CPU that is not. */
	cpuhp_remove_state(zsm_cpuhp_state);
	flush_work(&zsm_doomed_work);
	destroy_workqueue(zsm_workqueue);
	zsm_gather_destroy();
	zsm_caches_destroy();
}

module_init(zsm_module_init);
module_exit(zsm_module_exit);

MODULE_DESCRIPTION("Size-class allocator for compressed pages");
MODULE_LICENSE("GPL");
MODULE_VERSION(ZSM_VERSION);
