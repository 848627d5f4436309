/* SPDX-License-Identifier: GPL-2.0 */
/* Where a bio goes. */
#ifndef ZCACHE_MAP_H
#define ZCACHE_MAP_H

#include "zcache/zcache.h"

/**
 * struct zcache_io - what is kept of a bio until its end
 * @first: the first block that it writes to
 * @nr: how many; 0: it is no write
 */
struct zcache_io {
	u64 first;
	u64 nr;
};

/**
 * zcache_map() - device-mapper's call for a bio
 * @ti: the target
 * @bio: the bio
 *
 * Context: may sleep, but for a bio that says otherwise.
 * Return: DM_MAPIO_REMAPPED, or DM_MAPIO_SUBMITTED if it has been taken care of.
 */
int zcache_map(struct dm_target *ti, struct bio *bio);

/**
 * zcache_end_io() - device-mapper's call for a bio's end
 * @ti: the target
 * @bio: the bio
 * @error: how it ended
 *
 * Context: any, interrupts included.
 * Return: DM_ENDIO_DONE.
 */
int zcache_end_io(struct dm_target *ti, struct bio *bio, blk_status_t *error);

#endif /* ZCACHE_MAP_H */
