/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The packed log's segments: which one is filled, which one is cleaned, and when there is
 * no room. What stands in a segment is told in core/zram/entry.h.
 *
 *	FREE -> OPEN -> CLOSED -> EMPTY -> DRAINING -> FREE
 *			  |^		      (readers are waited for)
 *			CLEANING
 *
 * Two segments are open at a time: one for pages that come out of memory, one for those
 * that cleaning moves, as these have shown that they live longer. A segment of which no
 * entry is in use any more is free when no reader can be in it. A segment that could not
 * be written, or that reads as something else, is BAD: what is in it may still be read.
 *
 * Cleaning begins when less than ZRAM_LOG_FREE_PERCENT of the segments are free, and takes
 * the segment with the least in use, but none with more than ZRAM_LOG_CLEAN_PERCENT. So a
 * segment that is cleaned gives back 40 % of itself at least, and for a byte of pages no
 * more than 2.5 bytes are written. Beyond ZRAM_LOG_FILL_PERCENT in use nothing is taken.
 *
 * A segment takes 8 bytes of memory. Everything but the search for a segment to clean
 * takes the same short time, however many segments there are.
 *
 * The caller holds a lock around each call. Pure functions.
 */
#ifndef ZRAM_CORE_LOG_H
#define ZRAM_CORE_LOG_H

#include "core/zram/entry.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ZRAM_LOG_FREE_PERCENT 5u
#define ZRAM_LOG_CLEAN_PERCENT 60u
#define ZRAM_LOG_FILL_PERCENT 70u
/* Segments that are kept for cleaning. */
#define ZRAM_LOG_RESERVE 2u
/* Segments that are cleaned for one that is opened, unless none could be. */
#define ZRAM_LOG_CLEAN_TURNS 3u
/* A log has so many segments at least, the first one included. */
#define ZRAM_LOG_MIN_SEGMENTS 8u
#define ZRAM_NO_SEGMENT 0u

enum zram_segment_state {
	ZRAM_SEGMENT_FREE,
	ZRAM_SEGMENT_OPEN,
	ZRAM_SEGMENT_CLOSED,
	ZRAM_SEGMENT_CLEANING,
	ZRAM_SEGMENT_EMPTY,
	ZRAM_SEGMENT_DRAINING,
	ZRAM_SEGMENT_BAD,
	ZRAM_NR_SEGMENT_STATES,
};

/**
 * struct zram_segment - a segment
 * @live: granules of entries in use; the next segment of its list in the states FREE,
 *	EMPTY and DRAINING
 * @turn: how often it was opened
 * @state: enum zram_segment_state
 */
struct zram_segment {
	uint32_t live;
	uint16_t turn;
	uint16_t state;
};

ZSM_STATIC_ASSERT(sizeof(struct zram_segment) == 8);

enum zram_log_stream {
	ZRAM_LOG_NEW,		/* pages from memory */
	ZRAM_LOG_MOVED,		/* pages from segments that are cleaned */
	ZRAM_NR_LOG_STREAMS,
};

/**
 * struct zram_log_head - where a stream is written to
 * @segment: the open segment, or ZRAM_NO_SEGMENT
 * @block: the block of it that is written next
 */
struct zram_log_head {
	uint32_t segment;
	uint32_t block;
};

/**
 * struct zram_log - the segments of a backing device
 * @segments: all of them; the first one is BAD
 * @nr: how many
 * @nr_in: how many are in each state
 * @first: of the lists of FREE, EMPTY and DRAINING segments, or ZRAM_NO_SEGMENT
 * @live: granules of entries in use, in all segments
 * @turns: segments that may be cleaned before the next one is opened
 * @heads: of the streams
 */
struct zram_log {
	struct zram_segment *segments;
	uint32_t nr;
	uint32_t nr_in[ZRAM_NR_SEGMENT_STATES];
	uint32_t first[ZRAM_NR_SEGMENT_STATES];
	uint64_t live;
	uint32_t turns;
	struct zram_log_head heads[ZRAM_NR_LOG_STREAMS];
};

/**
 * zram_log_init() - begin with an empty log
 * @log: the log
 * @segments: room for as many, all zero
 * @nr: how many; ZRAM_LOG_MIN_SEGMENTS at least
 */
void zram_log_init(struct zram_log *log, struct zram_segment *segments,
		   uint32_t nr) ZSM_NOEXCEPT;

