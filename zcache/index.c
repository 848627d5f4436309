// SPDX-License-Identifier: GPL-2.0
/* Cells: looked up, filled, emptied, moved and evicted. */
#include <linux/mm.h>
#include <linux/sched.h>

#include "store/word.h"
#include "zcache/index.h"

/* ---- One cell ----------------------------------------------------------- */

static unsigned long *cell_word(struct zcache_bucket *bucket, unsigned int way)
{
	return (unsigned long *)&bucket->cells[way];
}

/* Empties a locked cell. Returns whether there was an object, now the caller's. */
static bool empty_cell(struct zcache_bucket *bucket, unsigned int way,
		       struct zsm_loc *loc)
{
	struct zsm_word cell = zsm_word_get(cell_word(bucket, way));

	zsm_word_set(cell_word(bucket, way), (struct zsm_word){});
	*loc = zsm_word_loc(cell);
	return zcache_cell_has_object(cell);
}

/* ---- Buckets ------------------------------------------------------------ */

static u32 nr_buckets(const struct zcache *zcache)
{
	return zcache->buckets.nr * ZCACHE_BUCKETS_PER_PAGE;
}

static void place_in(struct zcache_bucket *page, u32 index,
		     struct zcache_place *place)
{
	place->bucket = page ? &page[index % ZCACHE_BUCKETS_PER_PAGE] : NULL;
	place->owner = index * ZCACHE_WAYS;
}

static void place_at(const struct zcache *zcache, u32 index,
		     struct zcache_place *place)
{
	place_in(zcache_page(&zcache->buckets, index / ZCACHE_BUCKETS_PER_PAGE),
		 index, place);
}

/* The number of a block's bucket, of which @place receives the hash. */
static u32 hash_block(const struct zcache *zcache, u64 block,
		      struct zcache_place *place)
{
	place->hash = zcache_hash(zcache->seed, block);
	return zcache_spread(place->hash, nr_buckets(zcache));
}

void zcache_find(const struct zcache *zcache, u64 block,
		 struct zcache_place *place)
{
	place_at(zcache, hash_block(zcache, block, place), place);
}

int zcache_find_or_make(struct zcache *zcache, u64 block,
			struct zcache_place *place)
{
	u32 index = hash_block(zcache, block, place);

	place_in(zcache_page_make(&zcache->buckets,
				  index / ZCACHE_BUCKETS_PER_PAGE),
		 index, place);
	return place->bucket ? 0 : -ENOMEM;
}

bool zcache_may_have(const struct zcache_place *place)
{
	return place->bucket &&
	       zcache_bucket_match(place->bucket, zcache_tag(place->hash));
}

bool zcache_cell_lock_block(const struct zcache_place *place, u64 block,
			    unsigned int *way)
{
	struct zcache_bucket *bucket = place->bucket;
	u32 tag = zcache_tag(place->hash);
	unsigned long found;
	unsigned int i;

	if (!bucket)
		return false;
	found = zcache_bucket_match(bucket, tag);
	for_each_set_bit(i, &found, ZCACHE_WAYS) {
		zsm_word_lock(cell_word(bucket, i));
		if (zcache_cell_has_tag(zsm_word_get(cell_word(bucket, i)),
					tag) &&
		    zcache_key_block(bucket->keys[i]) == block) {
			*way = i;
			__release(bitlock);
			return true;
		}
		zsm_word_unlock(cell_word(bucket, i));
	}
	return false;
}

void zcache_cell_unlock(const struct zcache_place *place, unsigned int way)
{
	__acquire(bitlock);
	zsm_word_unlock(cell_word(place->bucket, way));
}

/* ---- Blocks come -------------------------------------------------------- */

/* Takes the mark of having been read from a cell, unless its lock is held. */
static void age_cell(unsigned long *cell)
{
	struct zsm_word value;

	if (!zsm_word_trylock(cell))
		return;
	value = zsm_word_get(cell);
	value.bits &= ~ZCACHE_CELL_REFERENCED;
	zsm_word_set(cell, value);
	zsm_word_unlock(cell);
}

unsigned int zcache_choose_way(const struct zcache_place *place)
{
	struct zcache_seat seat = zcache_bucket_seat(place->bucket);
	unsigned int way;

	if (seat.age) {
		for (way = 0; way < ZCACHE_WAYS; way++)
			age_cell(cell_word(place->bucket, way));
	}
	return seat.way;
}

bool zcache_publish(struct zcache *zcache, const struct zcache_place *place,
		    unsigned int way, u64 block,
		    const struct zcache_value *value, u64 first,
		    const struct zcache_note *note)
{
	struct zsm_word word = zcache_cell(value->loc, zcache_tag(place->hash));
	unsigned long *cell = cell_word(place->bucket, way);
	bool had_object;
	bool overtaken;
	struct zsm_loc old;

	/* As if last kept in the round before: it has to earn this one. */
	word = zcache_cell_kept(word, zsm_reclaim_round(zcache->pool) - 1);
	if (value->kind != ZCACHE_FILL)
		word.bits |= ZCACHE_CELL_OBJECT;
	zsm_word_lock(cell);
	had_object = empty_cell(place->bucket, way, &old);
	place->bucket->keys[way] = zcache_key(block, value->stored, value->kind);
	zsm_word_set(cell, word);
	/* Pairs with the barrier in zcache_write_begin(): cell, then epoch. */
	smp_mb();
	overtaken = zcache_overtaken(zcache, first, note, block);
	if (overtaken)
		zsm_word_set(cell, (struct zsm_word){});
	zsm_word_unlock(cell);

	if (had_object) {
		zsm_free(zcache->pool, old);
		zcache_count(zcache, evicted);
	}
	return !overtaken;
}

