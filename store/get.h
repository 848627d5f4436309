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

/* Whether zsm_decompress() wants a stream, which the caller takes before any spinlock. */
static inline bool zsm_get_wants_stream(const struct zsm_streams *streams)
{
	return streams->codec->decompress_needs_ctx;
}

/**
 * zsm_get_stored() - copy what an object holds to a stream
 * @pool: where the object is
 * @stream: a stream that the caller holds; its buffer receives the bytes
 * @loc: the object
 * @size: how many
 *
 * The object may be freed, written and moved afterwards, so that no lock of its owner's is
 * held for as long as decompressing takes.
 *
 * Context: as zsm_read().
 */
static inline void zsm_get_stored(struct zsm_pool *pool, struct zsm_stream *stream,
				  struct zsm_loc loc, u32 size)
{
	zsm_read(pool, loc, stream->buffer, size);
}

/**
 * zsm_get_unpacked() - decompress what was copied to a stream
 * @stream: the stream, of the set whose codec compressed it
 * @size: how many bytes zsm_get_stored() has copied
 * @page: receives PAGE_SIZE bytes
 *
 * Context: any but interrupts; does not sleep.
 * Return: 0, or -EINVAL if they do not decompress.
 */
static inline int zsm_get_unpacked(struct zsm_stream *stream, u32 size,
				   void *page)
{
	return zsm_decompress(stream->streams, stream, stream->buffer, size,
			      page);
}

#endif /* ZSM_GET_H */
