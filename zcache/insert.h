/* SPDX-License-Identifier: GPL-2.0 */
/* A block into the cache. */
#ifndef ZCACHE_INSERT_H
#define ZCACHE_INSERT_H

#include "zcache/index.h"

/**
 * struct zcache_origin - where a block comes from
 * @first: the first block of the read that got it
 * @note: the epochs from before that read
 */
struct zcache_origin {
	u64 first;
	const struct zcache_note *note;
};

/**
 * zcache_insert() - cache a block, if it compresses
 * @zcache: the cache
 * @block: the block
 * @page: what it holds; nobody writes to it
 * @origin: where that comes from
 *
 * What a write has overtaken, or has no room, is forgotten.
 *
 * Context: may sleep; takes a stream, then a cell. Evicts if the limit is reached.
 * Return: false if it does not compress well enough: then nothing has been done, and
 *	zcache_insert_whole() or zcache_reject() comes next.
 */
bool zcache_insert(struct zcache *zcache, u64 block, const void *page,
		   const struct zcache_origin *origin);

/**
 * zcache_insert_whole() - cache a block as it is
 * @zcache: the cache
 * @block: the block
 * @page: what it holds; nobody writes to it
 * @origin: where that comes from
 *
 * Context: as zcache_insert(), but takes no stream.
 */
void zcache_insert_whole(struct zcache *zcache, u64 block, const void *page,
			 const struct zcache_origin *origin);

/**
 * zcache_reject() - remember that a block does not compress
 * @zcache: the cache
 * @block: the block
 *
 * Context: does not sleep.
 */
void zcache_reject(struct zcache *zcache, u64 block);

/**
 * zcache_make_room() - stay within the limit
 * @zcache: the cache
 *
 * Context: may sleep. The caller holds no stream and no cell.
 * Return: whether there is room for a page.
 */
bool zcache_make_room(struct zcache *zcache);

#endif /* ZCACHE_INSERT_H */
