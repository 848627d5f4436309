/* SPDX-License-Identifier: GPL-2.0 */
/* Compaction: moves objects together, and gives back the pages that are gained. */
#ifndef ZSM_COMPACT_H
#define ZSM_COMPACT_H

#include "zsm/effort.h"
#include "zsm/pool.h"

/**
 * zsm_effort_end() - end an effort
 * @pool: the pool
 * @effort: the effort
 *
 * Gives its pages back and counts what it has freed.
 *
 * Context: does not sleep.
 * Return: pages freed.
 */
unsigned long zsm_effort_end(struct zsm_pool *pool, struct zsm_effort *effort);

/**
 * zsm_compact_retry() - ask owners again who have refused to let objects move
 * @pool: the pool
 *
 * Context: may sleep.
 */
void zsm_compact_retry(struct zsm_pool *pool);

/**
 * zsm_compact_some() - let each class gain what it can by itself
 * @pool: the pool, which may move objects
 * @effort: how much to do; receives what was done
 *
 * Context: may sleep. Each move takes its class's lock for one copy.
 */
void zsm_compact_some(struct zsm_pool *pool, struct zsm_effort *effort);

/**
 * zsm_merge_class() - empty pages of a class into classes a little above
 * @pool: the pool, which may move objects
 * @class_idx: the class that loses pages
 * @effort: how much to do; receives what was done
 *
 * Context: may sleep. Each move takes two classes' locks for one copy.
 */
void zsm_merge_class(struct zsm_pool *pool, unsigned int class_idx,
		     struct zsm_effort *effort);

/**
 * zsm_move_frozen() - move an object that its owner has frozen, and thaw it
 * @pool: the pool
 * @from: the class that the object leaves
 * @to: the class that it comes to; @from, or one of larger objects
 * @move: the step, picked under the same locks
 * @reserve: a page if @move->page needs one
 * @released: receives what was released
 *
 * Context: the caller holds both classes' locks.
 */
void zsm_move_frozen(struct zsm_pool *pool, struct zsm_pool_class *from,
		     struct zsm_pool_class *to, const struct zsm_move *move,
		     struct zsm_reserve *reserve, struct zsm_released *released)
	__must_hold(&from->lock) __must_hold(&to->lock);

/**
 * zsm_gain() - pages that compaction may give back
 * @pool: the pool
 * @in: receives what is in it
 *
 * Context: any. No lock is taken: what changes meanwhile makes the answer a guess.
 * Return: pages.
 */
u64 zsm_gain(struct zsm_pool *pool, struct zsm_occupancy *in);

#endif /* ZSM_COMPACT_H */
