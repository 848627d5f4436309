/* SPDX-License-Identifier: GPL-2.0 */
/* A cached block into memory. */
#ifndef ZCACHE_LOAD_H
#define ZCACHE_LOAD_H

#include "zcache/index.h"

/**
 * zcache_load() - get a block out of the cache
 * @zcache: the cache
 * @block: the block
 * @may_wait: for a stream, if all are taken
 * @dst: receives the block, PAGE_SIZE bytes. May be a page that a program writes
 *	to meanwhile: what it then gets is its own doing, and nothing else is.
 *
 * A block that does not decompress is dropped, and not found.
 *
 * Context: may sleep with @may_wait. Takes a stream, then the cell for a copy of what
 *	is stored.
 * Return: whether it was there and, without @may_wait, a stream free; if not, @dst is
 *	undefined.
 */
bool zcache_load(struct zcache *zcache, u64 block, bool may_wait, void *dst);

#endif /* ZCACHE_LOAD_H */
