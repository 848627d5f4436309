/* SPDX-License-Identifier: GPL-2.0 */
/* What a device's worker, zram/tier/worker.h, consists of; part of struct zram. */
#ifndef ZRAM_TIER_WORKER_STATE_H
#define ZRAM_TIER_WORKER_STATE_H

#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "core/zram/age.h"
#include "core/zram/quota.h"
#include "core/zram/refault.h"
#include "core/zram/trigger.h"

struct kernfs_node;
struct shrinker;

/**
 * struct zram_sweep - a round through the slots, over several runs
 * @reason: what it is for
 * @min_age: from which age on pages are taken
 * @left: slots to look at until the round is complete
 * @wrote: whether a page was written in it
 * @hand: the slot to go on with
 */
struct zram_sweep {
	enum zram_trigger_reason reason;
	u32 min_age;
	u64 left;
	bool wrote;
	u64 hand;
};

/**
 * struct zram_watch - what a run compares with
 * @step_ns: when the refault controller was last asked
 * @step_written: pages that the worker had written by then
 * @step_read: pages that had been read from the backing device
 * @rest_uses: pages stored and loaded, at the last run
 * @rest_ns: when that number last changed
 * @age_ns: when to look again for pages by writeback_age
 */
struct zram_watch {
	u64 step_ns;
	u64 step_written;
	u64 step_read;
	u64 rest_uses;
	u64 rest_ns;
	u64 age_ns;
};

/**
 * struct zram_worker_stat - what a worker has done since the device got its size
 * @written: pages written back
 * @waited: writes that exceeded the limit and have waited
 * @waited_in_vain: those that failed all the same
 */
struct zram_worker_stat {
	atomic64_t written;
	atomic64_t waited;
	atomic64_t waited_in_vain;
};

/**
 * struct zram_worker - a device's worker
 * @work: a run; on the backing device's workqueue
 * @on: whether runs do anything; changed with init_lock held for writing, and by a run
 *	when writes have failed
 * @kicked: bit 0: a run has been asked for that has not begun
 * @paused: jiffies until which asking is of no use
 * @kick_bytes: memory used beyond which a run is wanted
 * @waits: a run found work_lock taken, and the next one is to have it
 * @sweep: the run's
 * @watch: the run's
 * @lock: guards the next five; a leaf. A run is the only one that changes @refault and
 *	@ages, and reads them without
 * @trigger: what the decisions remember
 * @patience: what waiting was good for
 * @quota: bytes that may be written
 * @refault: how old pages have to be
 * @ages: pages by age, as they were last counted
 * @room: writes that exceed the limit and wait for a run's end
 * @pressure: pages of memory that the kernel is short of
 * @refused: whether a write has exceeded the limit since the last run
 * @stat: counters
 * @shrinker: hears of memory pressure, or NULL
 * @state_file: whom to tell about a change of state, or NULL
 */
struct zram_worker {
	struct delayed_work work;
	bool on;
	unsigned long kicked;
	unsigned long paused;
	u64 kick_bytes;
	bool waits;
	struct zram_sweep sweep;
	struct zram_watch watch;
	spinlock_t lock;
	struct zram_trigger trigger;
	struct zram_patience patience;
	struct zram_quota quota;
	struct zram_refault refault;
	struct zram_ages ages;
	wait_queue_head_t room;
	atomic64_t pressure;
	atomic_t refused;
	struct zram_worker_stat stat;
	struct shrinker *shrinker;
	struct kernfs_node *state_file;
};

/* Whether runs do anything. */
static inline bool zram_worker_on(const struct zram_worker *w)
{
	/* Pairs with zram_worker_start(): all the rest has been set. */
	return smp_load_acquire(&w->on);
}

#endif /* ZRAM_TIER_WORKER_STATE_H */
