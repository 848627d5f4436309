/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The write engine of a backing device: pages that are written to blocks, some at a time.
 * Its memory is there from when the device is opened, so that writing goes on when no
 * memory is left. It knows nothing of slots: what has to be done when a write has ended
 * is done by the task that writes, never by the interrupt.
 */
#ifndef ZRAM_WRITER_H
#define ZRAM_WRITER_H

#include <linux/bio.h>
#include <linux/list.h>
#include <linux/types.h>

#include "core/store/word_bits.h"
#include "zram/tier/flights.h"

struct zram_writer;

/* Writes that there is always room for: the default of writeback_batch_size. */
#define ZRAM_MIN_WRITES 32u

/**
 * struct zram_write - a write, or room for one
 * @flight: as one of @writer->flights
 * @under_way: in @writer->under_way, from when it is submitted until it has been settled
 * @writer: whose it is
 * @page: what is written
 * @index: the slot, for the task that writes
 * @value: what the slot is to hold then, likewise
 * @clear: flags that the slot has got for the write alone, likewise
 * @charged: it counts against writeback_limit, likewise
 * @bvec: of the bio
 */
struct zram_write {
	struct zram_flight flight;
	struct list_head under_way;
	struct zram_writer *writer;
	void *page;
	u32 index;
	struct zsm_word value;
	u64 clear;
	bool charged;
	struct bio_vec bvec;
};

/**
 * struct zram_writer - a write engine
 * @bdev: where to
 * @nr: writes that there is room for
 * @batch: how many may be in flight
 * @flights: the writes
 * @under_way: those that are in flight
 * @settle: is called by the writing task for each write that has ended, with its error
 *	or 0
 * @priv: for @settle
 *
 * All is the writing task's, which holds work_lock.
 */
struct zram_writer {
	struct block_device *bdev;
	u32 nr;
	u32 batch;
	struct zram_flights flights;
	struct list_head under_way;
	void (*settle)(struct zram_write *write, int err);
	void *priv;
};

/**
 * zram_writer_init() - make a write engine
 * @writer: receives it
 * @bdev: the device to write to
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int zram_writer_init(struct zram_writer *writer, struct block_device *bdev);

/* Frees it. May sleep. No write is in flight. */
void zram_writer_exit(struct zram_writer *writer);

/**
 * zram_writer_begin() - write with an engine
 * @writer: the engine
 * @batch: how many writes may be in flight; at least 1. There may be fewer where
 *	memory is short
 * @settle: is called for each write that has ended
 * @priv: for @settle
 *
 * Context: may sleep. The caller holds work_lock until zram_writer_end().
 */
void zram_writer_begin(struct zram_writer *writer, u32 batch,
		       void (*settle)(struct zram_write *write, int err),
		       void *priv);

/* Whether a write of a slot is in flight. The writing task's; any context. */
bool zram_writer_has(const struct zram_writer *writer, u32 index);

/* Waits for all writes and settles them. May sleep. */
void zram_writer_drain(struct zram_writer *writer);

/* The same, and gives back what a large batch has taken. May sleep. */
void zram_writer_end(struct zram_writer *writer);

/**
 * zram_writer_get() - room for a write
 * @writer: the engine
 *
 * Context: may sleep, until a write has ended. Settles those that have.
 * Return: the write, the caller's until it submits it or puts it back.
 */
struct zram_write *zram_writer_get(struct zram_writer *writer);

/* Puts a write back that is not needed. */
void zram_writer_put(struct zram_write *write);

/**
 * zram_writer_submit() - write @write->page
 * @write: the write; the engine's from now on
 * @sector: where to
 *
 * Context: may sleep.
 */
void zram_writer_submit(struct zram_write *write, sector_t sector);

#endif /* ZRAM_WRITER_H */
