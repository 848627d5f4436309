/* SPDX-License-Identifier: GPL-2.0 */
/*
 * dm-zcache: a compressed cache of a disk's blocks in memory, as a device-mapper
 * target. Reads that find their blocks there need no disk. What is in memory is
 * never the only copy: writes go to the disk and empty the cells of what they
 * touch, so that the cache can be dropped at any time.
 *
 *	target.c   what device-mapper is told of it
 *	cache.c    a cache's life
 *	table.c    the arguments of its table line
 *	map.c      where a bio goes
 *	region.c   writes under way, for fills to notice
 *	index.c    cells: looked up, filled, emptied, moved and evicted
 *	load.c     a cached block into memory
 *	insert.c   a block into the cache
 *	fill.c     a read of its own, copied to the reader and then cached
 *	ghost.c    which blocks were read not long ago
 *	pages.c    tables whose pages are made when they are first needed
 *	status.c   what dmsetup shows, and messages
 *
 * A block is a page's worth of the device.
 */
#ifndef ZCACHE_ZCACHE_H
#define ZCACHE_ZCACHE_H

#include <linux/atomic.h>
#include <linux/bio.h>
#include <linux/device-mapper.h>
#include <linux/percpu.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "core/zcache/admit.h"
#include "core/zcache/cell.h"
#include "core/zcache/region.h"
#include "core/zcache/streams.h"
#include "store/stream.h"
#include "zcache/gfp.h"
#include "zcache/pages.h"
#include "zsmalloc.h"

#define ZCACHE_BLOCK_SECTORS_SHIFT (PAGE_SHIFT - SECTOR_SHIFT)
#define ZCACHE_BLOCK_SECTORS BIT(ZCACHE_BLOCK_SECTORS_SHIFT)

/* Reads are cut at multiples of it, so that one has 64 blocks and 4 groups at most. */
#define ZCACHE_MAX_IO_SECTORS 512u
#define ZCACHE_MAX_IO_BLOCKS (ZCACHE_MAX_IO_SECTORS >> ZCACHE_BLOCK_SECTORS_SHIFT)
#define ZCACHE_MAX_IO_GROUPS \
	DIV_ROUND_UP(ZCACHE_MAX_IO_BLOCKS, 1u << ZCACHE_GROUP_SHIFT)

static_assert(ZCACHE_MAX_IO_BLOCKS <= 64);

/**
 * struct zcache_args - what a table line says
 * @limit_mib: MiB that the cache may take
 * @codec: how blocks are compressed, or NULL: they are not
 * @policy: who is let in
 * @store_max: a block that takes more bytes is not worth storing
 * @seq_skip_kib: KiB in a row after which a stream is let pass; 0: none is
 * @fills_max: pages that reads which fill may have under way
 * @no_meta: a file system's own structures are treated as all else
 */
struct zcache_args {
	u64 limit_mib;
	const struct zsm_codec *codec;
	enum zcache_policy policy;
	unsigned int store_max;
	unsigned int seq_skip_kib;
	unsigned int fills_max;
	bool no_meta;
};

/* Counters: blocks, unless it says otherwise. */
struct zcache_counts {
	u64 hits;
	u64 misses;
	u64 partial;	/* reads that were cut, as a part of them was cached */
	u64 noted;	/* left to the ghost */
	u64 fills;
	u64 rejected;	/* they do not compress */
	u64 no_room;	/* there was no memory, or no cell */
	u64 lost;	/* fills that a write overtook */
	u64 evicted;	/* for others, or for the kernel */
	u64 invalidated;
	u64 errors;	/* they did not decompress, and were dropped */
};

/**
 * struct zcache_region - writes to a part of the blocks; see core/zcache/region.h
 * @epoch: writes that have begun
 * @writers: writes under way
 */
struct zcache_region {
	atomic_t epoch;
	atomic_t writers;
};

/**
 * struct zcache_queue - fills of a CPU that have been read
 * @done: the fills
 * @work: stores them
 * @zcache: the cache
 */
struct zcache_queue {
	struct llist_head done;
	struct work_struct work;
	struct zcache *zcache;
};

/**
 * struct zcache - a cache
 * @ti: the target
 * @dev: the disk
 * @args: as the table has them, but for what messages have changed
 * @limit_bytes: what the cache may take
 * @full: it has evicted something, so that room has to be earned
 * @seed: of the hash
 * @pool: where blocks are
 * @streams: compress them; NULL: nothing does
 * @buckets: where cells are
 * @lines: the ghost's
 * @metadata_bytes: what all takes but the pool
 * @fill_pages: pages that fills have
 * @fill_bios: where fills come from
 * @queues: one a CPU
 * @counts: one set a CPU
 * @sequences: reads that go on where others ended
 * @regions: writes under way
 */
struct zcache {
	struct dm_target *ti;
	struct dm_dev *dev;
	struct zcache_args args;
	u64 limit_bytes;
	bool full;
	u64 seed;
	struct zsm_pool *pool;
	struct zsm_streams *streams;
	struct zcache_pages buckets;
	struct zcache_pages lines;
	atomic64_t metadata_bytes;
	atomic_t fill_pages;
	struct bio_set fill_bios;
	struct zcache_queue __percpu *queues;
	struct zcache_counts __percpu *counts;
	struct zcache_streams sequences;
	struct zcache_region regions[ZCACHE_REGIONS];
};

#define zcache_count_add(zcache, counter, n) \
	this_cpu_add((zcache)->counts->counter, n)
#define zcache_count(zcache, counter) zcache_count_add(zcache, counter, 1)

/* All the memory that the cache takes. */
static inline u64 zcache_used_bytes(const struct zcache *zcache)
{
	return zsm_allocated_bytes(zcache->pool) +
	       atomic64_read(&zcache->metadata_bytes);
}

static inline u64 zcache_block(sector_t sector)
{
	return sector >> ZCACHE_BLOCK_SECTORS_SHIFT;
}

#endif /* ZCACHE_ZCACHE_H */
