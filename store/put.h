/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A page into the store: it is looked at, compressed, and copied into an object.
 *
 * zsm_put() does all of it. A front that can write over an object which it has already
 * goes step by step: zsm_put_begin() finds how the page is best kept; if that takes an
 * object the front may write put->data to one of its own that fits (zsm_fits()), or
 * call zsm_put_object() for a new one; zsm_put_end() comes last.
 */
#ifndef ZSM_PUT_H
#define ZSM_PUT_H

#include <linux/types.h>

#include "core/store/same_filled.h"
#include "store/stream.h"
#include "zsmalloc.h"

/* The form that a page is kept in. */
enum zsm_form {
	ZSM_FILL,	/* it repeats one value, and needs no object */
	ZSM_OBJECT,	/* compressed, in an object */
	ZSM_HUGE,	/* as it is, in an object of a page: compressing saves nothing */
	ZSM_ERROR,	/* not at all */
};

/**
 * struct zsm_stored - what became of a page
 * @form: how it is kept; says which of the others count
 * @size: ZSM_OBJECT, ZSM_HUGE: bytes of the object
 * @fill: ZSM_FILL: the value
 * @loc: ZSM_OBJECT, ZSM_HUGE: the object, whose location the front keeps
 * @err: ZSM_ERROR: -ENOMEM, -ENOSPC or -EDQUOT as zsm_alloc(); -EIO: the codec failed
 */
struct zsm_stored {
	enum zsm_form form;
	u32 size;
	union {
		struct zsm_fill fill;
		struct zsm_loc loc;
		int err;
	};
};

/**
 * struct zsm_put - a page on its way in; the caller's, usually on its stack
 * @form: how it can be kept
 * @size: ZSM_OBJECT, ZSM_HUGE: bytes that an object must hold
 * @data: ZSM_OBJECT, ZSM_HUGE: those bytes, until zsm_put_end()
 * @fill: ZSM_FILL: the value
 * @err: ZSM_ERROR: -EIO
 */
struct zsm_put {
	enum zsm_form form;
	u32 size;
	union {
		const void *data;
		struct zsm_fill fill;
		int err;
	};
/* private: */
	const void *page;
	struct zsm_streams *streams;
	struct zsm_stream *stream;
};

/**
 * zsm_put_begin() - find how a page is best kept
 * @put: receives that
 * @streams: what compresses it
 * @page: PAGE_SIZE bytes, aligned to 8
 *
 * Context: may sleep. Holds a stream on return if @put->form is ZSM_OBJECT: until
 *	zsm_put_end() or zsm_put_object() the caller follows the rules of
 *	store/stream.h.
 */
void zsm_put_begin(struct zsm_put *put, struct zsm_streams *streams,
		   const void *page);

/**
 * zsm_put_object() - give a page a new object
 * @put: what zsm_put_begin() found: ZSM_OBJECT or ZSM_HUGE
 * @pool: where the object is allocated
 * @owner: as in zsm_alloc()
 * @gfp: how to allocate, when the stream has been given back: the task that makes room
 *	may need it
 *
 * If no memory is at hand the stream is given back, an object is allocated with @gfp,
 * and the page is compressed again. A page that changes meanwhile may come out in
 * another size, and then in another form. If no object is to be had, the caller may still
 * write @put->data over one of its own.
 *
 * Context: may sleep if @gfp may.
 * Return: what became of the page: ZSM_OBJECT, ZSM_HUGE or ZSM_ERROR.
 */
struct zsm_stored zsm_put_object(struct zsm_put *put, struct zsm_pool *pool,
				 u32 owner, gfp_t gfp);

/**
 * zsm_put_end() - give back what zsm_put_begin() took
 * @put: of any form
 *
 * Context: the task that began; does not sleep.
 */
static inline void zsm_put_end(struct zsm_put *put)
{
	if (put->stream)
		zsm_stream_put(put->stream);
	put->stream = NULL;
}

/**
 * zsm_put() - put a page into the store
 * @pool: where it goes
 * @streams: what compresses it
 * @page: PAGE_SIZE bytes, aligned to 8
 * @owner: as in zsm_alloc()
 * @gfp: as in zsm_put_object()
 *
 * Context: may sleep. Takes a stream.
 * Return: what became of the page. An object is the caller's until zsm_free().
 */
struct zsm_stored zsm_put(struct zsm_pool *pool, struct zsm_streams *streams,
			  const void *page, u32 owner, gfp_t gfp);

#endif /* ZSM_PUT_H */
