/* SPDX-License-Identifier: GPL-2.0 */
/* Pages that are read from the packed log. */
#ifndef ZRAM_LOG_READ_H
#define ZRAM_LOG_READ_H

#include <linux/list.h>

#include "zram/tier/late_page.h"
#include "zram_drv.h"

struct bio;

/**
 * zram_log_read_pages() - read pages of a bio, and wait for them
 * @zram: the device; the caller is between zram_blocks_enter() and zram_blocks_leave()
 * @bio: the bio that waits for them, which pays for the reads
 * @pages: a list of struct zram_late_page
 *
 * Blocks that follow each other are read at once, and all blocks of some pages together. What
 * is on the device is compared with what was written. If it is something else there is a
 * message, and no data.
 *
 * Context: may sleep; takes a stream.
 * Return: 0, or -EIO if a page could not be read; then others may not have been.
 */
int zram_log_read_pages(struct zram *zram, const struct bio *bio,
			const struct list_head *pages);

#endif /* ZRAM_LOG_READ_H */
