/* SPDX-License-Identifier: GPL-2.0 */
/* writeback_limit, and what else may keep a task from writing a block. */
#ifndef ZRAM_TIER_LIMIT_H
#define ZRAM_TIER_LIMIT_H

#include "zram/tier/writeback_state.h"

/**
 * zram_block_charge() - count a block that is to be written
 * @wb: what writes
 * @limited: receives whether writeback_limit holds, and the block's units were taken off
 *
 * Context: any but interrupts.
 * Return: false if that, or @wb's quota, is reached.
 */
bool zram_block_charge(struct zram_writeback *wb, bool *limited);

/* Gives the units back, if they were taken. Both knobs may have been written since. */
void zram_limit_return(struct zram *zram, bool limited);

#endif /* ZRAM_TIER_LIMIT_H */
