/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Blocks of the packed log that were read not long ago. A block has several pages, and
 * swap reads neighbours that were written together: they share one read.
 *
 * A reader gets a block that is there, or comes, or that it has to read itself. Blocks
 * are written once before anybody reads them, and not again before their segment is
 * drained; then they are forgotten.
 */
#ifndef ZRAM_LOG_CACHE_H
#define ZRAM_LOG_CACHE_H

#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>

#include "compat/compiler.h"
#include "core/zram/log.h"

#define ZRAM_LOG_CACHED 64

enum zram_cached_state {
	ZRAM_CACHED_NOTHING,
	ZRAM_CACHED_COMES,	/* a reader reads it */
	ZRAM_CACHED_THERE,
	ZRAM_CACHED_FAILED,	/* it could not be read; the last user forgets it */
};

/**
 * struct zram_cached - a block
 * @block: its number
 * @data: its contents, a page that knows whose it is
 * @state: whether these are there
 * @users: readers that have it
 * @turn: of the cache, when it was last got
 */
struct zram_cached {
	u64 block;
	void *data;
	enum zram_cached_state state;
	u32 users;
	u64 turn;
};

/**
 * struct zram_log_cache - the blocks
 * @lock: guards them, but not their contents; a leaf
 * @turn: counts what was got
 * @blocks: all of them
 * @wait: for one that comes
 * @spare_lock: held by a reader that uses @spare
 * @spare: room for an entry's blocks, for a reader that finds every block in use
 */
struct zram_log_cache {
	spinlock_t lock;
	u64 turn __guarded_by(&lock);
	struct zram_cached blocks[ZRAM_LOG_CACHED];
	wait_queue_head_t wait;
	struct mutex spare_lock;
	void *spare[ZRAM_LOG_ENTRY_BLOCKS];
};

/* Makes it. May sleep. Return: 0 or -ENOMEM; then zram_log_cache_exit() is called too. */
int zram_log_cache_init(struct zram_log_cache *cache);

/* Frees it. May sleep. It has no user. */
void zram_log_cache_exit(struct zram_log_cache *cache);

/**
 * zram_log_cache_get() - get a block
 * @cache: the cache
 * @block: the block's number
 * @mine: receives whether the caller has to read it, and calls zram_log_cache_came()
 *
 * Context: any but interrupts.
 * Return: the block, the caller's to read from until zram_log_cache_put(); NULL if every
 *	block is in use.
 */
struct zram_cached *zram_log_cache_get(struct zram_log_cache *cache, u64 block,
				       bool *mine);

/* The block of which a page has the contents. */
static inline struct zram_cached *zram_cached_of(const struct page *data)
{
	return (struct zram_cached *)page_private(data);
}

/* A block was read that was to be, or could not be. Any context. */
void zram_log_cache_came(struct zram_log_cache *cache,
			 struct zram_cached *cached, int err);

/* Waits for a block that another reader may be reading. May sleep. Return: 0 or -EIO. */
int zram_log_cache_wait(struct zram_log_cache *cache,
			struct zram_cached *cached);

/* Gives a block back, or NULL. Any context but interrupts. */
void zram_log_cache_put(struct zram_log_cache *cache,
			struct zram_cached *cached);

/**
 * zram_log_cache_forget() - forget the blocks of segments that are DRAINING
 * @cache: the cache
 * @core: the segments, which do not cease to be so meanwhile
 *
 * Context: any but interrupts. No reader has one of them, nor finds it.
 */
void zram_log_cache_forget(struct zram_log_cache *cache,
			   const struct zram_log *core);

#endif /* ZRAM_LOG_CACHE_H */
