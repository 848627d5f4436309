/* SPDX-License-Identifier: GPL-2.0 */
/*
 * zram: a block device whose pages live compressed in a zsm pool. What the
 * parts of the driver share.
 *
 *   zram_drv.c      the module; a device's life: add, set up, reset, remove
 *   zram/control.c  devices by number: hot_add, hot_remove
 *   zram/knob/device.c    a device's knobs: size and memory
 *   zram/knob/algorithms.c  algorithms
 *   zram/knob/params.c   their parameters
 *   zram/tier/recompress.c  stored pages compressed again
 *   zram/tier/backing.h  pages on a backing device; names the files
 *   zram/tier/idle.c     times of access, and marks of idle pages
 *   zram/block_state.c  each slot's state, in debugfs
 *   zram/knob/stats.c    its statistics
 *   zram/io.c       bios, and swap's notification
 *   zram/slot.h     pages: store, load, drop, claim; names the files
 *   store/          codecs and per-CPU streams
 *
 * Locks, outermost first (Documentation/locking.rst):
 *   zram->init_lock    what set-up makes and reset takes away
 *   zram->work_lock    one recompression or writeback at a time
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
#include <linux/sizes.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "compat.h"
#include "core/zram/slot.h"
#include "store/stream.h"
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
	s64 bd_reads;
	s64 bd_writes;
};

/**
 * struct zram - a device
 * @disk: the block device; its first minor is the device's number
 * @init_lock: held for writing to set up and reset; for reading by whoever
 *	uses what they change and is not I/O. I/O is kept out before set-up by
 *	the capacity, which is 0, and from reset by @claims
 * @claims: resets and removals under way, which keep the device from being
 *	opened; guarded by @disk->open_mutex
 * @codecs: the selected algorithms, by priority; the first is always there, the
 *	others may be NULL
 * @params: the parameters of each
 * @disksize: bytes; 0: not set up, and what follows to @comps is not there
 * @leaves: pages of slots, made at the first write to one of their slots
 * @nr_slots: pages the device has
 * @metadata_bytes: what @leaves and what they point to take
 * @pool: where the objects are
 * @comps: the streams of @codecs
 * @compact_waste: percent of the pool's pages that may be wasted before it compacts
 *	itself; 0: all
 * @last_prio: the highest priority of @codecs
 * @times: leaves of times of access, or NULL: none are kept
 * @debugfs: its directory there
 * @work_lock: held by whoever claims pages
 * @backing: the backing device, or NULL; does not change while there is a disksize
 * @wb_compressed: write back as it is what is compressed; likewise
 * @wb_lock: guards the next two
 * @wb_limit_enable: write back no more than @wb_limit says
 * @wb_limit: in units of 4 KiB
 * @wb_batch: writes that may be in flight
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

	const struct zram_codec *codecs[ZRAM_NR_PRIOS];
	struct zram_params params[ZRAM_NR_PRIOS];
	u64 disksize;
	unsigned long **leaves;
	u64 nr_slots;
	atomic64_t metadata_bytes;
	struct zsm_pool *pool;
	struct zram_comp *comps[ZRAM_NR_PRIOS];
	u32 last_prio;
	u32 **times;
	struct dentry *debugfs;
	struct mutex work_lock;

	struct zram_backing *backing;
	bool wb_compressed;
	bool wb_limit_enable;
	spinlock_t wb_lock;
	u64 wb_limit;
	u32 wb_batch;

	unsigned int compact_waste;
	u64 limit_bytes;
	atomic64_t max_used_bytes;
	struct zram_stats __percpu *stats;
	struct mutex partial_locks[ZRAM_PARTIAL_LOCKS];
};

#define zram_stat_add(zram, field, n) this_cpu_add((zram)->stats->field, n)
#define zram_stat_inc(zram, field) zram_stat_add(zram, field, 1)

/* The sum over the CPUs of the counter that is so far into struct zram_stats. */
s64 zram_stat_sum(const struct zram *zram, size_t offset);

#define zram_stat(zram, field) \
	zram_stat_sum(zram, offsetof(struct zram_stats, field))

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

/* ---- Knobs -------------------------------------------------------------- */

