/* SPDX-License-Identifier: GPL-2.0 */
/* Compaction by itself: the work of a pool that has become wasteful. */
#ifndef ZSM_TEND_H
#define ZSM_TEND_H

struct work_struct;

/**
 * zsm_work() - the work of a pool: compacts what @max_waste allows no more
 * @work: the pool's
 *
 * Context: a work item; holds no lock between two moves.
 */
void zsm_work(struct work_struct *work);

#endif /* ZSM_TEND_H */
