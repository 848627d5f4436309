/* SPDX-License-Identifier: GPL-2.0 */
/* A read of the backing device for a bio that waits. */
#ifndef ZRAM_TIER_INHERIT_H
#define ZRAM_TIER_INHERIT_H

#include <linux/bio.h>
#include <linux/mm_types.h>

#include "zram/tier/backing.h"

/* The bio that waits, @bio, pays for @read, and its hints hold for it. */
static inline void zram_bio_inherit(struct bio *read, const struct bio *bio)
{
	read->bi_opf |= bio->bi_opf & (REQ_SYNC | REQ_META | REQ_PRIO |
				       REQ_RAHEAD | REQ_SWAP);
	read->bi_ioprio = bio->bi_ioprio;
	bio_clone_blkg_association(read, (struct bio *)bio);
}

/*
 * Reads a block for @bio, and waits for it, which is not possible inside of submit_bio().
 * Returns 0 or the error of the read.
 */
static inline int zram_read_block_for(const struct bio *bio, struct block_device *bdev,
				      struct zram_block block, struct page *page)
{
	struct bio_vec bvec;
	struct bio read;
	int err;

	bio_init(&read, bdev, &bvec, 1, REQ_OP_READ);
	zram_bio_inherit(&read, bio);
	read.bi_iter.bi_sector = zram_block_sector(block);
	__bio_add_page(&read, page, PAGE_SIZE, 0);
	err = submit_bio_wait(&read);
	bio_uninit(&read);
	return err;
}

#endif /* ZRAM_TIER_INHERIT_H */
