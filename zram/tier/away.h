/* SPDX-License-Identifier: GPL-2.0 */
/* What a slot has on the backing device, in either layout. */
#ifndef ZRAM_AWAY_H
#define ZRAM_AWAY_H

#include "core/zram/slot.h"
#include "zram/tier/log.h"

/**
 * zram_backing_free() - free what a slot had on the backing device
 * @backing: the backing device
 * @value: what the slot held
 *
 * Context: any but interrupts.
 */
static inline void zram_backing_free(struct zram_backing *backing,
				     struct zsm_word value)
{
	if (backing->log)
		zram_log_free(backing->log, zram_slot_block(value).number,
			      zram_slot_size(value));
	else
		zram_block_free(&backing->blocks, zram_slot_block(value));
}

#endif /* ZRAM_AWAY_H */
