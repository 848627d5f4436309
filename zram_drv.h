/* SPDX-License-Identifier: GPL-2.0 */
/*
 * zram: a block device whose pages live compressed in a zsm pool. Here is what a
 * device consists of; each part of the driver has a header of its own:
 *
 *   zram_drv.c           the module
 *   zram/device.h        a device's life: add, set up, reset, remove
 *   zram/control.h       devices by number: hot_add, hot_remove
 *   zram/io.h            bios, and swap's notification
 *   zram/pieces.h        a bio, cut into pages
 *   zram/store_page.h    a page into a slot
 *   zram/load_page.h     a page out of a slot
 *   zram/slot.h          a slot's word: find, lock, get, set
 *   zram/slots.h         the table of slots; what goes in and out; drop
 *   zram/claim.h         a page is rewritten from a copy
 *   zram/times.h         when pages were accessed
 *   zram/memory.h        what a device takes
 *   zram/stat.h          counters
 *   zram/debugfs.h       each slot's state, in debugfs
 *   zram/tier/           what leaves memory, or is compressed again
 *   zram/knob/           sysfs
 *   store/               codecs and per-CPU streams
 *
 * Locks, outermost first (Documentation/locking.rst):
 *   zram->use_lock          keeps what set-up makes there for work that takes long
 *   zram->init_lock         what set-up makes and reset takes away
 *   zram->tier.work_lock    one recompression or writeback at a time
 *   stream->mutex           a CPU's compression stream
 *   a slot's lock bit       the slot's other 63 bits, and the object behind them
 */
#ifndef ZRAM_DRV_H
#define ZRAM_DRV_H

#include <linux/bits.h>
#include <linux/blkdev.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/rwsem.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "compat/compiler.h"
#include "core/zram/duty.h"
#include "core/zram/states.h"
#include "store/stream.h"
#include "zram/knob/settings.h"
#include "zram/tier/worker_state.h"
#include "zsmalloc.h"

struct dentry;
struct zram_backing;
struct zram_stats;

/* The unit of addressing that the device announces, whatever a page is. */
#define ZRAM_LOGICAL_BLOCK_SIZE 4096u
#define ZRAM_SECTORS_PER_PAGE (PAGE_SIZE >> SECTOR_SHIFT)

/* Swap's write path: no I/O to make room, and failing is for the caller. */
#define ZRAM_GFP (GFP_NOIO | __GFP_NOWARN)

/* Unused where a page is one logical block; the array then has one element. */
#define ZRAM_PARTIAL_LOCKS (PAGE_SIZE > ZRAM_LOGICAL_BLOCK_SIZE ? 64 : 1)

/* Slots are the owner numbers of their objects: 32 bits. */
#define ZRAM_MAX_SLOTS BIT_ULL(32)

/**
 * struct zram_algorithm - an algorithm that a device was told to use
 * @codec: the algorithm; NULL: none of this priority. The primary one, of
 *	priority 0, is always there
 * @params: its parameters
 * @streams: its streams, while the device has a size
 */
struct zram_algorithm {
	const struct zsm_codec *codec;
	struct zsm_params params;
	struct zsm_streams *streams;
};

/**
 * struct zram_recompress_worker - recompresses by itself: zram/tier/recompress_auto.h
 * @work: a slice of it
 * @on: whether slices do anything; changed with init_lock held for writing
 * @hand: the slot to go on with; the slice's
 * @duty: how far the round has come; the slice's
 */
struct zram_recompress_worker {
	struct delayed_work work;
	bool on;
	u64 hand;
	struct zram_duty duty;
};

/**
 * struct zram_tier - what works on stored pages, and where they may go
 * @work_lock: held by the task that claims pages
 * @backing: the backing device, or NULL; does not change while there is a disksize
 * @auto_wanted: writeback_auto, as it was set before there was a disksize
 * @clock: generations of pages: see zram/tier/age.h
 * @worker: writes pages back by itself
 * @recompress: compresses pages again by itself
 */
struct zram_tier {
	struct mutex work_lock;
	struct zram_backing *backing;
	bool auto_wanted;
	struct zram_clock clock;
	struct zram_worker worker;
	struct zram_recompress_worker recompress;
};

/**
 * struct zram - a device
 * @disk: the block device; its first minor is the device's number
 * @init_lock: held for writing to set up and reset; for reading by a task that
 *	uses what they change and is not I/O. I/O is kept out before set-up by
 *	the capacity, which is 0, and from reset by @claims
 * @use_lock: held for reading by a task that works on the device's pages for long, and
 *	so needs neither I/O nor @init_lock; for writing by a reset, outside @init_lock
 * @stops: resets and removals that want passes to end
 * @claims: resets and removals under way, which keep the device from being
 *	opened; guarded by @disk->open_mutex
 * @settings: what is one word and has a knob
 * @algos: the selected algorithms, by priority
 * @last_prio: the highest priority of those that there are
 * @generation: of pages, the present one: what @tier.clock says, for I/O
 * @disksize: bytes; 0: not set up, and @leaves to @times are not there
 * @nr_slots: pages the device has
 * @leaves: pages of slots, made at the first write to one of their slots
 * @times: leaves of times of access, or NULL: none are kept
 * @pool: where the objects are
 * @pool_kind: what kind of pool @pool becomes; under @init_lock
 * @tier: what becomes of stored pages
 * @stats: counters
 * @debugfs: its directory there
 * @partial_locks: serialise writes to a slot where a page is more than a logical
 *	block; by slot number
 */
struct zram {
	struct gendisk *disk;
	struct rw_semaphore init_lock;
	struct rw_semaphore use_lock;
	atomic_t stops;
	unsigned int claims __guarded_by(&disk->open_mutex);

	struct zram_settings settings;
	struct zram_algorithm algos[ZRAM_NR_PRIOS];
	u32 last_prio;
	u32 generation;
	u64 disksize;
	u64 nr_slots;
	unsigned long **leaves;
	u32 **times;
	struct zsm_pool *pool;
	enum zsm_kind pool_kind;
	struct zram_tier tier;

	struct zram_stats __percpu *stats;
	struct dentry *debugfs;
	struct mutex partial_locks[ZRAM_PARTIAL_LOCKS];
};

/* Whether the device has a size. The caller holds init_lock. */
static inline bool zram_is_set_up(const struct zram *zram)
{
	return zram->disksize;
}

#endif /* ZRAM_DRV_H */
