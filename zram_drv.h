/* SPDX-License-Identifier: GPL-2.0 */
/*
 * zram: a block device whose pages live compressed in a zsm pool. What the
 * parts of the driver share.
 *
 *   zram_drv.c      the module; a device's life: add, set up, reset, remove
 *   zram/control.c  devices by number: hot_add, hot_remove
 *   zram/attrs.c    a device's knobs
 *   zram/stats.c    its statistics
 *   zram/io.c       bios, and swap's notification
 *   zram/slots.c    pages: store, load, drop
 *   zram/comp*.c    codecs and per-CPU streams
 *
 * Locks, outermost first (Documentation/locking.rst):
 *   zram->init_lock    what set-up makes and reset takes away
 *   stream->mutex      a CPU's compression stream
 *   a slot's lock bit  the slot's other 63 bits, and the object behind them
 */
#ifndef ZRAM_DRV_H
#define ZRAM_DRV_H

#include <linux/bits.h>
#include <linux/blkdev.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/rwsem.h>
#include <linux/types.h>

#include "compat.h"
#include "core/zram_core.h"
#include "zram/comp.h"
#include "zsmalloc.h"

/* The unit of addressing that the device announces, whatever a page is. */
#define ZRAM_LOGICAL_BLOCK_SIZE 4096u
#define ZRAM_SECTORS_PER_PAGE (PAGE_SIZE >> SECTOR_SHIFT)

#define ZRAM_SLOTS_PER_LEAF (PAGE_SIZE / sizeof(unsigned long))
/* Swap's write path: no I/O to make room, and failing is for the caller. */
#define ZRAM_GFP (GFP_NOIO | __GFP_NOWARN)

/* One lock would do where a page is a logical block: it is never taken. */
#define ZRAM_PARTIAL_LOCKS (PAGE_SIZE > ZRAM_LOGICAL_BLOCK_SIZE ? 64 : 1)

/* Slots are the owner numbers of their objects: 32 bits. */
#define ZRAM_MAX_SLOTS BIT_ULL(32)

/*
 * Counters of a device, one set a CPU. A single one may be negative; the sum
 * over the CPUs counts.
 */
struct zram_stats {
	s64 pages_stored;
	s64 compr_data_size;
	s64 same_pages;
	s64 huge_pages;
	s64 huge_pages_since;
	s64 failed_reads;
	s64 failed_writes;
	s64 notify_free;
	s64 miss_free;
};

/**
 * struct zram - a device
 * @disk: the block device; its first minor is the device's number
 * @init_lock: held for writing to set up and reset; for reading by whoever
 *	uses what they change and is not I/O. I/O is kept out before set-up by
 *	the capacity, which is 0, and from reset by @claims
 * @claims: resets and removals under way, which keep the device from being
 *	opened; guarded by @disk->open_mutex
 * @codec: the selected algorithm
 * @disksize: bytes; 0: not set up, and the next five are not there
 * @leaves: pages of slots, made at the first write to one of their slots
 * @nr_slots: pages the device has
 * @metadata_bytes: what @leaves and what they point to take
 * @pool: where the objects are
 * @comp: @codec's streams
 * @compact_waste: percent of the pool's pages that may be wasted before it compacts
 *	itself; 0: all
 * @limit_bytes: how much may be used, or 0; in whole pages
 * @max_used_bytes: the most that was used since the knob was last reset
 * @stats: counters
 * @partial_locks: serialise writes to a slot where a page is more than a logical
 *	block; by slot number
 */
struct zram {
	struct gendisk *disk;
	struct rw_semaphore init_lock;
	unsigned int claims;

	const struct zram_codec *codec;
	u64 disksize;
	unsigned long **leaves;
	u64 nr_slots;
	atomic64_t metadata_bytes;
	struct zsm_pool *pool;
	struct zram_comp *comp;

	unsigned int compact_waste;
	u64 limit_bytes;
	atomic64_t max_used_bytes;
	struct zram_stats __percpu *stats;
	struct mutex partial_locks[ZRAM_PARTIAL_LOCKS];
};

#define zram_stat_add(zram, field, n) this_cpu_add((zram)->stats->field, n)
#define zram_stat_inc(zram, field) zram_stat_add(zram, field, 1)

/* The device behind a knob. */
static inline struct zram *zram_of(struct device *dev)
{
	return dev_to_disk(dev)->private_data;
}

/* Whether the device has a size. The caller holds init_lock. */
static inline bool zram_is_set_up(const struct zram *zram)
{
	return zram->disksize;
}

/* ---- zram_drv.c --------------------------------------------------------- */

/**
 * zram_add() - make a device with the next free number
 *
 * Context: may sleep. Caller holds the lock of zram/control.c.
 * Return: the number, or an error.
 */
