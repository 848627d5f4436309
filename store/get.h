/* SPDX-License-Identifier: GPL-2.0 */
/* A page out of the store. */
#ifndef ZSM_GET_H
#define ZSM_GET_H

#include <linux/mm.h>
#include <linux/string.h>

#include "core/store/same_filled.h"
#include "store/stream.h"
#include "zsmalloc.h"

/* Fills a page with the value that it repeats. Context: any. */
static inline void zsm_get_fill(struct zsm_fill fill, void *page)
{
	memset_l(page, fill.value, PAGE_SIZE / sizeof(unsigned long));
}

/* Copies a page that is kept as it is. Context: as zsm_read(). */
static inline void zsm_get_huge(struct zsm_pool *pool, struct zsm_loc loc, void *page)
{
	zsm_read(pool, loc, page, PAGE_SIZE);
}

/**
 * zsm_get_stored() - copy what an object holds to a stream
 * @pool: where the object is
 * @stream: a stream that the caller holds; its buffer receives the bytes
 * @loc: the object
 * @size: how many
 *
 * zsm_decompress() takes them from there. The object may be freed, written and moved
 * meanwhile, so that no lock of its owner's is held for as long as decompressing takes.
 *
 * Context: as zsm_read().
 */
static inline void zsm_get_stored(struct zsm_pool *pool, struct zsm_stream *stream,
				  struct zsm_loc loc, u32 size)
{
	zsm_read(pool, loc, stream->buffer, size);
}

#endif /* ZSM_GET_H */