extern const struct attribute_group *zram_disk_groups[];
extern const struct attribute_group zram_algorithm_group;
extern const struct attribute_group zram_params_group;
extern const struct attribute_group zram_recompress_group;
extern const struct attribute_group zram_idle_group;
extern const struct attribute_group zram_backing_group;
extern const struct attribute_group zram_stats_group;

/**
 * zram_stats_reset() - set all counters to zero
 * @zram: a device that has no I/O
 */
void zram_stats_reset(struct zram *zram);

/* ---- zram/knob/params.c ------------------------------------------------------ */

/**
 * zram_params_reset() - go back to the defaults
 * @params: parameters; the dictionary is freed
 *
 * Context: may sleep.
 */
void zram_params_reset(struct zram_params *params);

/* ---- zram/tier/idle.c -------------------------------------------------------- */

/**
 * zram_times_start() - keep times of access
 * @zram: the device; the caller holds init_lock
 *
 * Pages that are there and have no time yet count as accessed now.
 *
 * Context: may sleep.
 * Return: 0; -ENOMEM: some times may be missing, and a page without one counts
 *	as accessed just now.
 */
int zram_times_start(struct zram *zram);

/* ---- zram/block_state.c ------------------------------------------------- */

/* Whether debugfs works is of no concern to anybody else. */
void zram_debugfs_init(void);
void zram_debugfs_exit(void);
void zram_debugfs_add(struct zram *zram);
void zram_debugfs_remove(struct zram *zram);

/* ---- Backing device ----------------------------------------------------- */

struct zram_backing;
struct zram_readback;

/* The limit and the statistics of writeback are in units of 4 KiB. */
#define ZRAM_UNITS_PER_PAGE (PAGE_SIZE / SZ_4K)

/* The memory that a backing device's maps of blocks take. */
u64 zram_backing_bytes(const struct zram_backing *backing);

/* Gives a backing device back, which may be NULL. May sleep; not under init_lock. */
void zram_backing_close(struct zram_backing *backing);

/**
 * zram_readback_bio() - let a worker go on with a bio
 * @zram: the device
 * @bio: the bio, of which a page is on the backing device
 * @iter: what is left to do
 * @start: when it began
 *
 * Context: may sleep.
 */
void zram_readback_bio(struct zram *zram, struct bio *bio,
		       struct bvec_iter iter, unsigned long start);

/**
 * zram_readback_page() - read a page from the backing device, for a bio
 * @rb: the bio's worker, which is the caller
 * @index: the slot
 * @value: what zram_load_page() said
 * @page: receives the page
 * @may_be_late: it is enough if the page is there when the bio ends
 *
 * Context: may sleep. Takes a stream.
 * Return: 0 or -EIO.
 */
int zram_readback_page(struct zram_readback *rb, u32 index, u64 value,
		       struct page *page, bool may_be_late);

/* ---- zram/io.c ---------------------------------------------------------- */

void zram_submit_bio(struct bio *bio);

/**
 * zram_bio_pieces() - read or write the pages of a bio
 * @zram: the device
 * @bio: the bio
 * @iter: what of it is left to do; moves on
 * @rb: the worker that calls, if one does
 *
 * Context: may sleep.
 * Return: 0 or an error; ZRAM_ON_BACKING if @iter is at a page on the backing
 *	device and there is no @rb.
 */
int zram_bio_pieces(struct zram *zram, struct bio *bio, struct bvec_iter *iter,
		    struct zram_readback *rb);

/* Ends a bio, with an I/O error if @err. Any context; @zram may be gone then. */
void zram_bio_end(struct zram *zram, struct bio *bio, unsigned long start,
		  int err);
#ifdef COMPAT_HAS_RW_PAGE
int zram_rw_page(struct block_device *bdev, sector_t sector, struct page *page,
		 enum req_op op);
#endif
void zram_slot_free_notify(struct block_device *bdev, unsigned long index);

/* ---- Slots -------------------------------------------------------------- */

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
 * @backed: receives what the slot holds if the page is on the backing device
 *
 * Context: may sleep. Takes a stream, then the slot.
 * Return: 0, or -EIO if what is stored does not decompress; ZRAM_ON_BACKING.
 */
int zram_load_page(struct zram *zram, u32 index, void *page, u64 *backed);

/* Not an error, and not done: the page has to be read from the backing device. */
#define ZRAM_ON_BACKING 1

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
