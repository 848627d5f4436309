// SPDX-License-Identifier: GPL-2.0
/* A block into the cache. */
#include <linux/mm.h>

#include "store/put.h"
#include "zcache/ghost.h"
#include "zcache/insert.h"

/* Pages that are evicted at a time, beyond what must be. */
#define ZCACHE_EVICT_PAGES 8

/* A cache that takes less than this part of its limit has room again. */
#define ZCACHE_ROOM_SHARE 8

bool zcache_make_room(struct zcache *zcache)
{
	u64 limit = READ_ONCE(zcache->limit_bytes);
	u64 used = zcache_used_bytes(zcache) + PAGE_SIZE;

	if (used <= limit) {
		if (READ_ONCE(zcache->full) && used < limit / ZCACHE_ROOM_SHARE)
			WRITE_ONCE(zcache->full, false);
		return true;
	}
	WRITE_ONCE(zcache->full, true);
	zsm_reclaim(zcache->pool, DIV_ROUND_UP_ULL(used - limit, PAGE_SIZE) +
					  ZCACHE_EVICT_PAGES);
	return zcache_used_bytes(zcache) + PAGE_SIZE <= limit;
}

/* Puts bytes into an object. The stream that they are in may be held. */
static int keep(struct zcache *zcache, u32 owner, const void *data,
		unsigned int size, struct zcache_value *value)
{
	int err = zsm_alloc(zcache->pool, size, ZCACHE_GFP, owner, &value->loc);

	if (err)
		return err;
	zsm_write(zcache->pool, value->loc, data, size);
	value->stored = size;
	return 0;
}

static int keep_fill(struct zcache *zcache, u32 owner, struct zsm_fill fill,
		     struct zcache_value *value)
{
	if (zcache_fill_fits(fill.value)) {
		*value = (struct zcache_value){
			.kind = ZCACHE_FILL,
			.loc = { (u32)fill.value },
		};
		return 0;
	}
	value->kind = ZCACHE_FILL_OUTSIDE;
	return keep(zcache, owner, &fill.value, sizeof(fill.value), value);
}

/* Not compressed. */
static int keep_whole(struct zcache *zcache, u32 owner, const void *page,
		      struct zcache_value *value)
{
	struct zsm_fill fill;

	if (zsm_same_filled(page, &fill))
		return keep_fill(zcache, owner, fill, value);
	value->kind = ZCACHE_WHOLE;
	return keep(zcache, owner, page, PAGE_SIZE, value);
}

/* Returns -E2BIG if the block is not worth storing. */
static int keep_compressed(struct zcache *zcache, u32 owner, const void *page,
			   struct zcache_value *value)
{
	struct zsm_put put;
	int err = -E2BIG;

	zsm_put_begin(&put, zcache->streams, page);
	if (put.form == ZSM_FILL) {
		err = keep_fill(zcache, owner, put.fill, value);
	} else if (put.form == ZSM_OBJECT &&
		   put.size <= zcache->args.store_max) {
		value->kind = ZCACHE_COMPRESSED;
		err = keep(zcache, owner, put.data, put.size, value);
	}
	zsm_put_end(&put);
	return err;
}

static void publish_kept(struct zcache *zcache, const struct zcache_place *place,
			 unsigned int way, u64 block,
			 const struct zcache_value *value,
			 const struct zcache_origin *origin)
{
	if (zcache_publish(zcache, place, way, block, value, origin->first,
			   origin->note)) {
		zcache_count(zcache, fills);
		return;
	}
	if (value->kind != ZCACHE_FILL)
		zsm_free(zcache->pool, value->loc);
	zcache_count(zcache, lost);
}

static int insert(struct zcache *zcache, u64 block, const void *page,
		  const struct zcache_origin *origin,
		  int (*keep_it)(struct zcache *zcache, u32 owner, const void *page,
				 struct zcache_value *value))
{
	struct zcache_value value;
	struct zcache_place place;
	unsigned int way;
	int err;

	if (zcache_overtaken(zcache, origin->first, origin->note, block)) {
		zcache_count(zcache, lost);
		return 0;
	}
	if (!zcache_make_room(zcache) ||
	    zcache_find_or_make(zcache, block, &place)) {
		zcache_count(zcache, no_room);
		return 0;
	}
	/* Another fill was faster, or another block looks like this one. */
	if (zcache_may_have(&place))
		return 0;
	way = zcache_choose_way(&place);
	err = keep_it(zcache, place.owner + way, page, &value);
	if (!err)
		publish_kept(zcache, &place, way, block, &value, origin);
	else if (err != -E2BIG)
		zcache_count(zcache, no_room);
	return err;
}

bool zcache_insert(struct zcache *zcache, u64 block, const void *page,
		   const struct zcache_origin *origin)
{
	return insert(zcache, block, page, origin,
		      zcache->streams ? keep_compressed : keep_whole) != -E2BIG;
}

void zcache_insert_whole(struct zcache *zcache, u64 block, const void *page,
			 const struct zcache_origin *origin)
{
	insert(zcache, block, page, origin, keep_whole);
}

void zcache_reject(struct zcache *zcache, u64 block)
{
	zcache_ghost_note(zcache, zcache_hash(zcache->seed, block), true);
	zcache_count(zcache, rejected);
}