/* What zram_log_room() says. */
enum zram_log_verdict {
	ZRAM_LOG_READY,		/* the stream's head has room for any entry */
	ZRAM_LOG_WAIT,		/* no segment is free, but some will be */
	ZRAM_LOG_CLEAN,		/* a segment has to be cleaned first, if one can be */
	ZRAM_LOG_FULL,		/* there is no room */
};

/**
 * zram_log_room() - make room for a write
 * @log: the log
 * @stream: whose
 * @cleanable: whether the search for a segment to clean has not failed since an entry
 *	was last dropped
 *
 * Closes the stream's segment if that is full, and opens another one.
 *
 * Return: what to do. After ZRAM_LOG_READY the head stands where an entry may be
 *	written, with room for ZRAM_LOG_ENTRY_BLOCKS blocks at least.
 */
enum zram_log_verdict zram_log_room(struct zram_log *log,
				    enum zram_log_stream stream,
				    bool cleanable) ZSM_NOEXCEPT;

/* Blocks that a write may have at the stream's head, which has room. */
static inline uint32_t zram_log_write_blocks(const struct zram_log_head *head)
{
	uint32_t left = ZRAM_LOG_SEGMENT_BLOCKS - head->block;

	return left < ZRAM_LOG_WRITE_BLOCKS ? left : ZRAM_LOG_WRITE_BLOCKS;
}

/* The location of the granule where the stream is written to next. */
static inline uint64_t zram_log_head_loc(const struct zram_log_head *head)
{
	return (uint64_t)head->segment * ZRAM_LOG_SEGMENT_GRANULES +
	       head->block * ZRAM_LOG_BLOCK_GRANULES;
}

/**
 * zram_log_wrote() - blocks are being written at a stream's head
 * @log: the log
 * @stream: whose
 * @blocks: how many
 */
void zram_log_wrote(struct zram_log *log, enum zram_log_stream stream,
		    uint32_t blocks) ZSM_NOEXCEPT;

/* An entry comes to be in use in a segment that is open. */
void zram_log_add(struct zram_log *log, uint32_t segment,
		  uint32_t granules) ZSM_NOEXCEPT;

/* An entry is not in use any more. */
void zram_log_drop(struct zram_log *log, uint32_t segment,
		   uint32_t granules) ZSM_NOEXCEPT;

/* Whether there are segments that zram_log_drain() would take. */
static inline bool zram_log_has_empty(const struct zram_log *log)
{
	return log->nr_in[ZRAM_SEGMENT_EMPTY];
}

/**
 * zram_log_drain() - begin to wait for readers
 * @log: the log, of which no segment is DRAINING
 *
 * All segments that are EMPTY are DRAINING then, and zram_log_drained() is called when
 * all readers are gone that were there.
 *
 * Return: whether there are such.
 */
bool zram_log_drain(struct zram_log *log) ZSM_NOEXCEPT;

/* Segments that are DRAINING are FREE. */
void zram_log_drained(struct zram_log *log) ZSM_NOEXCEPT;

/* ---- Cleaning ----------------------------------------------------------- */

/**
 * struct zram_log_search - a search for a segment to clean, all zero at first
 * @next: the segment to look at
 * @best: the one that has the least in use so far, or ZRAM_NO_SEGMENT
 * @live: what that has
 */
struct zram_log_search {
	uint32_t next;
	uint32_t best;
	uint32_t live;
};

/**
 * zram_log_search_step() - look at some segments
 * @log: the log
 * @search: how far it has come
 *
 * Return: whether there are others to look at.
 */
bool zram_log_search_step(const struct zram_log *log,
			  struct zram_log_search *search) ZSM_NOEXCEPT;

/* Begins to clean a segment. False: it may not be any more. */
bool zram_log_clean(struct zram_log *log, uint32_t segment) ZSM_NOEXCEPT;

/**
 * zram_log_cleaned() - cleaning has ended
 * @log: the log
 * @segment: which was cleaned; entries may still be in use
 * @junk: it is not what was written
 */
void zram_log_cleaned(struct zram_log *log, uint32_t segment,
		      bool junk) ZSM_NOEXCEPT;

/* ---- Segments that fail ------------------------------------------------- */

/* Nothing more is written to a segment that is open or closed. */
void zram_log_fail(struct zram_log *log, uint32_t segment) ZSM_NOEXCEPT;

/* BAD segments of which no entry is in use may be tried again. Looks at all segments. */
void zram_log_forgive(struct zram_log *log) ZSM_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif /* ZRAM_CORE_LOG_H */
