// SPDX-License-Identifier: GPL-2.0
/* A page into the store. */
#include <linux/export.h>
#include <linux/gfp.h>
#include <linux/mm.h>

#include "store/put.h"

/* The page as it is. */
static void put_huge(struct zsm_put *put)
{
	put->form = ZSM_HUGE;
	put->size = PAGE_SIZE;
	put->data = put->page;
}

/* Takes a stream, and keeps it if the page becomes smaller. */
static void put_compress(struct zsm_put *put)
{
	struct zsm_stream *stream = zsm_stream_get(put->streams);
	int size = zsm_compress(stream, put->page);

	if (size > 0 && size < zsm_huge_size()) {
		put->form = ZSM_OBJECT;
		put->size = size;
		put->data = stream->buffer;
		put->stream = stream;
		return;
	}
	zsm_stream_put(stream);
	if (size >= 0) {
		put_huge(put);
	} else {
		put->form = ZSM_ERROR;
		put->err = size;
	}
}

void zsm_put_begin(struct zsm_put *put, struct zsm_streams *streams,
		   const void *page)
{
	put->page = page;
	put->streams = streams;
	put->stream = NULL;
	if (zsm_same_filled(page, &put->fill))
		put->form = ZSM_FILL;
	else
		put_compress(put);
}
EXPORT_SYMBOL_GPL(zsm_put_begin);

static struct zsm_stored stored_error(int err)
{
	return (struct zsm_stored){ .form = ZSM_ERROR, .err = err };
}

/* Fills an object that fits. */
static struct zsm_stored put_write(const struct zsm_put *put,
				   struct zsm_pool *pool, struct zsm_loc loc)
{
	zsm_write(pool, loc, put->data, put->size);
	return (struct zsm_stored){
		.form = put->form,
		.size = put->size,
		.loc = loc,
	};
}

/*
 * Whether an object that was allocated for @size bytes will do: it has the room, which
 * not every kind of pool gives to all sizes of a class, and does not waste much of it.
 */
static bool put_fits(const struct zsm_put *put, struct zsm_pool *pool,
		     struct zsm_loc loc, u32 size)
{
	return (put->form == ZSM_OBJECT || put->form == ZSM_HUGE) &&
	       put->size <= zsm_room(pool, loc) &&
	       zsm_size_class(put->size) == zsm_size_class(size);
}

/* The same, but without waiting. */
static gfp_t put_nowait(gfp_t gfp)
{
	return GFP_NOWAIT | __GFP_NOWARN | (gfp & __GFP_HIGH);
}

struct zsm_stored zsm_put_object(struct zsm_put *put, struct zsm_pool *pool,
				 u32 owner, gfp_t gfp)
{
	while (put->form != ZSM_ERROR) {
		bool compressed = put->form == ZSM_OBJECT;
		u32 size = put->size;
		struct zsm_loc loc;
		int err;

		err = zsm_alloc(pool, size,
				compressed ? put_nowait(gfp) : gfp, owner, &loc);
		if (!err)
			return put_write(put, pool, loc);
		if (!compressed || err != -ENOMEM)
			return stored_error(err);

		zsm_put_end(put);
		err = zsm_alloc(pool, size, gfp, owner, &loc);
		put_compress(put);
		if (err)
			return stored_error(err);
		if (put_fits(put, pool, loc, size))
			return put_write(put, pool, loc);
		zsm_free(pool, loc);
	}
	return stored_error(put->err);
}
EXPORT_SYMBOL_GPL(zsm_put_object);

struct zsm_stored zsm_put(struct zsm_pool *pool, struct zsm_streams *streams,
			  const void *page, u32 owner, gfp_t gfp)
{
	struct zsm_stored stored;
	struct zsm_put put;

	zsm_put_begin(&put, streams, page);
	if (put.form == ZSM_FILL)
		return (struct zsm_stored){ .form = ZSM_FILL,
					    .fill = put.fill };
	stored = zsm_put_object(&put, pool, owner, gfp);
	zsm_put_end(&put);
	return stored;
}
EXPORT_SYMBOL_GPL(zsm_put);

/* The front may ask before it takes a buffer. The core exports nothing itself. */
EXPORT_SYMBOL_GPL(zsm_same_filled);
