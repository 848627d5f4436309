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
 * @gfp: ZRAM_GFP; with __GFP_HIGH too it may use all of the limit
 *
 * What the slot held stays until the new page has been stored. If there is no room for a
 * new object, the slot's own is written over if it is large enough.
 *
 * Context: may sleep. Takes a stream, then the slot.
 * Return: 0; -ENOMEM or -ENOSPC as zsm_alloc(), -EDQUOT beyond the limit; -EIO if the
 *	codec failed. On an error the slot is as it was, and no more memory is in use.
 */
int zram_store_page(struct zram *zram, u32 index, const void *page, gfp_t gfp);

#endif /* ZRAM_STORE_PAGE_H */
