/* SPDX-License-Identifier: GPL-2.0 */
/* A page into a slot. */
#ifndef ZRAM_STORE_PAGE_H
#define ZRAM_STORE_PAGE_H

#include "zram_drv.h"

/**
 * zram_store_page() - put a page into a slot
 * @zram: the device
 * @index: the slot
 * @page: PAGE_SIZE bytes, which do not change meanwhile
 *
 * What the slot held stays until the new page has been stored.
 *
 * Context: may sleep; allocates with GFP_NOIO. Takes a stream, then the slot.
 * Return: 0; -ENOMEM or -ENOSPC as zsm_alloc(), -EDQUOT beyond the limit; -EIO if the
 *	codec failed. On an error the slot is as it was, and no more memory is in use.
 */
int zram_store_page(struct zram *zram, u32 index, const void *page);

#endif /* ZRAM_STORE_PAGE_H */
