/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Cells: where cached blocks are. A cell's lock bit is a bit spinlock; under it
 * nothing sleeps, no object is allocated or freed, and nothing longer is done than
 * to copy an object.
 */
#ifndef ZCACHE_INDEX_H
#define ZCACHE_INDEX_H

#include "zcache/region.h"

/**
 * struct zcache_value - a block as it is stored
 * @kind: in which form
 * @loc: its object; with ZCACHE_FILL, the value
 * @stored: the object's bytes
 */
struct zcache_value {
	enum zcache_kind kind;
	struct zsm_loc loc;
	unsigned int stored;
};

/**
 * struct zcache_place - where a block belongs
 * @hash: the block's
 * @bucket: its bucket, or NULL if that has not been made
 * @owner: the number of the bucket's first cell
 */
struct zcache_place {
	u64 hash;
	struct zcache_bucket *bucket;
	u32 owner;
};

/* The pool's calls: owners are cells, by number. */
extern const struct zsm_ops zcache_cell_ops;

/**
 * zcache_find() - where a block belongs
 * @zcache: the cache
 * @block: the block
 * @place: receives it
 *
 * Context: any.
 */
void zcache_find(const struct zcache *zcache, u64 block,
		 struct zcache_place *place);

/**
 * zcache_find_or_make() - the same, and make the bucket if there is none
 * @zcache: the cache
 * @block: the block
 * @place: receives it
 *
 * Context: does not sleep; allocates with ZCACHE_GFP.
 * Return: 0 or -ENOMEM.
 */
int zcache_find_or_make(struct zcache *zcache, u64 block,
			struct zcache_place *place);

/**
 * zcache_may_have() - is a block likely to be cached?
 * @place: where it belongs
 *
 * Context: any; takes no lock.
 * Return: whether a cell of the bucket has its tag.
 */
bool zcache_may_have(const struct zcache_place *place);

/**
 * zcache_cell_lock_block() - lock the cell of a block, if it has one
 * @place: where the block belongs
 * @block: the block
 * @way: receives which of the bucket's cells it is
 *
 * Context: any but interrupts. With a cell, the caller may not sleep until
 *	zcache_cell_unlock().
 * Return: whether it has one; it is locked.
 */
bool zcache_cell_lock_block(const struct zcache_place *place, u64 block,
			    unsigned int *way);

/**
 * zcache_cell_unlock() - end what zcache_cell_lock_block() began
 * @place: the place
 * @way: the cell
 *
 * Context: the holder of the lock.
 */
void zcache_cell_unlock(const struct zcache_place *place, unsigned int way);

/**
 * zcache_publish() - let readers find a block
 * @zcache: the cache
 * @place: where the block belongs
 * @way: which cell it gets: @value's object has that owner
 * @block: the block
 * @value: how it is stored
 * @first: the first block of the read that it comes from
 * @note: the epochs from before that read
 *
 * What was in the cell goes.
 *
 * Context: does not sleep; takes the cell's lock.
 * Return: false if a write has overtaken the read: the cell is empty, and the
 *	object still the caller's.
 */
bool zcache_publish(struct zcache *zcache, const struct zcache_place *place,
		    unsigned int way, u64 block,
		    const struct zcache_value *value, u64 first,
		    const struct zcache_note *note);

/**
 * zcache_choose_way() - the cell that a new block gets
 * @place: where it belongs
 *
 * Context: does not sleep; tries cells' locks.
 * Return: the way.
 */
unsigned int zcache_choose_way(const struct zcache_place *place);

/**
 * zcache_remove() - forget blocks
 * @zcache: the cache
 * @first: the first
 * @nr: how many
 * @may_wait: the caller may sleep, so that long work makes way for others
 *
 * Context: any but interrupts; takes cells' locks.
 */
void zcache_remove(struct zcache *zcache, u64 first, u64 nr, bool may_wait);

/**
 * zcache_remove_all() - forget everything
 * @zcache: the cache
 *
 * Context: may sleep.
 */
void zcache_remove_all(struct zcache *zcache);

#endif /* ZCACHE_INDEX_H */
