/* SPDX-License-Identifier: GPL-2.0 */
/* The ghost: which blocks were read not long ago and are not cached. */
#ifndef ZCACHE_GHOST_C_H
#define ZCACHE_GHOST_C_H

#include "zcache/zcache.h"

/**
 * zcache_ghost_look() - was a block read not long ago?
 * @zcache: the cache
 * @hash: the block's
 *
 * Context: any.
 * Return: what is known.
 */
enum zcache_seen zcache_ghost_look(const struct zcache *zcache, u64 hash);

/**
 * zcache_ghost_note() - remember a block
 * @zcache: the cache
 * @hash: the block's
 * @bad: it is not worth storing
 *
 * Without memory for the line it is forgotten.
 *
 * Context: any but interrupts; does not sleep; allocates with ZCACHE_GFP.
 */
void zcache_ghost_note(struct zcache *zcache, u64 hash, bool bad);

#endif /* ZCACHE_GHOST_C_H */
