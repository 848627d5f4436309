/* SPDX-License-Identifier: GPL-2.0 */
/* Bios, and swap's notification: the operations of the block device. */
#ifndef ZRAM_IO_H
#define ZRAM_IO_H

#include "compat/blkdev.h"
#include "zram_drv.h"

/* Context: may sleep; never called in a reclaim that this may have caused. */
void zram_submit_bio(struct bio *bio);

#ifdef COMPAT_HAS_RW_PAGE
int zram_rw_page(struct block_device *bdev, sector_t sector, struct page *page,
		 enum req_op op);
#endif

/* Context: the caller holds swap's spinlocks. */
void zram_slot_free_notify(struct block_device *bdev, unsigned long index);

#endif /* ZRAM_IO_H */