/* ---- Blocks go ---------------------------------------------------------- */

/* There may be several of a block, which two fills have put in. */
static void remove_block(struct zcache *zcache, u64 block)
{
	struct zcache_place place;
	unsigned int way;
	struct zsm_loc loc;

	zcache_find(zcache, block, &place);
	while (zcache_cell_lock_block(&place, block, &way)) {
		bool has_object = empty_cell(place.bucket, way, &loc);

		zcache_cell_unlock(&place, way);
		if (has_object)
			zsm_free(zcache->pool, loc);
		zcache_count(zcache, invalidated);
	}
}

/* Empties a cell if it holds a block from @first to before @end. */
static void remove_way(struct zcache *zcache, struct zcache_bucket *bucket,
		       unsigned int way, u64 first, u64 end)
{
	unsigned long *cell = cell_word(bucket, way);
	bool has_object = false;
	struct zsm_loc loc;
	u64 block;

	zsm_word_lock(cell);
	block = zcache_key_block(bucket->keys[way]);
	if (zsm_word_get(cell).bits && block >= first && block < end) {
		has_object = empty_cell(bucket, way, &loc);
		zcache_count(zcache, invalidated);
	}
	zsm_word_unlock(cell);
	if (has_object)
		zsm_free(zcache->pool, loc);
}

/* Blocks are fewer than cells that may hold them, or it is the other way round. */
void zcache_remove(struct zcache *zcache, u64 first, u64 nr, bool may_wait)
{
	unsigned int way;
	u32 index;
	u64 block;

	if (nr <= nr_buckets(zcache)) {
		for (block = first; block < first + nr; block++) {
			remove_block(zcache, block);
			if (may_wait && nr > ZCACHE_MAX_IO_BLOCKS)
				cond_resched();
		}
		return;
	}
	for (index = 0; index < nr_buckets(zcache); index++) {
		struct zcache_place place;

		place_at(zcache, index, &place);
		/* The page is not there: on to the next. */
		if (!place.bucket)
			index |= ZCACHE_BUCKETS_PER_PAGE - 1;
		for (way = 0; place.bucket && way < ZCACHE_WAYS; way++)
			remove_way(zcache, place.bucket, way, first, first + nr);
		if (may_wait)
			cond_resched();
	}
}

void zcache_remove_all(struct zcache *zcache)
{
	u64 nr = DIV_ROUND_UP_ULL(zcache->ti->len, ZCACHE_BLOCK_SECTORS);

	zcache_write_begin(zcache, 0, nr);
	zcache_remove(zcache, 0, nr, true);
	zcache_write_end(zcache, 0, nr);
}

/* ---- The pool's calls --------------------------------------------------- */

/* The cell of an object. Its bucket was made before the object was. */
static unsigned long *cell_of_owner(const struct zcache *zcache, u32 owner)
{
	struct zcache_place place;

	place_at(zcache, owner / ZCACHE_WAYS, &place);
	return cell_word(place.bucket, owner % ZCACHE_WAYS);
}

static bool cell_freeze(void *priv, u32 owner, struct zsm_loc loc)
{
	return zsm_word_freeze(cell_of_owner(priv, owner), loc,
			       zcache_cell_has_object);
}

static void cell_thaw(void *priv, u32 owner, struct zsm_loc loc)
{
	zsm_word_thaw(cell_of_owner(priv, owner), loc);
}

/* A block that was read since the hand last came by stays, and loses the mark. */
static enum zsm_eviction cell_evict(void *priv, u32 owner, struct zsm_loc loc)
{
	struct zcache *zcache = priv;
	unsigned long *cell = cell_of_owner(zcache, owner);
	struct zsm_word value;

	if (!zsm_word_freeze(cell, loc, zcache_cell_has_object))
		return ZSM_EVICT_REFUSED;
	__acquire(bitlock);
	value = zsm_word_get(cell);
	if (zcache_cell_stays(&value, zsm_reclaim_round(zcache->pool))) {
		zsm_word_set(cell, value);
		__release(bitlock);
		return ZSM_EVICT_FROZEN;
	}
	zsm_word_set(cell, (struct zsm_word){});
	zsm_word_unlock(cell);
	WRITE_ONCE(zcache->full, true);
	zcache_count(zcache, evicted);
	return ZSM_EVICTED;
}

const struct zsm_ops zcache_cell_ops = {
	.freeze = cell_freeze,
	.thaw = cell_thaw,
	.evict = cell_evict,
};
