/* SPDX-License-Identifier: GPL-2.0 */
/* A page out of a slot. */
#ifndef ZRAM_LOAD_PAGE_H
#define ZRAM_LOAD_PAGE_H

#include "zram_drv.h"

/**
 * zram_load_page() - get a page out of a slot
 * @zram: the device
 * @index: the slot
 * @page: receives PAGE_SIZE bytes; zeroes for an empty slot
 * @backed: receives what the slot holds if the page is on the backing device
 *
 * Context: may sleep. Takes a stream, then the slot.
 * Return: 0, or -EIO if what is stored does not decompress; ZRAM_ON_BACKING.
 */
int zram_load_page(struct zram *zram, u32 index, void *page, struct zsm_word *backed);

/* Not an error, and not done: the page has to be read from the backing device. */
#define ZRAM_ON_BACKING 1

/**
 * zram_slot_lock_to_load() - lock a slot, ready to get out what it holds
 * @zram: the device
 * @slot: the slot; locked on return
 * @value: receives what it holds
 *
 * Context: may sleep; takes a stream, then the slot.
 * Return: the stream that zram_load_take() wants, the caller's to put after
 *	zram_load_finish(); NULL if it wants none. Not NULL may be of no use any more.
 */
struct zsm_stream *zram_slot_lock_to_load(struct zram *zram,
					  unsigned long *slot, struct zsm_word *value)
	__acquires(bitlock);

/**
 * zram_load_take() - get out of a locked slot what it holds
 * @zram: the device
 * @stream: what zram_slot_lock_to_load() returned; receives what is compressed
 * @value: what the slot holds; not a page on the backing device
 * @page: receives PAGE_SIZE bytes, unless the page is compressed
 *
 * Context: the caller holds the slot; does not sleep. No longer than a copy takes.
 */
void zram_load_take(struct zram *zram, struct zsm_stream *stream,
		    struct zsm_word value, void *page);

/**
 * zram_load_finish() - decompress what was taken
 * @stream: what zram_slot_lock_to_load() returned
 * @value: what the slot held
 * @page: receives PAGE_SIZE bytes
 *
 * Context: the caller has unlocked the slot, and may be preempted; does not sleep.
 * Return: 0, or -EINVAL if what was stored does not decompress.
 */
int zram_load_finish(struct zsm_stream *stream, struct zsm_word value,
		     void *page);

/**
 * zram_load_failed() - tell that a page does not decompress
 * @zram: the device
 * @index: the slot
 * @value: what it holds
 *
 * Context: any.
 * Return: -EIO.
 */
int zram_load_failed(struct zram *zram, u32 index, struct zsm_word value);

#endif /* ZRAM_LOAD_PAGE_H */
