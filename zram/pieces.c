// SPDX-License-Identifier: GPL-2.0
/*
 * A piece of a bio that is a whole page of memory for a whole slot is stored
 * from and loaded to where it is. Others go by way of a bounce page: a slot's
 * data may be scattered over segments, and where pages are larger than the
 * logical block, a bio may cover a part of a slot only.
 */
#include <linux/bio.h>
#include <linux/blkdev.h>
#include <linux/highmem.h>
#include <linux/mutex.h>

#include "zram/load_page.h"
#include "zram/pieces.h"
#include "zram/stat.h"
#include "zram/store_page.h"

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

/*
 * How a write allocates. A file system that cannot write its metadata is lost for its
 * users, and a page that cannot be swapped is not: both may use all of the limit, though
 * swap has nothing to keep the rest of it for.
 */
static gfp_t zram_write_gfp(blk_opf_t opf)
{
	return opf & (REQ_META | REQ_SWAP) ? ZRAM_GFP | __GFP_HIGH : ZRAM_GFP;
}

/* Loads a page to a bounce page; as zram_bio_pieces(). */
static int zram_load_bounced(struct zram *zram, u32 index, void *bounce,
			     struct zram_bio_reader *reader)
{
	struct zsm_word backed;
	int err = zram_load_page(zram, index, bounce, &backed);

	if (err == ZRAM_ON_BACKING && reader)
		err = reader->read(reader, index, backed, virt_to_page(bounce),
				   false);
	return err;
}

static int zram_write_bounced(struct zram *zram, struct bio *bio,
			      struct bvec_iter iter, struct zram_piece piece,
			      void *bounce, struct zram_bio_reader *reader)
{
	int err = 0;

	zram_partial_lock(zram, piece.index);
	if (piece.len < PAGE_SIZE)
		err = zram_load_bounced(zram, piece.index, bounce, reader);
	if (!err) {
		zram_copy_segments(bio, iter, bounce + piece.offset, piece.len,
				   false);
		err = zram_store_page(zram, piece.index, bounce,
				      zram_write_gfp(bio->bi_opf));
	}
	zram_partial_unlock(zram, piece.index);
	return err;
}

static int zram_read_bounced(struct zram *zram, struct bio *bio,
			     struct bvec_iter iter, struct zram_piece piece,
			     void *bounce, struct zram_bio_reader *reader)
{
	int err = zram_load_bounced(zram, piece.index, bounce, reader);

	if (!err)
		zram_copy_segments(bio, iter, bounce + piece.offset, piece.len,
				   true);
	return err;
}

static int zram_rw_bounced(struct zram *zram, struct bio *bio,
			   struct bvec_iter iter, struct zram_piece piece,
			   struct zram_bio_reader *reader)
{
	void *bounce = (void *)__get_free_page(ZRAM_GFP);
	int err;

	if (!bounce)
		return -ENOMEM;
	if (op_is_write(bio_op(bio)))
		err = zram_write_bounced(zram, bio, iter, piece, bounce, reader);
	else
		err = zram_read_bounced(zram, bio, iter, piece, bounce, reader);
	free_page((unsigned long)bounce);
	return err;
}

int zram_rw_whole(struct zram *zram, u32 index, struct page *page,
		  blk_opf_t opf, struct zram_bio_reader *reader)
{
	bool write = op_is_write(opf);
	void *addr = kmap_local_page(page);
	struct zsm_word backed;
	int err;

	if (write) {
		zram_partial_lock(zram, index);
		err = zram_store_page(zram, index, addr, zram_write_gfp(opf));
		zram_partial_unlock(zram, index);
	} else {
		err = zram_load_page(zram, index, addr, &backed);
	}
	kunmap_local(addr);
	if (!write)
		flush_dcache_page(page);
	if (err == ZRAM_ON_BACKING && reader)
		err = reader->read(reader, index, backed, page, true);
	return err;
}

static int zram_rw_piece(struct zram *zram, struct bio *bio,
			 struct bvec_iter iter, struct zram_piece piece,
			 struct zram_bio_reader *reader)
{
	struct bio_vec bv = bio_iter_iovec(bio, iter);

	if (bv.bv_len >= PAGE_SIZE && piece.len == PAGE_SIZE)
		return zram_rw_whole(zram, piece.index, bv.bv_page,
				     bio->bi_opf, reader);
	return zram_rw_bounced(zram, bio, iter, piece, reader);
}

int zram_bio_pieces(struct zram *zram, struct bio *bio, struct bvec_iter *iter,
		    struct zram_bio_reader *reader)
{
	while (iter->bi_size) {
		struct zram_piece piece = zram_next_piece(iter);
		int err = zram_rw_piece(zram, bio, *iter, piece, reader);

		if (err)
			return err;
		bio_advance_iter(bio, iter, piece.len);
		cond_resched();
	}
	return 0;
}

static void zram_count_failure(struct zram *zram, bool write)
{
	if (write)
		zram_stat_inc(zram, failed_writes);
	else
		zram_stat_inc(zram, failed_reads);
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
