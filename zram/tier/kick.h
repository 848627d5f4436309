/* SPDX-License-Identifier: GPL-2.0 */
/* Asking a device's worker for a run. */
#ifndef ZRAM_TIER_KICK_H
#define ZRAM_TIER_KICK_H

#include <linux/limits.h>

#include "zram/memory.h"
#include "zram_drv.h"

/**
 * zram_worker_kick() - ask for a run
 * @zram: a device that is set up
 *
 * Nothing happens if the worker is off, or found just now that there is nothing it can do.
 *
 * Context: any but interrupts.
 */
void zram_worker_kick(struct zram *zram);

/* Asks for one where more of mem_limit is used than writeback_high says. */
static inline void zram_worker_kick_above(struct zram *zram)
{
	u64 bytes = READ_ONCE(zram->tier.worker.kick_bytes);

	/* What is used changes with every page: others read nothing of it. */
	if (unlikely(bytes != U64_MAX) && zram_used_bytes(zram) > bytes)
		zram_worker_kick(zram);
}

#endif /* ZRAM_TIER_KICK_H */
