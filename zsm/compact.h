/* SPDX-License-Identifier: GPL-2.0 */
/* Compaction: moves objects together, and gives back the pages that are gained. */
#ifndef ZSM_COMPACT_H
#define ZSM_COMPACT_H

#include "zsm/pool.h"

/**
 * struct zsm_effort - how much compaction may do, and what it has done
 * @moves: objects that may yet be moved
 * @wanted: pages that may yet be freed
 * @freed: pages that were
 */
struct zsm_effort {
	unsigned long moves;
	unsigned long wanted;
	unsigned long freed;
};

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
 * zsm_gain() - pages that compaction may give back
 * @pool: the pool
 * @pages: receives how many pages there are
 *
 * Context: any. No lock is taken: what changes meanwhile makes the answer a guess.
 * Return: pages.
 */
u64 zsm_gain(struct zsm_pool *pool, u64 *pages);

#endif /* ZSM_COMPACT_H */