int zram_add(void);

/**
 * zram_remove() - remove a device that nobody uses
 * @zram: the device; gone on success
 *
 * Context: may sleep. Caller holds the lock of zram/control.c.
 * Return: 0, or -EBUSY if it is open or being reset.
 */
int zram_remove(struct zram *zram);

/**
 * zram_delete() - remove a device that cannot be opened any more
 * @zram: the device; gone afterwards. A reset under way is waited for.
 *
 * Context: may sleep. Caller holds the lock of zram/control.c.
 */
void zram_delete(struct zram *zram);

/**
 * zram_set_up() - give a device its size
 * @zram: the device
 * @bytes: its size; rounded up to a page
 *
 * Context: may sleep; the caller holds init_lock for writing.
 * Return: 0; -EBUSY if it has one; -EINVAL for none or more than
 *	ZRAM_MAX_SLOTS pages; -ENOMEM.
 */
int zram_set_up(struct zram *zram, u64 bytes);

/**
 * zram_reset() - drop all a device holds, its size and its settings
 * @zram: the device
 *
 * Context: may sleep; takes init_lock.
 * Return: 0, or -EBUSY if it is open, or being reset or removed.
 */
int zram_reset(struct zram *zram);

/* ---- zram/control.c ----------------------------------------------------- */

int zram_control_init(void);
void zram_control_exit(void);

/* Reserves a number for the device; takes it back. Under the control lock. */
int zram_control_add(struct zram *zram);
void zram_control_del(unsigned int id);

/* ---- zram/attrs.c, zram/stats.c ----------------------------------------- */

extern const struct attribute_group *zram_disk_groups[];
extern const struct attribute_group zram_stats_group;

/**
 * zram_stats_reset() - set all counters to zero
 * @zram: a device that has no I/O
 */
void zram_stats_reset(struct zram *zram);

/* ---- zram/io.c ---------------------------------------------------------- */

void zram_submit_bio(struct bio *bio);
#ifdef COMPAT_HAS_RW_PAGE
int zram_rw_page(struct block_device *bdev, sector_t sector, struct page *page,
		 enum req_op op);
#endif
void zram_slot_free_notify(struct block_device *bdev, unsigned long index);

/* ---- zram/slots.c ------------------------------------------------------- */

/**
 * zram_slots_create() - make the table of slots
 * @zram: a device being set up; @nr_slots is set
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int zram_slots_create(struct zram *zram);

/**
 * zram_slots_destroy() - drop every page and the table
 * @zram: a device that has no I/O
 *
 * Context: may sleep.
 */
void zram_slots_destroy(struct zram *zram);

/**
 * zram_store_page() - put a page into a slot
 * @zram: the device
 * @index: the slot
 * @page: PAGE_SIZE bytes, which do not change meanwhile
 *
 * What the slot held stays until the new page has been stored.
 *
 * Context: may sleep; allocates with GFP_NOIO. Takes a stream, then the slot.
 * Return: 0; -ENOMEM with no memory, -EDQUOT beyond the limit; -EIO if the
 *	codec failed. On an error the slot is as it was.
 */
int zram_store_page(struct zram *zram, u32 index, const void *page);

/**
 * zram_load_page() - get a page out of a slot
 * @zram: the device
 * @index: the slot
 * @page: receives PAGE_SIZE bytes; zeroes for an empty slot
 *
 * Context: may sleep. Takes a stream, then the slot.
 * Return: 0, or -EIO if what is stored does not decompress.
 */
int zram_load_page(struct zram *zram, u32 index, void *page);

/**
 * zram_drop_pages() - empty slots
 * @zram: the device
 * @first: the first slot
 * @count: how many
 *
 * Context: may sleep.
 */
void zram_drop_pages(struct zram *zram, u64 first, u64 count);

/**
 * zram_try_drop_page() - empty a slot, if nobody is using it
 * @zram: the device
 * @index: the slot
 *
 * Context: any but interrupts; neither sleeps nor waits.
 * Return: false if somebody else has the slot locked.
 */
bool zram_try_drop_page(struct zram *zram, u32 index);

/* How the pool moves a device's objects; its private pointer is the device. */
extern const struct zsm_ops zram_slot_ops;

/**
 * zram_used_bytes() - the memory that a device's data take
 * @zram: a device that is set up
 *
 * The pool with all its metadata, and the slots. Not the streams, which
 * depend on the number of CPUs alone.
 *
 * Context: any.
 * Return: bytes.
 */
static inline u64 zram_used_bytes(const struct zram *zram)
{
	return zsm_allocated_bytes(zram->pool) +
	       atomic64_read(&zram->metadata_bytes);
}

#endif /* ZRAM_DRV_H */
