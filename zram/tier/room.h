/* SPDX-License-Identifier: GPL-2.0 */
/* Back-pressure: a write that exceeds mem_limit waits until pages have been written back. */
#ifndef ZRAM_TIER_ROOM_H
#define ZRAM_TIER_ROOM_H

#include "zram_drv.h"

/**
 * zram_make_room() - wait until pages have been written back
 * @zram: a device that is set up
 * @until: jiffies at which to give up, for all calls about the same page; 0 at first
 *
 * Context: may sleep; the caller holds neither a stream nor a slot.
 * Return: whether it may be worth to try again.
 */
bool zram_make_room(struct zram *zram, unsigned long *until);

#endif /* ZRAM_TIER_ROOM_H */
