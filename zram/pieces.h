/* SPDX-License-Identifier: GPL-2.0 */
/* A bio, cut into pages. */
#ifndef ZRAM_PIECES_H
#define ZRAM_PIECES_H

#include <linux/bvec.h>

#include "zram_drv.h"

/**
 * struct zram_bio_reader - a task that reads from the backing device for a bio
 * @read: reads one page. @index is its slot, @value what zram_load_page() said about
 *	it, and @page receives the page; with @may_be_late it is enough if the page is
 *	there when the bio ends. May sleep; takes a stream. Returns 0 or -EIO.
 */
struct zram_bio_reader {
	int (*read)(struct zram_bio_reader *reader, u32 index, struct zsm_word value,
		    struct page *page, bool may_be_late);
};

/**
 * zram_bio_pieces() - read or write the pages of a bio
 * @zram: the device
 * @bio: the bio
 * @iter: what of it is left to do; moves on
 * @reader: the caller, if it may wait for the backing device; or NULL
 *
 * Context: may sleep.
 * Return: 0 or an error; ZRAM_ON_BACKING if @iter is at a page on the backing
 *	device and there is no @reader.
 */
int zram_bio_pieces(struct zram *zram, struct bio *bio, struct bvec_iter *iter,
		    struct zram_bio_reader *reader);

/**
 * zram_rw_whole() - move one whole page between memory and a slot
 * @zram: the device
 * @index: the slot
 * @page: the page
 * @opf: which way, and the flags of the bio
 * @reader: as in zram_bio_pieces()
 *
 * Context: may sleep.
 * Return: as zram_bio_pieces().
 */
int zram_rw_whole(struct zram *zram, u32 index, struct page *page,
		  blk_opf_t opf, struct zram_bio_reader *reader);

/* Ends a bio, with an I/O error if @err. Any context; @zram may be gone then. */
void zram_bio_end(struct zram *zram, struct bio *bio, unsigned long start,
		  int err);

#endif /* ZRAM_PIECES_H */
