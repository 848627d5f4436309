/* SPDX-License-Identifier: GPL-2.0 */
/* Recompression: stored pages are compressed again with a stronger algorithm. */
#ifndef ZRAM_RECOMPRESS_H
#define ZRAM_RECOMPRESS_H

#include "core/zram/pass.h"
#include "zram_drv.h"

/**
 * zram_recompress() - compress pages again
 * @zram: the device; the caller is between zram_use_begin() and zram_use_end()
 * @filter: which pages; its @prios are the priorities to try, one of them at least
 * @max_pages: how many to try at most, the largest first
 *
 * Context: may sleep; takes work_lock.
 * Return: 0; -EIO if a page did not decompress, which does not keep the others from
 *	being tried; -ENOMEM; or what ended the pass: zram_pass_run().
 */
int zram_recompress(struct zram *zram, const struct zram_filter *filter,
		    u64 max_pages);

#endif /* ZRAM_RECOMPRESS_H */
