/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Which blocks are worth caching, and how large the cache's tables are.
 *
 * C must have the fixed-width integer types before it includes this file.
 */
#ifndef ZCACHE_ADMIT_H
#define ZCACHE_ADMIT_H

#ifdef __cplusplus
#include <cstdint>
#elif !defined(__KERNEL__)
#include <stdbool.h>
#endif

#include "core/zcache/cell.h"
#include "core/zcache/ghost.h"

/* Who is let in. */
enum zcache_policy {
	ZCACHE_ADMIT_GHOST,	/* everything as long as there is room, then what comes again */
	ZCACHE_ADMIT_ALL,
	ZCACHE_ADMIT_NONE,
};

/* What becomes of a block that a read did not find. */
enum zcache_verdict {
	ZCACHE_PASS,	/* nothing */
	ZCACHE_NOTE,	/* the ghost remembers it */
	ZCACHE_FETCH,	/* it is cached */
};

/**
 * struct zcache_read - what is known of a read
 * @room: the cache has not reached its limit
 * @meta: the file system says that it reads its own structures
 * @stream: it belongs to a long stream
 */
struct zcache_read {
	bool room;
	bool meta;
	bool stream;
};

/**
 * zcache_admit() - what becomes of a block that was not found
 * @policy: the cache's
 * @read: the read
 * @seen: what the ghost knows of the block
 *
 * Context: any.
 * Return: the verdict.
 */
static inline enum zcache_verdict zcache_admit(enum zcache_policy policy,
					       const struct zcache_read *read,
					       enum zcache_seen seen)
{
	if (policy == ZCACHE_ADMIT_NONE || seen == ZCACHE_SEEN_BAD)
		return ZCACHE_PASS;
	if (policy == ZCACHE_ADMIT_ALL || read->meta)
		return ZCACHE_FETCH;
	if (read->stream)
		return ZCACHE_PASS;
	return read->room || seen == ZCACHE_SEEN ? ZCACHE_FETCH : ZCACHE_NOTE;
}

/**
 * zcache_worth_whole() - are blocks that do not compress stored as they are?
 * @bad: how many of a read's blocks do not
 * @nr: the read's blocks
 *
 * A read is found in the cache if all of its blocks are. So one that does not compress
 * would make the others useless. If most do not, or the read has no other, that is not
 * worth a page.
 *
 * Context: any.
 * Return: whether.
 */
static inline bool zcache_worth_whole(uint32_t bad, uint32_t nr)
{
	return 2 * bad <= nr;
}

/**
 * struct zcache_tables - the tables of a cache
 * @nr_bucket_pages: pages of buckets
 * @nr_ghost_pages: pages of the ghost's lines
 */
struct zcache_tables {
	uint32_t nr_bucket_pages;
	uint32_t nr_ghost_pages;
};

#define ZCACHE_BUCKETS_PER_PAGE \
	((uint32_t)(ZSM_PAGE_SIZE / sizeof(struct zcache_bucket)))
#define ZCACHE_CELLS_PER_PAGE (ZCACHE_BUCKETS_PER_PAGE * ZCACHE_WAYS)
#define ZCACHE_LINES_PER_PAGE (ZSM_PAGE_SIZE / ZCACHE_GHOST_LINE)

/*
 * Cells for each page of the limit, in halves: 4.5. At three blocks a page, what
 * lz4 makes of much data, two cells of three are used and few buckets are full.
 */
#define ZCACHE_CELL_HALVES 9u
/* Blocks that the ghost remembers for each page of the limit: twice what fits. */
#define ZCACHE_GHOST_PER_PAGE 6u
/* The ghost takes at most one byte of so many of the memory, or of the limit. */
#define ZCACHE_GHOST_SHARE 1000u
#define ZCACHE_GHOST_LIMIT_SHARE 100u

/* The largest limit, in pages: a cell's number is an owner's, of 32 bits. */
#define ZCACHE_MAX_LIMIT_PAGES \
	((0xffffffffull - ZCACHE_CELLS_PER_PAGE) / ZCACHE_CELL_HALVES * 2)

/**
 * zcache_size_tables() - how large the tables of a cache are
 * @limit_pages: the pages that it may take, 1 to ZCACHE_MAX_LIMIT_PAGES
 * @ram_pages: those that the machine has
 *
 * The ghost also remembers as many blocks as the page cache may have pages:
 * else a block would be forgotten before the page cache asks for it again.
 *
 * Context: any.
 * Return: the sizes; none is 0.
 */
static inline struct zcache_tables
zcache_size_tables(uint64_t limit_pages, uint64_t ram_pages)
{
	const uint64_t cells = (limit_pages * ZCACHE_CELL_HALVES + 1) / 2;
	const uint64_t twice = limit_pages * ZCACHE_GHOST_PER_PAGE;
	const uint64_t of_ram = ram_pages / ZCACHE_GHOST_SHARE;
	const uint64_t of_limit = limit_pages / ZCACHE_GHOST_LIMIT_SHARE;
	const uint64_t most = of_ram < of_limit ? of_ram : of_limit;
	const uint64_t prints = twice > ram_pages ? twice : ram_pages;
	uint64_t ghost = (prints / ZCACHE_GHOST_ENTRIES + 1) /
				 ZCACHE_LINES_PER_PAGE + 1;
	struct zcache_tables tables;

	if (ghost > most)
		ghost = most ? most : 1;
	tables.nr_bucket_pages = (uint32_t)((cells + ZCACHE_CELLS_PER_PAGE - 1) /
					   ZCACHE_CELLS_PER_PAGE);
	tables.nr_ghost_pages = (uint32_t)ghost;
	return tables;
}

#endif /* ZCACHE_ADMIT_H */
