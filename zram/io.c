// SPDX-License-Identifier: GPL-2.0
/*
 * Bios, and swap's notification. All I/O is done by the time the submitter gets back,
 * unless a page is on the backing device.
 */
#include <linux/bio.h>
#include <linux/blkdev.h>

#include "zram/io.h"
#include "zram/load_page.h"
#include "zram/pieces.h"
#include "zram/slot.h"
#include "zram/slots.h"
#include "zram/stat.h"
#include "zram/tier/readback.h"

static void zram_bio_rw(struct zram *zram, struct bio *bio)
{
	unsigned long start = bio_start_io_acct(bio);
	struct bvec_iter iter = bio->bi_iter;
	int err = zram_bio_pieces(zram, bio, &iter, NULL);

	if (err == ZRAM_ON_BACKING)
		zram_readback_bio(zram, bio, iter, start);
	else
		zram_bio_end(zram, bio, start, err);
}

/*
 * Drops the slots that a bio covers whole. A discard says nothing about what
 * is read afterwards, so the ends that share a slot with other data are left;
 * write-zeroes never comes with such ends, as the limits say.
 */
static void zram_bio_drop(struct zram *zram, struct bio *bio)
{
	sector_t sector = bio->bi_iter.bi_sector;
	u64 first = DIV_ROUND_UP(sector, ZRAM_SECTORS_PER_PAGE);
	u64 end = (sector + bio_sectors(bio)) / ZRAM_SECTORS_PER_PAGE;

	if (first < end) {
		zram_drop_pages(zram, first, end - first);
		zram_stat_add(zram, notify_free, end - first);
	}
	bio_endio(bio);
}

/*
 * Whether so many sectors are within the device, which if so is set up. Pairs
 * with the barrier in zram_set_up().
 */
static bool zram_has_capacity(struct gendisk *disk, sector_t sector,
			      sector_t count)
{
	/* It may be set, or become 0, just now; either value will do. */
	sector_t capacity = data_race(get_capacity(disk));

	smp_rmb();	/* the capacity is read before all the rest */
	return count <= capacity && sector <= capacity - count;
}

void zram_submit_bio(struct bio *bio)
{
	struct gendisk *disk = bio->bi_bdev->bd_disk;
	struct zram *zram = disk->private_data;

	/* Some kernels let a bio to a device of no size through. */
	if (unlikely(bio_sectors(bio) &&
		     !zram_has_capacity(disk, bio->bi_iter.bi_sector,
					bio_sectors(bio)))) {
		bio_io_error(bio);
		return;
	}
	switch (bio_op(bio)) {
	case REQ_OP_READ:
	case REQ_OP_WRITE:
		zram_bio_rw(zram, bio);
		break;
	case REQ_OP_DISCARD:
	case REQ_OP_WRITE_ZEROES:
		zram_bio_drop(zram, bio);
		break;
	default:
		bio->bi_status = BLK_STS_NOTSUPP;
		bio_endio(bio);
	}
}

#ifdef COMPAT_HAS_RW_PAGE

/* Whether a page has to be waited for, and is better read with a bio. A hint. */
static bool zram_is_backed(struct zram *zram, u32 index)
{
	const unsigned long *slot = zram_slot_find(zram, index);

	return slot && zram_slot_get(slot).bits & ZRAM_SLOT_BACKED;
}

/* Nobody has looked at the sectors before; a bio's would have been. */
static int zram_move_page(struct gendisk *disk, sector_t sector,
			  struct page *page, bool write)
{
	enum req_op op = write ? REQ_OP_WRITE : REQ_OP_READ;
	struct zram *zram = disk->private_data;
	u32 index = sector / ZRAM_SECTORS_PER_PAGE;
	unsigned long start;
	int err;

	if (sector % ZRAM_SECTORS_PER_PAGE ||
	    !zram_has_capacity(disk, sector, ZRAM_SECTORS_PER_PAGE))
		return -EINVAL;
	/* Before it is counted, as the bio will be. */
	if (!write && zram_is_backed(zram, index))
		return -EAGAIN;
	start = bdev_start_io_acct(disk->part0, ZRAM_SECTORS_PER_PAGE, op,
				   jiffies);
	err = zram_rw_whole(zram, index, page, op | REQ_SWAP, NULL);
	bdev_end_io_acct(disk->part0, op, start);
	return err == ZRAM_ON_BACKING ? -EAGAIN : err;
}

COMPAT_DEFINE_RW_PAGE(zram_rw_page, zram_move_page)

#endif

void zram_slot_free_notify(struct block_device *bdev, unsigned long index)
{
	struct zram *zram = bdev->bd_disk->private_data;

	zram_stat_inc(zram, notify_free);
	if (!zram_try_drop_page(zram, index))
		zram_stat_inc(zram, miss_free);
}
