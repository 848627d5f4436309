/* SPDX-License-Identifier: GPL-2.0 */
/* Bios that wait for pages from the backing device. */
#ifndef ZRAM_READBACK_H
#define ZRAM_READBACK_H

#include "zram_drv.h"

/* Makes what reading blocks for bios needs. May sleep. Return: 0 or -ENOMEM. */
int zram_readback_init(struct zram_backing *backing);

/* Waits for the workers and frees all that. May sleep. */
void zram_readback_exit(struct zram_backing *backing);

/**
 * zram_readback_bio() - let a worker go on with a bio
 * @zram: the device
 * @bio: the bio, of which a page is on the backing device
 * @iter: what is left to do
 * @start: when it began
 *
 * Context: may sleep.
 */
void zram_readback_bio(struct zram *zram, struct bio *bio,
		       struct bvec_iter iter, unsigned long start);

#endif /* ZRAM_READBACK_H */
