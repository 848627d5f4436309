/* SPDX-License-Identifier: GPL-2.0 */
/*
 * zsm: a size-class allocator for compressed pages.
 *
 * A pool packs objects of 1 byte to PAGE_SIZE into zspages, chains of order-0
 * pages that need not be adjacent. All metadata is out of band: a zspage's
 * descriptor holds its pages, which objects are used, and a 32-bit owner
 * number for each. Payload is opaque to the pool.
 *
 * An object is named by its *location*, a number of at most ZSM_LOC_BITS bits
 * that its owner keeps; there is no handle behind it. The owner also keeps the
 * location true: it must see to it that no thread maps, reads or writes an object
 * that another thread frees (a lock of its own for each location does). In
 * return, looking an object up takes no lock of the pool's.
 *
 * A pool that may move objects also does so by itself: when much of its memory could
 * be given back so (zsm_set_max_waste()), and when the kernel is short of memory. And
 * its pages are movable: the kernel may put them elsewhere, for huge pages' sake.
 *
 * Locks: each size class of a pool has a spinlock, taken by zsm_alloc(),
 * zsm_free() and zsm_stats() for a few instructions, and by compaction for the copy
 * of one object. An owner may hold spinlocks of its own around
 * zsm_free(), zsm_map() and zsm_unmap(). See Documentation/locking.rst.
 *
 * No function may be called from hard or soft interrupt context.
 *
 * Pages are kept by number in 32 bits, 16 TiB of memory at 4 KiB pages, wherever that lies.
 * Only memory that is added beyond 16 TiB, where there was none when the module was loaded,
 * is not used: an allocation that gets such a page fails.
 */
#ifndef ZSMALLOC_H
#define ZSMALLOC_H

#include <linux/gfp_types.h>
#include <linux/types.h>

#include "core/zsm/location.h"
#include "zsm/kind.h"
#include "zsm/statistics.h"

struct zsm_pool;

/* Objects that may be frozen at a time; each may disable preemption once more. */
#define ZSM_MAX_FROZEN 160

/* What becomes of an object whose owner was asked to do without. */
enum zsm_eviction {
	ZSM_EVICTED,		/* its owner has forgotten it; the pool frees it */
	ZSM_EVICT_FROZEN,	/* its owner keeps it, and has frozen it */
	ZSM_EVICT_REFUSED,	/* neither: it is in use, on its way in, or out */
};

/**
 * struct zsm_ops - how a pool may move an owner's objects
 * @freeze: keeps the object of owner number @owner from being used in any way
 *	until @thaw, if it can do so without waiting and the location that the
 *	owner keeps is @loc; returns whether it did
 * @thaw: ends that; the object is at @loc now
 * @evict: forgets the object of owner number @owner, if the location that the owner
 *	keeps is @loc and that can be done without waiting; or freezes it, as @freeze
 *	does, so that it can be moved out of the way. NULL: the owner can forget nothing.
 *
 * All are called with a spinlock of the pool's held, and may neither sleep
 * nor call the pool, but for zsm_reclaim_round(). To move a page, all objects on it are
 * frozen by one thread, up to ZSM_MAX_FROZEN: an owner that locks them does it with bits,
 * not with locks that are tracked one by one.
 */
struct zsm_ops {
	bool (*freeze)(void *priv, u32 owner, struct zsm_loc loc);
	void (*thaw)(void *priv, u32 owner, struct zsm_loc loc);
	enum zsm_eviction (*evict)(void *priv, u32 owner, struct zsm_loc loc);
};

/**
 * zsm_init() - make a pool
 * @ops: how it may move objects, or NULL: then it never does
 * @priv: for @ops
 *
 * Context: may sleep; allocates with GFP_KERNEL.
 * Return: the pool, the caller's until zsm_exit(), or ERR_PTR(-ENOMEM).
 */
struct zsm_pool *zsm_init(const struct zsm_ops *ops, void *priv);

/**
 * zsm_init_kind() - make a pool of a kind
 * @kind: the kind; zsm_init() makes one of ZSM_CLASSES
 * @ops: how it may move objects, or NULL: then it never does
 * @priv: for @ops
 *
 * Context: may sleep; allocates with GFP_KERNEL.
 * Return: as zsm_init(); -EINVAL if there is no such kind.
 */
