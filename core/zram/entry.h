/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What the packed log looks like on the backing device.
 *
 * The device is divided into segments of 1 MiB, of which the first holds no page. A
 * segment is filled from its beginning, by writes of whole blocks, a block being as large
 * as a page. Within a write, of up to 128 KiB with pages of 4 KiB, entries follow each
 * other on granules, 256 to a block; they may cross blocks. Behind the last one stands an
 * end mark, unless its block is full, and the next write begins with the next block.
 *
 *	entry:	slot: 32 | size - 1: 16 | check: 16 | the page's data: size bytes
 *
 * Numbers are the machine's, as nothing on the device is of use to another one. The
 * location of an entry is its granule, counted from the beginning of the device; a slot's
 * 37 bits reach 2 TiB with pages of 4 KiB.
 *
 * The check is over the data, the rest of the entry, and how often the segment was filled:
 * what is read is what was written last, or an error. No check is all ones, so that no
 * entry looks like an end mark.
 *
 * Pure functions; no lock. C must have the fixed-width integer types before it includes
 * this file.
 */
#ifndef ZRAM_CORE_ENTRY_H
#define ZRAM_CORE_ENTRY_H

#include "core/abi.h"
#include "core/page.h"

#ifndef __cplusplus
#ifndef __KERNEL__
#include <stdbool.h>
#endif
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define ZRAM_LOG_BLOCK_GRANULES 256u
#define ZRAM_LOG_GRANULE (ZSM_PAGE_SIZE / ZRAM_LOG_BLOCK_GRANULES)
#define ZRAM_LOG_SEGMENT_BYTES (1u << 20)
#define ZRAM_LOG_SEGMENT_GRANULES (ZRAM_LOG_SEGMENT_BYTES / ZRAM_LOG_GRANULE)
#define ZRAM_LOG_SEGMENT_BLOCKS (ZRAM_LOG_SEGMENT_BYTES / ZSM_PAGE_SIZE)
/*
 * The most that is written at once. No entry crosses writes, so what is lost at their ends
 * must be little beside them: 16 blocks where pages are large.
 */
#define ZRAM_LOG_WRITE_BYTES \
	(ZSM_PAGE_SHIFT > 13 ? 16u << ZSM_PAGE_SHIFT : 128u << 10)
#define ZRAM_LOG_WRITE_BLOCKS (ZRAM_LOG_WRITE_BYTES / ZSM_PAGE_SIZE)
/* Blocks that an entry has parts of, at the most. */
#define ZRAM_LOG_ENTRY_BLOCKS 2u

/**
 * struct zram_entry - the head of an entry
 * @slot: whose page it is
 * @less: one less than the bytes of data
 * @check: what zram_entry_check() makes of a hash
 */
struct zram_entry {
	uint32_t slot;
	uint16_t less;
	uint16_t check;
};

ZSM_STATIC_ASSERT(sizeof(struct zram_entry) == 8);
ZSM_STATIC_ASSERT(sizeof(struct zram_entry) <= ZRAM_LOG_GRANULE);

static inline uint32_t zram_entry_size(const struct zram_entry *entry)
{
	return entry->less + 1u;
}

/* The granules of an entry with so many bytes of data. */
static inline uint32_t zram_entry_granules(uint32_t size)
{
	return (uint32_t)(sizeof(struct zram_entry) + size +
			  ZRAM_LOG_GRANULE - 1) / ZRAM_LOG_GRANULE;
}

/* An entry's check, of a hash of 32 bits. */
static inline uint16_t zram_entry_check(uint32_t hash)
{
	uint16_t check = (uint16_t)(hash ^ hash >> 16);

	return check == 0xffff ? 0 : check;
}

/* The end mark. */
static inline struct zram_entry zram_entry_end(void)
{
	const struct zram_entry end = {0xffffffffu, 0xffff, 0xffff};

	return end;
}

static inline bool zram_entry_is_end(const struct zram_entry *entry)
{
	return entry->slot == 0xffffffffu && entry->less == 0xffff &&
	       entry->check == 0xffff;
}

static inline uint32_t zram_loc_segment(uint64_t loc)
{
	return (uint32_t)(loc / ZRAM_LOG_SEGMENT_GRANULES);
}

/* What zram_entry_next() has found. */
enum zram_found {
	ZRAM_FOUND_ENTRY,	/* an entry, all of it */
	ZRAM_FOUND_MORE,	/* the next entry goes on behind the window */
	ZRAM_FOUND_NOTHING,	/* there is none up to the end of the window */
	ZRAM_FOUND_JUNK,	/* what is here was not written by the log */
};

/**
 * zram_entry_next() - the next entry in a part of a segment
 * @window: whole blocks of it, aligned for a struct zram_entry
 * @granules: how many granules that is
 * @at: the granule to look at; receives the entry's, which is where it goes on if it
 *	does not end in the window
 *
 * Whatever the window holds, nothing is read behind its end. The caller goes on behind
 * the entry's granules.
 *
 * Return: what is there.
 */
enum zram_found zram_entry_next(const void *window, uint32_t granules,
				uint32_t *at) ZSM_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif /* ZRAM_CORE_ENTRY_H */
