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

/* Whether zsm_get_object() wants a stream, which the caller takes before any spinlock. */
static inline bool zsm_get_wants_stream(const struct zsm_streams *streams)
{
	return streams->codec->decompress_needs_ctx;
}

/**
 * zsm_get_object() - decompress a page out of an object
 * @pool: where the object is
 * @streams: the set whose codec compressed it
 * @stream: a stream of @streams that the caller holds; NULL unless
 *	zsm_get_wants_stream() says so
 * @loc: the object
 * @size: bytes it holds
 * @page: receives PAGE_SIZE bytes
 *
 * Context: any but interrupts; does not sleep. The owner keeps the object from being
 *	freed or written meanwhile.
 * Return: 0, or -EINVAL if what is stored does not decompress.
 */
static inline int zsm_get_object(struct zsm_pool *pool,
				 struct zsm_streams *streams,
				 struct zsm_stream *stream, struct zsm_loc loc,
				 u32 size, void *page)
{
	struct zsm_mapping map;
	int err;

	zsm_map(pool, loc, size, ZSM_MAP_READ, &map);
	err = zsm_decompress(streams, stream, map.addr, size, page);
	zsm_unmap(&map);
	return err;
}

#endif /* ZSM_GET_H */
