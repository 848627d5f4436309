/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the packed log is written with: buffers of ZRAM_LOG_WRITE_BYTES, which are there
 * from when the device gets its size, so that writing goes on when no memory is left. What
 * has to be done when a write has ended is done by the task that writes, never by the
 * interrupt.
 */
#ifndef ZRAM_LOG_OUT_H
#define ZRAM_LOG_OUT_H

#include <linux/bio.h>
#include <linux/types.h>

#include "core/zram/log.h"
#include "zram/tier/flights.h"

/* Buffers: one for each stream, and as many in flight. */
#define ZRAM_LOG_WRITES 4

#define ZRAM_LOG_WRITE_GRANULES (ZRAM_LOG_WRITE_BYTES / ZRAM_LOG_GRANULE)

struct zram_log_out;

/**
 * struct zram_log_write - a buffer
 * @flight: as one of @out->flights
 * @out: whose it is
 * @data: the entries
 * @stream: where they go
 * @loc: the location of the first
 * @used: granules that are filled; 0 in one that is free
 * @room: granules that there are
 * @charged: blocks that were charged for
 * @from: the segment that they come from, which is being cleaned; ZRAM_NO_SEGMENT: they
 *	come out of memory
 * @marked: by granule, whether the entry's slot was marked as idle for the write alone
 * @anew: by granule, whether the entry was compressed anew for the write
 * @bvecs: of the bio
 */
struct zram_log_write {
	struct zram_flight flight;
	struct zram_log_out *out;
	void *data;
	enum zram_log_stream stream;
	u64 loc;
	u32 used;
	u32 room;
	u32 charged;
	u32 from;
	DECLARE_BITMAP(marked, ZRAM_LOG_WRITE_GRANULES);
	DECLARE_BITMAP(anew, ZRAM_LOG_WRITE_GRANULES);
	struct bio_vec bvecs[ZRAM_LOG_WRITE_BLOCKS];
};

/**
 * struct zram_log_out - the buffers of a log
 * @bdev: where to
 * @writes: all of them
 * @open: those that are being filled, by stream, or NULL
 * @flights: those that are free, and those in flight
 * @settle: is called by the writing task for each write that has ended, with its error or 0
 * @priv: for @settle
 *
 * All is the writing task's, which holds work_lock.
 */
struct zram_log_out {
	struct block_device *bdev;
	struct zram_log_write *writes[ZRAM_LOG_WRITES];
	struct zram_log_write *open[ZRAM_NR_LOG_STREAMS];
	struct zram_flights flights;
	void (*settle)(struct zram_log_write *write, int err);
	void *priv;
};

/**
 * zram_log_out_init() - make the buffers
 * @out: receives them
 * @bdev: the device to write to
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM; then zram_log_out_exit() is called all the same.
 */
int zram_log_out_init(struct zram_log_out *out, struct block_device *bdev);

/* Frees them. May sleep. No write is in flight. */
void zram_log_out_exit(struct zram_log_out *out);

/* Whether a slot has an entry in a buffer that was not settled yet. Any context. */
bool zram_log_out_has(const struct zram_log_out *out, u32 index);

/* A buffer that is free, and is the caller's. May sleep until writes have ended. */
struct zram_log_write *zram_log_out_get(struct zram_log_out *out);

/* Gives one back that was not submitted. */
void zram_log_out_put(struct zram_log_write *write);

/**
 * zram_log_out_submit() - write a buffer
 * @write: the buffer; @loc and @used are set, and what is behind that is zero
 *
 * Context: may sleep.
 */
void zram_log_out_submit(struct zram_log_write *write);

/* Waits until all that was submitted is settled. May sleep. */
void zram_log_out_drain(struct zram_log_out *out);

/**
 * zram_log_bio_add() - add memory of vmalloc() to a bio
 * @bio: the bio, which has room
 * @data: aligned to a page
 * @blocks: pages of it
 *
 * Context: any.
 */
void zram_log_bio_add(struct bio *bio, void *data, u32 blocks);

#endif /* ZRAM_LOG_OUT_H */