struct zsm_pool *zsm_init_kind(enum zsm_kind kind, const struct zsm_ops *ops,
			       void *priv);

/**
 * zsm_exit() - destroy a pool
 * @pool: the pool; every object in it must have been freed (one that was not
 *	is freed here, with a warning)
 *
 * Context: may sleep. No other thread uses the pool any more.
 */
void zsm_exit(struct zsm_pool *pool);

/**
 * zsm_alloc() - allocate an object
 * @pool: the pool
 * @size: bytes, 1 to PAGE_SIZE
 * @gfp: how to allocate pages; no zone modifiers. With __GFP_HIGH the last part of the
 *	limit may be used too: see zsm_set_limit()
 * @owner: a number by which the owner finds the location it keeps
 * @loc: receives the location
 *
 * The object's bytes are undefined. It is of the size class that serves @size or, where
 * that needs a page and none is to be had, of a larger one with a free object whose pages
 * are there. If @gfp does not let it wait for memory, -ENOMEM comes before that.
 *
 * Context: may sleep if @gfp may.
 * Return: 0; -EINVAL for a size out of range; -ENOMEM; -EDQUOT beyond the limit;
 *	-ENOSPC if the pool has as many zspages as locations can name. On an error nothing
 *	has changed.
 */
int zsm_alloc(struct zsm_pool *pool, size_t size, gfp_t gfp, u32 owner,
	      struct zsm_loc *loc);

/**
 * zsm_alloc_in_exchange() - allocate an object in place of a whole page's
 * @pool: the pool
 * @size: bytes, 1 to PAGE_SIZE
 * @gfp: as in zsm_alloc()
 * @owner: as in zsm_alloc()
 * @loc: receives the location
 *
 * The caller frees an object of PAGE_SIZE bytes next, so that the pool's limit is not
 * asked: it takes no more afterwards but for a descriptor.
 *
 * Context: may sleep if @gfp may.
 * Return: as zsm_alloc(), but never -EDQUOT.
 */
int zsm_alloc_in_exchange(struct zsm_pool *pool, size_t size, gfp_t gfp,
			  u32 owner, struct zsm_loc *loc);

/**
 * zsm_realloc() - change the size of an object
 * @pool: the pool
 * @loc: the location; receives the new one, if it changes
 * @size: bytes, 1 to PAGE_SIZE
 * @gfp: as in zsm_alloc(); 0 means "in place or not at all"
 *
 * Where the size class stays, so does the object; in pairs and triples, where nothing is
 * in its way. Otherwise a new object is allocated for the same owner, as many bytes as
 * both have room for are copied, and the old one is freed.
 *
 * Context: as zsm_alloc(); with a @gfp of 0 any context that zsm_free() may
 *	be called from. The owner keeps the location from being used meanwhile.
 * Return: 0; on an error the object is as it was: -EINVAL, -ENOMEM or -ENOSPC
 *	as zsm_alloc(), -EAGAIN if @gfp is 0 and the class would change.
 */
int zsm_realloc(struct zsm_pool *pool, struct zsm_loc *loc, size_t size, gfp_t gfp);

/**
 * zsm_fits() - would an object that holds so many bytes be of the same size class?
 * @pool: the pool
 * @loc: the object
 * @size: bytes, 1 to PAGE_SIZE
 *
 * If so, they can be written over it, and nothing else would take less memory. In pairs
 * and triples each granule, 16 bytes at pages of 4 KiB, is a size of its own.
 *
 * Context: any but interrupts. The owner keeps the location from being used meanwhile.
 * Return: whether.
 */
bool zsm_fits(struct zsm_pool *pool, struct zsm_loc loc, size_t size);

/**
 * zsm_room() - how many bytes can be written over an object
 * @pool: the pool
 * @loc: the object
 *
 * Context: as zsm_fits().
 * Return: the size of its size class, or its own, rounded up to granules.
 */
size_t zsm_room(struct zsm_pool *pool, struct zsm_loc loc);

