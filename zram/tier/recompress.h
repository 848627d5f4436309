/* SPDX-License-Identifier: GPL-2.0 */
/* Recompression: stored pages are compressed again with a stronger algorithm. */
#ifndef ZRAM_RECOMPRESS_H
#define ZRAM_RECOMPRESS_H

#include "core/zram/pass.h"
#include "zram/tier/pass.h"
#include "zram_drv.h"

/**
 * struct zram_recompression - one recompression
 * @pass: its pass over slots
 * @page: room for a page
 * @data: room for what it is compressed to
 * @keep: flags that a page keeps if it has them
 * @err: the last error of a page
 * @full: there was no room for the last page
 * @done: an algorithm was tried on a page, and it will not be on that page again
 */
struct zram_recompression {
	struct zram_pass pass;
	void *page;
	void *data;
	u64 keep;
	int err;
	bool full;
	bool done;
};

/**
 * zram_recompression_begin() - prepare one
 * @r: the recompression
 * @zram: the device
 * @gfp: how to allocate its room
 *
 * The caller then plans its pass.
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM, with which there is nothing to end.
 */
int zram_recompression_begin(struct zram_recompression *r, struct zram *zram, gfp_t gfp);

/* Ends what zram_recompression_begin() began. */
void zram_recompression_end(struct zram_recompression *r);

/**
 * zram_recompress_visit() - compress a page again, if the plan takes it
 * @pass: that of a recompression; the caller holds work_lock
 * @index: the slot
 * @seen: what it held when the plan took it
 *
 * Context: may sleep; takes a stream, then the slot.
 * Return: 0, or -ENOMEM. Another error of the page is left in @err, and does not keep
 *	others from being tried.
 */
int zram_recompress_visit(struct zram_pass *pass, u32 index, struct zsm_word seen);

/**
 * zram_recompress() - compress pages again
 * @zram: the device; the caller is between zram_use_begin() and zram_use_end()
 * @filter: which pages; its @prios are the priorities to try, one of them at least
 * @max_pages: how many to try at most, the largest first
 *
 * Context: may sleep; takes work_lock.
 * Return: 0; -EIO if a page did not decompress, which does not keep the others from
 *	being tried; -ENOMEM; or what ended the pass: zram_pass_run().
 */
int zram_recompress(struct zram *zram, const struct zram_filter *filter,
		    u64 max_pages);

#endif /* ZRAM_RECOMPRESS_H */
