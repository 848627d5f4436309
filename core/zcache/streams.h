/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Streams: reads that go on where another one ended. A long one is a copy, a
 * backup or a film: it is read once, and a disk is good at it. The cache lets
 * it pass.
 *
 * The table knows where the last reads ended, and how long each stream has
 * become. No lock guards it: an entry that is lost makes a stream look shorter.
 *
 * C must have the fixed-width integer types before it includes this file.
 */
#ifndef ZCACHE_STREAMS_H
#define ZCACHE_STREAMS_H

#ifdef __cplusplus
#include <cstdint>
#endif

#include "core/zcache/cell.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ZCACHE_STREAM_SETS 32u
#define ZCACHE_STREAM_WAYS 2u
/* A stream's length counts up to this many blocks. */
#define ZCACHE_STREAM_MAX_RUN 0xffffu
#define ZCACHE_STREAM_RUN_BITS 16u

ZSM_STATIC_ASSERT(ZCACHE_STREAM_RUN_BITS + ZCACHE_BLOCK_BITS <= 64);

/**
 * struct zcache_streams - where streams are; zeroed to begin with
 * @ends: the block that a stream will read next, above how many it has read; in
 *	a set of places by the hash of that block; 0: none
 */
struct zcache_streams {
	uint64_t ends[ZCACHE_STREAM_SETS][ZCACHE_STREAM_WAYS];
};

/**
 * zcache_core_stream() - tell the table of a read
 * @streams: the table
 * @first: the block that the read begins in
 * @end: the block that the byte after the read is in
 *
 * A new stream takes the place of the shorter one of its set.
 *
 * Context: any; no lock.
 * Return: blocks that the stream has read, with this read: @end - @first if
 *	nothing ended where it begins.
 */
uint32_t zcache_core_stream(struct zcache_streams *streams, uint64_t first,
			    uint64_t end) ZSM_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif /* ZCACHE_STREAMS_H */