/**
 * zsm_free() - free an object
 * @pool: the pool
 * @loc: its location, which the owner has made unreachable first
 *
 * Pages that no other object touches go back to the system at once. Freeing
 * what is not allocated changes nothing and warns once.
 *
 * Context: does not sleep; the caller may hold spinlocks.
 */
void zsm_free(struct zsm_pool *pool, struct zsm_loc loc);

/**
 * zsm_compact() - move objects together and give back the pages gained
 * @pool: the pool
 *
 * Objects move into free space on pages that are there already, as long as
 * that empties a page; at last into that of classes a little larger. A pool made
 * without @ops has nothing to do.
 *
 * Context: may sleep. Each move takes its class's lock for one copy. Any other
 *	call may be under way.
 * Return: pages freed.
 */
unsigned long zsm_compact(struct zsm_pool *pool);

/**
 * zsm_reclaim() - free pages by evicting what is on them
 * @pool: the pool; without @evict nothing happens
 * @pages: how many are wanted
 *
 * A hand goes over the pool's pages. On each it asks the owner of every object to do
 * without; those that are kept are moved to pages that have room, so that the page can
 * be freed. An owner that keeps what was used since the hand last came by, and evicts the
 * rest, has a clock, which is close to least recently used. In pairs and triples, pages
 * that no object was allocated on for longest come first.
 *
 * The kernel's shrinker calls for the same when memory is short: what an owner may forget
 * is lent, not taken.
 *
 * Context: may sleep; allocates nothing. The caller holds no lock that @evict tries.
 *	Any other call may be under way.
 * Return: pages freed: fewer than @pages if much is kept, and 0 if another thread is
 *	at it. The hand has moved on: the next call asks for other objects.
 */
unsigned long zsm_reclaim(struct zsm_pool *pool, unsigned long pages);

/**
 * zsm_reclaim_round() - how often the hand of zsm_reclaim() has come round
 * @pool: the pool
 *
 * An object that crosses pages, or was moved to where the hand comes later, is asked for
 * more than once in a round. An owner that notes the round in which it kept an object
 * for having been used can keep it for all of that.
 *
 * Context: any.
 * Return: rounds, modulo 2^32.
 */
u32 zsm_reclaim_round(const struct zsm_pool *pool);

/* What zsm_set_max_waste() is to begin with. */
#define ZSM_DEFAULT_MAX_WASTE 1

/**
 * zsm_set_max_waste() - when a pool compacts itself
 * @pool: the pool
 * @percent: the share of its pages, 1 to 100, that compaction could give back, beyond
 *	which it begins; 0: it never does
 *
 * It goes on, a few objects at a time, until half of that is left; when size classes
 * have come to rest, it also merges their last pages. A pool made without @ops never
 * compacts itself.
 *
 * Context: any.
 */
void zsm_set_max_waste(struct zsm_pool *pool, unsigned int percent);

/*
 * What of a limit is kept from whole pages, which gain nothing by being in a pool: this
 * part of it, and at most so many bytes. This part of that in turn is kept for urgent
 * allocations: what a file system must write to stay whole is little beside its data.
 */
#define ZSM_KEPT_SHARE 32
#define ZSM_KEPT_MAX ((u64)16 << 20)
#define ZSM_KEPT_URGENT 4

/**
 * zsm_set_limit() - how much memory a pool may take
 * @pool: the pool
 * @bytes: that much, or 0: as much as there is
 *
 * What would take the pool beyond it fails with -EDQUOT, before anything is
 * allocated: a page, a descriptor, a page of the table, and what zsm_charge_owner()
 * counts. An object that fits into pages that are there is not refused, be it in room for
 * larger ones. All of the limit is for allocations with __GFP_HIGH and what the owner
 * takes; objects of PAGE_SIZE leave the last ZSM_KEPT_SHARE-th of it to others, and those
 * leave the last part of that. A limit below what is taken already gives nothing back.
 *
 * Context: any.
 */
void zsm_set_limit(struct zsm_pool *pool, u64 bytes);

/**
 * zsm_charge_owner() - count memory that the owner takes for what is in the pool
 * @pool: the pool
 * @bytes: how much
 *
 * It counts as metadata of the pool's, until zsm_uncharge_owner() or the pool's end.
 *
 * Context: any.
 * Return: 0; -EDQUOT beyond the limit, and nothing is counted.
 */
