// SPDX-License-Identifier: GPL-2.0
/* A cached block into memory. */
#define DM_MSG_PREFIX "zcache"

#include "store/get.h"
#include "store/word.h"
#include "zcache/load.h"

/**
 * struct taken - what a cell held
 * @kind: in which form
 * @stored: the object's bytes
 * @fill: what the block repeats, if it does
 */
struct taken {
	enum zcache_kind kind;
	unsigned int stored;
	struct zsm_fill fill;
};

/*
 * What is stored is copied out under the cell's lock and decompressed after: so the
 * lock is held for a copy, and readers of one block do not wait for each other.
 */
static bool take_block(struct zcache *zcache, u64 block,
		       struct zsm_stream *stream, void *dst, struct taken *taken)
{
	struct zcache_place place;
	unsigned long *cell;
	struct zsm_word value;
	unsigned int way;
	u64 key;

	zcache_find(zcache, block, &place);
	if (!zcache_cell_lock_block(&place, block, &way))
		return false;
	cell = (unsigned long *)&place.bucket->cells[way];
	value = zsm_word_get(cell);
	key = place.bucket->keys[way];
	taken->kind = zcache_key_kind(key);
	taken->stored = zcache_key_stored(key);
	switch (taken->kind) {
	case ZCACHE_COMPRESSED:
		zsm_get_stored(zcache->pool, stream, zsm_word_loc(value),
			       taken->stored);
		break;
	case ZCACHE_WHOLE:
		zsm_get_huge(zcache->pool, zsm_word_loc(value), dst);
		break;
	case ZCACHE_FILL:
		taken->fill.value = zcache_fill_value(value);
		break;
	case ZCACHE_FILL_OUTSIDE:
		zsm_read(zcache->pool, zsm_word_loc(value), &taken->fill.value,
			 sizeof(taken->fill.value));
		break;
	}
	if (!(value.bits & ZCACHE_CELL_REFERENCED)) {
		value.bits |= ZCACHE_CELL_REFERENCED;
		zsm_word_set(cell, value);
	}
	zcache_cell_unlock(&place, way);
	return true;
}

/* Makes the block of what was taken. Returns an error if that does not decompress. */
static int unpack(struct zsm_stream *stream, const struct taken *taken, void *dst)
{
	switch (taken->kind) {
	case ZCACHE_COMPRESSED:
		return zsm_decompress(stream, stream->buffer, taken->stored, dst);
	case ZCACHE_FILL:
	case ZCACHE_FILL_OUTSIDE:
		zsm_get_fill(taken->fill, dst);
		break;
	case ZCACHE_WHOLE:
		break;
	}
	return 0;
}

static void drop_damaged(struct zcache *zcache, u64 block,
			 const struct taken *taken)
{
	DMERR_LIMIT("block %llu: %u bytes of %s do not decompress", block,
		    taken->stored, zcache->streams->codec->name);
	zcache_remove(zcache, block, 1, false);
	zcache_count(zcache, errors);
}

bool zcache_load(struct zcache *zcache, u64 block, bool may_wait, void *dst)
{
	struct zsm_stream *stream = NULL;
	struct taken taken;
	bool found;
	int err = 0;

	if (zcache->streams) {
		stream = may_wait ? zsm_stream_get(zcache->streams) :
				    zsm_stream_try_get(zcache->streams);
		if (!stream)
			return false;
	}
	found = take_block(zcache, block, stream, dst, &taken);
	if (found)
		err = unpack(stream, &taken, dst);
	if (stream)
		zsm_stream_put(stream);
	if (err)
		drop_damaged(zcache, block, &taken);
	return found && !err;
}
