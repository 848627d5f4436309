/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Entries into the packed log's buffers. All of it is called by the task that writes,
 * which holds work_lock, between zram_log_begin() and zram_log_end().
 */
#ifndef ZRAM_LOG_APPEND_H
#define ZRAM_LOG_APPEND_H

#include "zram/tier/log.h"
#include "zram/tier/writeback_state.h"

/* Begins to write for @wb. */
void zram_log_begin(struct zram_writeback *wb);

/* Writes what there is in the buffers, and waits until all is settled. May sleep. */
void zram_log_flush(struct zram_packed_log *log);

/**
 * zram_log_reserve() - room for an entry
 * @wb: for whom
 * @stream: where it goes
 * @size: bytes of data
 * @from: the segment that it comes from, or ZRAM_NO_SEGMENT
 * @write: receives the buffer
 *
 * Context: may sleep; waits for writes, and for readers of segments that become free.
 * Return: where the data go, to be followed by zram_log_commit() or by nothing;
 *	ERR_PTR(-EAGAIN) if a segment has to be cleaned first, -ENOSPC if there is no room,
 *	-EDQUOT if the limit is reached, -EINTR if the task was killed.
 */
void *zram_log_reserve(struct zram_writeback *wb, enum zram_log_stream stream,
		       u32 size, u32 from, struct zram_log_write **write);

/**
 * zram_log_commit() - the data are there
 * @log: the log
 * @write: the buffer
 * @index: the slot
 * @size: bytes of data, as reserved
 * @marked: the slot was marked as idle for the write
 * @anew: the data were compressed anew
 *
 * Context: any but interrupts.
 */
void zram_log_commit(struct zram_packed_log *log, struct zram_log_write *write,
		     u32 index, u32 size, bool marked, bool anew);

/**
 * zram_log_hash() - what an entry's check is made of
 * @log: the log
 * @loc: where it is
 * @index: the slot
 * @data: the data
 * @size: bytes of that
 *
 * Context: any.
 * Return: a hash of 32 bits.
 */
u32 zram_log_hash(const struct zram_packed_log *log, u64 loc, u32 index,
		  const void *data, u32 size);

#endif /* ZRAM_LOG_APPEND_H */
