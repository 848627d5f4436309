/* SPDX-License-Identifier: GPL-2.0 */
/* Pages that are read from the packed log. */
#ifndef ZRAM_LOG_READ_H
#define ZRAM_LOG_READ_H

#include "zram_drv.h"

struct bio;
struct page;

/**
 * zram_log_read_page() - read a page, and wait for it
 * @zram: the device; the caller is between zram_blocks_enter() and zram_blocks_leave()
 * @bio: the bio that waits for it, which pays for the read
 * @index: its slot
 * @value: what that holds, or held since zram_blocks_enter()
 * @page: receives the page
 *
 * What is on the device is compared with what was written. If it is something else there
 * is a message, and no data.
 *
 * Context: may sleep; takes a stream.
 * Return: 0 or -EIO.
 */
int zram_log_read_page(struct zram *zram, const struct bio *bio, u32 index,
		       struct zsm_word value, struct page *page);

#endif /* ZRAM_LOG_READ_H */
