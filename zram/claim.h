/* SPDX-License-Identifier: GPL-2.0 */
/* A page is rewritten from a copy of it: recompressed, or written back. */
#ifndef ZRAM_CLAIM_H
#define ZRAM_CLAIM_H

#include "zram_drv.h"

/**
 * zram_claim_page() - copy a page to work on it
 * @zram: the device; the caller holds work_lock
 * @index: the slot
 * @seen: what the slot held when the caller decided to: a page that is neither
 *	same-filled, nor on the backing device, nor claimed
 * @set: flags that it gets besides CLAIMED
 * @page: receives the page, PAGE_SIZE bytes
 *
 * The slot is then CLAIMED, until the page is stored anew or dropped, or the
 * caller ends it. All calls of this file are the same slot's in between.
 *
 * Context: may sleep; takes a stream, then the slot.
 * Return: 0; -EAGAIN if the slot holds something else; -EIO if the page does
 *	not decompress. Without 0 nothing is claimed.
 */
int zram_claim_page(struct zram *zram, u32 index, struct zsm_word seen, u64 set,
		    void *page);

/**
 * zram_claim_stored() - the same, but copy what is stored as it is
 * @zram: the device; the caller holds work_lock
 * @index: the slot
 * @seen: as in zram_claim_page()
 * @set: likewise
 * @data: receives as many bytes as @seen says
 *
 * Context: does not sleep; takes the slot.
 * Return: 0 or -EAGAIN.
 */
int zram_claim_stored(struct zram *zram, u32 index, struct zsm_word seen, u64 set,
		      void *data);

/**
 * zram_claim_replace() - put a claimed page back in another form
 * @zram: the device
 * @index: the slot
 * @flags: that it must have besides CLAIMED
 * @keep: those that it keeps if it has them
 * @value: what it is to hold; not CLAIMED
 *
 * What the slot had is freed.
 *
 * Context: does not sleep; takes the slot.
 * Return: false if the page has been stored anew or dropped meanwhile, or has lost one
 *	of @flags. Then the slot is as it was, and what is behind @value still the
 *	caller's.
 */
bool zram_claim_replace(struct zram *zram, u32 index, u64 flags, u64 keep,
			struct zsm_word value);

/**
 * zram_claim_end() - leave a claimed page as it is
 * @zram: the device
 * @index: the slot
 * @clear: flags that it loses besides CLAIMED
 * @set: flags that it gets
 *
 * Nothing happens if the page has been stored anew or dropped meanwhile.
 *
 * Context: does not sleep; takes the slot.
 */
void zram_claim_end(struct zram *zram, u32 index, u64 clear, u64 set);

#endif /* ZRAM_CLAIM_H */
