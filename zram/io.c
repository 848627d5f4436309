// SPDX-License-Identifier: GPL-2.0
/*
 * Bios, cut into pages. All I/O is done by the time the submitter gets back, unless a
 * page is on the backing device.
 *
 * A piece of a bio that is a whole page of memory for a whole slot is stored
 * from and loaded to where it is. Others go by way of a bounce page: a slot's
 * data may be scattered over segments, and where pages are larger than the
 * logical block, a bio may cover a part of a slot only.
 */
#include <linux/bio.h>
#include <linux/blkdev.h>
#include <linux/highmem.h>
#include <linux/mutex.h>

#include "zram/slot.h"

/* The part of a bio that concerns one slot. */
struct zram_piece {
	u32 index;
	u32 offset;
	u32 len;
};

static struct zram_piece zram_next_piece(const struct bvec_iter *iter)
{
	u32 offset = (iter->bi_sector % ZRAM_SECTORS_PER_PAGE) << SECTOR_SHIFT;

	return (struct zram_piece){
		.index = iter->bi_sector / ZRAM_SECTORS_PER_PAGE,
		.offset = offset,
		.len = min_t(u32, iter->bi_size, PAGE_SIZE - offset),
	};
}

/*
 * Where a page is more than a logical block, two writes to different blocks
 * of one slot may come at once, and each replaces the whole slot.
 */
static void zram_partial_lock(struct zram *zram, u32 index)
{
	if (PAGE_SIZE > ZRAM_LOGICAL_BLOCK_SIZE)
		mutex_lock(&zram->partial_locks[index % ZRAM_PARTIAL_LOCKS]);
}

static void zram_partial_unlock(struct zram *zram, u32 index)
{
	if (PAGE_SIZE > ZRAM_LOGICAL_BLOCK_SIZE)
		mutex_unlock(&zram->partial_locks[index % ZRAM_PARTIAL_LOCKS]);
}

/* Copies a piece between a bio's segments and @buf, from @iter on. */
static void zram_copy_segments(struct bio *bio, struct bvec_iter iter,
			       void *buf, u32 len, bool to_bio)
{
	while (len) {
		struct bio_vec bv = bio_iter_iovec(bio, iter);

		bv.bv_len = min(bv.bv_len, len);
		if (to_bio)
			memcpy_to_bvec(&bv, buf);
		else
			memcpy_from_bvec(buf, &bv);
		bio_advance_iter_single(bio, &iter, bv.bv_len);
		buf += bv.bv_len;
		len -= bv.bv_len;
	}
}

/* Loads a page to a bounce page; as zram_bio_pieces(). */
static int zram_load_bounced(struct zram *zram, u32 index, void *bounce,
			     struct zram_readback *rb)
{
	u64 backed;
	int err = zram_load_page(zram, index, bounce, &backed);

	if (err == ZRAM_ON_BACKING && rb)
		err = zram_readback_page(rb, index, backed,
					 virt_to_page(bounce), false);
	return err;
}

static int zram_write_bounced(struct zram *zram, struct bio *bio,
			      struct bvec_iter iter, struct zram_piece piece,
			      void *bounce, struct zram_readback *rb)
{
	int err = 0;

	zram_partial_lock(zram, piece.index);
	if (piece.len < PAGE_SIZE)
		err = zram_load_bounced(zram, piece.index, bounce, rb);
	if (!err) {
		zram_copy_segments(bio, iter, bounce + piece.offset, piece.len,
				   false);
		err = zram_store_page(zram, piece.index, bounce);
	}
	zram_partial_unlock(zram, piece.index);
	return err;
}

static int zram_read_bounced(struct zram *zram, struct bio *bio,
			     struct bvec_iter iter, struct zram_piece piece,
			     void *bounce, struct zram_readback *rb)
{
	int err = zram_load_bounced(zram, piece.index, bounce, rb);

	if (!err)
		zram_copy_segments(bio, iter, bounce + piece.offset, piece.len,
				   true);
	return err;
}

static int zram_rw_bounced(struct zram *zram, struct bio *bio,
			   struct bvec_iter iter, struct zram_piece piece,
			   struct zram_readback *rb)
{
	void *bounce = (void *)__get_free_page(ZRAM_GFP);
	int err;

	if (!bounce)
		return -ENOMEM;
	if (op_is_write(bio_op(bio)))
		err = zram_write_bounced(zram, bio, iter, piece, bounce, rb);
	else
		err = zram_read_bounced(zram, bio, iter, piece, bounce, rb);
	free_page((unsigned long)bounce);
	return err;
}

/* Moves one whole page between memory and a slot. */
static int zram_rw_whole(struct zram *zram, u32 index, struct page *page,
			 bool write, struct zram_readback *rb)
{
	void *addr = kmap_local_page(page);
	u64 backed;
	int err;

	if (write) {
		zram_partial_lock(zram, index);
		err = zram_store_page(zram, index, addr);
		zram_partial_unlock(zram, index);
	} else {
		err = zram_load_page(zram, index, addr, &backed);
	}
	kunmap_local(addr);
	if (!write)
		flush_dcache_page(page);
	if (err == ZRAM_ON_BACKING && rb)
		err = zram_readback_page(rb, index, backed, page, true);
	return err;
}

static int zram_rw_piece(struct zram *zram, struct bio *bio,
			 struct bvec_iter iter, struct zram_piece piece,
			 struct zram_readback *rb)
{
	struct bio_vec bv = bio_iter_iovec(bio, iter);

	if (bv.bv_len >= PAGE_SIZE && piece.len == PAGE_SIZE)
		return zram_rw_whole(zram, piece.index, bv.bv_page,
				     op_is_write(bio_op(bio)), rb);
	return zram_rw_bounced(zram, bio, iter, piece, rb);
}

static void zram_count_failure(struct zram *zram, bool write)
{
	if (write)
		zram_stat_inc(zram, failed_writes);
	else
		zram_stat_inc(zram, failed_reads);
}

int zram_bio_pieces(struct zram *zram, struct bio *bio, struct bvec_iter *iter,
		    struct zram_readback *rb)
{
	while (iter->bi_size) {
		struct zram_piece piece = zram_next_piece(iter);
		int err = zram_rw_piece(zram, bio, *iter, piece, rb);

		if (err)
			return err;
		bio_advance_iter(bio, iter, piece.len);
		cond_resched();
	}
	return 0;
}

void zram_bio_end(struct zram *zram, struct bio *bio, unsigned long start,
		  int err)
{
	if (err) {
		zram_count_failure(zram, op_is_write(bio_op(bio)));
		bio->bi_status = BLK_STS_IOERR;
	}
	bio_end_io_acct(bio, start);
	bio_endio(bio);
}

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

/* Context: may sleep; never called in a reclaim that this may have caused. */
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

	return slot && zram_slot_get(slot) & ZRAM_SLOT_BACKED;
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
	err = zram_rw_whole(zram, index, page, write, NULL);
	bdev_end_io_acct(disk->part0, op, start);
	return err == ZRAM_ON_BACKING ? -EAGAIN : err;
}

COMPAT_DEFINE_RW_PAGE(zram_rw_page, zram_move_page)

#endif

/* Context: the caller holds swap's spinlocks. */
void zram_slot_free_notify(struct block_device *bdev, unsigned long index)
{
	struct zram *zram = bdev->bd_disk->private_data;

	zram_stat_inc(zram, notify_free);
	if (!zram_try_drop_page(zram, index))
		zram_stat_inc(zram, miss_free);
}
