/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reads that fill the cache.
 *
 * A reader's pages may belong to a program, which may write to them while the disk
 * does and after: what is found there need not be what is on the disk. So a fill
 * reads into pages of its own, copies them to the reader, and caches what they hold.
 * Otherwise a program that may read a file could change what others find in it.
 */
#ifndef ZCACHE_FILL_H
#define ZCACHE_FILL_H

#include "zcache/region.h"

/**
 * struct zcache_fill_request - a read that fills
 * @reader: who reads; not submitted
 * @sector: where on the disk
 * @first: the block that it begins in
 * @nr: blocks that it touches
 * @wanted: bit i set: block @first + i is read in whole, and to be cached
 * @note: the epochs from before the read
 */
struct zcache_fill_request {
	struct bio *reader;
	sector_t sector;
	u64 first;
	unsigned int nr;
	u64 wanted;
	struct zcache_note note;
};

/**
 * zcache_fill_submit() - read for a reader and for the cache
 * @zcache: the cache
 * @request: the read
 *
 * Context: does not sleep.
 * Return: false if there is no memory for it, or too many fills are under way: then
 *	nothing has happened. Else the reader is ended when the read is.
 */
bool zcache_fill_submit(struct zcache *zcache,
			const struct zcache_fill_request *request);

/**
 * zcache_fill_create() - prepare for fills
 * @zcache: the cache
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM; an error leaves what zcache_fill_destroy() frees.
 */
int zcache_fill_create(struct zcache *zcache);

/**
 * zcache_fill_wait() - wait until all that has been read is cached
 * @zcache: the cache; no read is under way
 *
 * Context: may sleep.
 */
void zcache_fill_wait(struct zcache *zcache);

/**
 * zcache_fill_destroy() - free what zcache_fill_create() made
 * @zcache: the cache; no read is under way
 *
 * Context: may sleep.
 */
void zcache_fill_destroy(struct zcache *zcache);

/* The workqueue of all caches: made and destroyed with the module. */
int zcache_workqueue_create(void);
void zcache_workqueue_destroy(void);

#endif /* ZCACHE_FILL_H */