int zsm_charge_owner(struct zsm_pool *pool, u64 bytes);

/* Counts no longer what zsm_charge_owner() did. Context: any. */
void zsm_uncharge_owner(struct zsm_pool *pool, u64 bytes);

/* Begins again to note the most that the pool takes. Context: any. */
void zsm_reset_max(struct zsm_pool *pool);

/**
 * zsm_set_name() - show a pool in debugfs
 * @pool: the pool
 * @name: the name of its folder in zsm/, which no other pool has; called once
 *
 * Without debugfs, or with no memory, nothing is shown.
 *
 * Context: may sleep.
 */
void zsm_set_name(struct zsm_pool *pool, const char *name);

enum zsm_map_mode {
	ZSM_MAP_READ,		/* nothing may be stored */
	ZSM_MAP_WRITE,		/* the bytes are undefined until stored */
	ZSM_MAP_READ_WRITE,
};

/**
 * struct zsm_mapping - a mapped object; the caller's, usually on its stack
 * @addr: the first byte; @len bytes are there
 */
struct zsm_mapping {
	void *addr;
/* private: */
	struct zsm_pool *pool;
	struct zsm_loc loc;
	u32 len;
	bool gathered;
	enum zsm_map_mode mode;
};

/**
 * zsm_map() - make an object's first bytes addressable
 * @pool: the pool
 * @loc: the location
 * @len: bytes wanted, 1 to the size of the object's class
 * @mode: what will be done with them
 * @map: receives the mapping
 *
 * Begins an atomic section that zsm_unmap() ends. Sections do not nest. An
 * object inside one page is mapped where it is, one that crosses pages in a
 * per-CPU buffer.
 *
 * Context: any but interrupts; the caller may not sleep until zsm_unmap().
 *	The owner keeps the object from being freed meanwhile.
 * Return: @map->addr, aligned to 16 bytes.
 */
void *zsm_map(struct zsm_pool *pool, struct zsm_loc loc, size_t len,
	      enum zsm_map_mode mode, struct zsm_mapping *map);

/**
 * zsm_unmap() - end what zsm_map() began
 * @map: the mapping
 */
void zsm_unmap(struct zsm_mapping *map);

/**
 * zsm_address() - where an object's first bytes are
 * @pool: the pool
 * @loc: the location
 * @len: bytes wanted, 1 to the size of the object's class
 *
 * The caller may sleep while it uses the bytes, if it keeps the object from being freed
 * and refuses to freeze it meanwhile.
 *
 * Context: any.
 * Return: the first byte, aligned to 16 bytes; NULL if they cross pages, as in pairs and
 *	triples none do.
 */
void *zsm_address(struct zsm_pool *pool, struct zsm_loc loc, size_t len);

/**
 * zsm_read() - copy an object's first bytes out
 * @pool: the pool
 * @loc: the location
 * @dst: where to
 * @len: bytes, 1 to the size of the object's class
 *
 * Context: any but interrupts; does not sleep. The owner keeps the object
 *	from being freed or written meanwhile.
 */
void zsm_read(struct zsm_pool *pool, struct zsm_loc loc, void *dst, size_t len);

/**
 * zsm_write() - copy an object's first bytes in
 * @pool: the pool
 * @loc: the location
 * @src: where from
 * @len: bytes, 1 to the size of the object's class
 *
 * Context: as zsm_read().
 */
void zsm_write(struct zsm_pool *pool, struct zsm_loc loc, const void *src,
	       size_t len);

/**
 * zsm_huge_size() - from which size on an object takes a page of its own
 *
 * Storing so many bytes costs no less than storing PAGE_SIZE of them.
 * Context: any.
 * Return: bytes; the same for every pool.
 */
size_t zsm_huge_size(void);

/**
 * zsm_size_class() - the size class that serves a size
 * @size: bytes, 1 to PAGE_SIZE
 *
 * Objects whose sizes are of one class cost the same.
 * Context: any.
 * Return: a number that does not fall as @size grows; the same for every pool.
 */
unsigned int zsm_size_class(size_t size);

#endif /* ZSMALLOC_H */
