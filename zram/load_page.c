// SPDX-License-Identifier: GPL-2.0
/* A page out of a slot. */
#define pr_fmt(fmt) "zram: " fmt

#include <linux/printk.h>
#include <linux/string.h>

#include "core/zram/age.h"
#include "store/get.h"
#include "zram/load_page.h"
#include "zram/slot.h"
#include "zram/times.h"

/* The value that a same-filled slot repeats. The caller holds the slot. */
static struct zsm_fill zram_fill_value(struct zram *zram, struct zsm_word value)
{
	struct zsm_fill fill;

	if (!zram_slot_has_object(value))
		return zram_slot_fill_value(value);
	zsm_read(zram->pool, zram_slot_loc(value), &fill, ZRAM_FILL_SIZE);
	return fill;
}

void zram_load_take(struct zram *zram, struct zsm_stream *stream,
		    struct zsm_word value, void *page)
{
	struct zsm_loc loc = zram_slot_loc(value);

	switch (zram_slot_state(value)) {
	case ZRAM_EMPTY:
		memset(page, 0, PAGE_SIZE);
		break;
	case ZRAM_FILL_INSIDE:
	case ZRAM_FILL_OBJECT:
		zsm_get_fill(zram_fill_value(zram, value), page);
		break;
	case ZRAM_WHOLE:
		zsm_get_huge(zram->pool, loc, page);
		break;
	case ZRAM_PACKED:
		zsm_get_stored(zram->pool, stream, loc, zram_slot_size(value));
		break;
	default:
		/* The caller reads the block. */
		break;
	}
}

int zram_load_finish(struct zsm_stream *stream, struct zsm_word value,
		     void *page)
{
	if (zram_slot_state(value) != ZRAM_PACKED)
		return 0;
	return zsm_decompress(stream, stream->buffer, zram_slot_size(value),
			      page);
}

/* The set whose streams what a slot holds is decompressed with; NULL: none. */
static struct zsm_streams *zram_streams_to_load(struct zram *zram,
						struct zsm_word value)
{
	if (zram_slot_state(value) != ZRAM_PACKED)
		return NULL;
	return zram->algos[zram_slot_prio(value)].streams;
}

/* A stream may have to be waited for, so it is taken before the slot. */
struct zsm_stream *zram_slot_lock_to_load(struct zram *zram,
					  unsigned long *slot, struct zsm_word *value)
	__acquires(bitlock)
{
	struct zsm_streams *wanted = zram_streams_to_load(zram, zram_slot_get(slot));

	for (;;) {
		struct zsm_stream *stream =
			wanted ? zsm_stream_get(wanted) : NULL;
		struct zsm_streams *have = wanted;

		zram_slot_lock(slot);
		*value = zram_slot_get(slot);
		wanted = zram_streams_to_load(zram, *value);
		if (likely(!wanted || wanted == have))
			return stream;
		zram_slot_unlock(slot);
		if (stream)
			zsm_stream_put(stream);
	}
}

int zram_load_failed(struct zram *zram, u32 index, struct zsm_word value)
{
	pr_err_ratelimited("%s: slot %u: %u bytes of %s do not decompress\n",
			   zram->disk->disk_name, index, zram_slot_size(value),
			   zram->algos[zram_slot_prio(value)].codec->name);
	return -EIO;
}

/* Says in the slot, which holds @value, that its page was used just now. */
static void zram_load_stamp(struct zram *zram, unsigned long *slot,
			    struct zsm_word value)
{
	struct zsm_word used = value;

	used.bits &= ~ZRAM_SLOT_IDLE;
	used = zram_slot_used(used, READ_ONCE(zram->generation));
	if (!zsm_word_same(used, value))
		zram_slot_set(slot, used);
}

int zram_load_page(struct zram *zram, u32 index, void *page, struct zsm_word *backed)
{
	unsigned long *slot = zram_slot_find(zram, index);
	struct zsm_stream *stream;
	struct zsm_word value;
	int err;

	if (!slot) {
		memset(page, 0, PAGE_SIZE);
		return 0;
	}
	zram_touch(zram, index);
	stream = zram_slot_lock_to_load(zram, slot, &value);
	if (likely(!(value.bits & ZRAM_SLOT_BACKED))) {
		zram_load_take(zram, stream, value, page);
		zram_load_stamp(zram, slot, value);
	}
	zram_slot_unlock(slot);
	err = zram_load_finish(stream, value, page);
	/* Also one that was taken for what has just been written back. */
	if (stream)
		zsm_stream_put(stream);
	if (unlikely(value.bits & ZRAM_SLOT_BACKED)) {
		*backed = value;
		return ZRAM_ON_BACKING;
	}
	return err ? zram_load_failed(zram, index, value) : 0;
}
