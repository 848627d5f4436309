// SPDX-License-Identifier: GPL-2.0
/* Blocks of the packed log that were read not long ago. See log_cache.h. */
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/sched.h>

#include "zram/tier/log_cache.h"

int zram_log_cache_init(struct zram_log_cache *cache)
{
	u32 i;

	spin_lock_init(&cache->lock);
	init_waitqueue_head(&cache->wait);
	mutex_init(&cache->spare_lock);
	for (i = 0; i < ZRAM_LOG_CACHED; i++) {
		cache->blocks[i].data = (void *)__get_free_page(GFP_KERNEL);
		if (!cache->blocks[i].data)
			return -ENOMEM;
		set_page_private(virt_to_page(cache->blocks[i].data),
				 (unsigned long)&cache->blocks[i]);
	}
	for (i = 0; i < ZRAM_LOG_ENTRY_BLOCKS; i++) {
		cache->spare[i] = (void *)__get_free_page(GFP_KERNEL);
		if (!cache->spare[i])
			return -ENOMEM;
	}
	return 0;
}

void zram_log_cache_exit(struct zram_log_cache *cache)
{
	u32 i;

	for (i = 0; i < ZRAM_LOG_CACHED; i++)
		free_page((unsigned long)cache->blocks[i].data);
	for (i = 0; i < ZRAM_LOG_ENTRY_BLOCKS; i++)
		free_page((unsigned long)cache->spare[i]);
}

/* The block, or else the one that was not got for the longest time; NULL: none is free. */
static struct zram_cached *zram_cached_find(struct zram_log_cache *cache,
					    u64 block)
{
	struct zram_cached *oldest = NULL;
	u32 i;

	for (i = 0; i < ZRAM_LOG_CACHED; i++) {
		struct zram_cached *cached = &cache->blocks[i];

		if (cached->state != ZRAM_CACHED_NOTHING &&
		    cached->block == block)
			return cached;
		if (!cached->users && (!oldest || cached->turn < oldest->turn))
			oldest = cached;
	}
	return oldest;
}

struct zram_cached *zram_log_cache_get(struct zram_log_cache *cache, u64 block,
				       bool *mine)
{
	struct zram_cached *cached;

	*mine = false;
	spin_lock(&cache->lock);
	cached = zram_cached_find(cache, block);
	if (cached) {
		if (cached->state == ZRAM_CACHED_NOTHING ||
		    cached->block != block) {
			cached->block = block;
			cached->state = ZRAM_CACHED_COMES;
			*mine = true;
		}
		cached->users++;
		cached->turn = ++cache->turn;
	}
	spin_unlock(&cache->lock);
	return cached;
}

void zram_log_cache_came(struct zram_log_cache *cache,
			 struct zram_cached *cached, int err)
{
	/* Pairs with zram_log_cache_wait(): the contents are there. */
	smp_store_release(&cached->state,
			  err ? ZRAM_CACHED_FAILED : ZRAM_CACHED_THERE);
	wake_up_all(&cache->wait);
}

static bool zram_cached_comes(const struct zram_cached *cached)
{
	/* Pairs with zram_log_cache_came(). */
	return smp_load_acquire(&cached->state) == ZRAM_CACHED_COMES;
}

int zram_log_cache_wait(struct zram_log_cache *cache,
			struct zram_cached *cached)
{
	wait_event(cache->wait, !zram_cached_comes(cached));
	return READ_ONCE(cached->state) == ZRAM_CACHED_THERE ? 0 : -EIO;
}

void zram_log_cache_put(struct zram_log_cache *cache,
			struct zram_cached *cached)
{
	if (!cached)
		return;
	spin_lock(&cache->lock);
	if (!--cached->users && cached->state == ZRAM_CACHED_FAILED) {
		cached->state = ZRAM_CACHED_NOTHING;
		cached->turn = 0;
	}
	spin_unlock(&cache->lock);
}

void zram_log_cache_forget(struct zram_log_cache *cache,
			   const struct zram_log *core)
{
	u32 i;

	spin_lock(&cache->lock);
	for (i = 0; i < ZRAM_LOG_CACHED; i++) {
		struct zram_cached *cached = &cache->blocks[i];
		u64 segment = cached->block / ZRAM_LOG_SEGMENT_BLOCKS;

		if (cached->state == ZRAM_CACHED_NOTHING ||
		    READ_ONCE(core->segments[segment].state) !=
			    ZRAM_SEGMENT_DRAINING)
			continue;
		cached->state = ZRAM_CACHED_NOTHING;
		cached->turn = 0;
	}
	spin_unlock(&cache->lock);
}
