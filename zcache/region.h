/* SPDX-License-Identifier: GPL-2.0 */
/* Writes under way, for fills to notice. The core has the protocol. */
#ifndef ZCACHE_REGION_C_H
#define ZCACHE_REGION_C_H

#include "zcache/zcache.h"

/**
 * struct zcache_note - the epochs of the regions that a read touches
 * @epochs: one for each group of blocks, by the first block's
 */
struct zcache_note {
	u32 epochs[ZCACHE_MAX_IO_GROUPS];
};

/**
 * zcache_write_begin() - a write to some blocks is about to be submitted
 * @zcache: the cache
 * @first: the first block that it touches, in whole or in part
 * @nr: how many
 *
 * Every fill of these blocks that is under way will be dropped. The caller empties
 * the blocks' cells next.
 *
 * Context: any.
 */
void zcache_write_begin(struct zcache *zcache, u64 first, u64 nr);

/**
 * zcache_write_end() - a write has ended, well or not
 * @zcache: the cache
 * @first: as given to zcache_write_begin()
 * @nr: likewise
 *
 * Context: any, interrupts included.
 */
void zcache_write_end(struct zcache *zcache, u64 first, u64 nr);

/**
 * zcache_note_epochs() - begin a read that fills
 * @zcache: the cache
 * @first: the first block
 * @nr: how many, in ZCACHE_MAX_IO_GROUPS groups at most
 * @note: receives the epochs
 *
 * Context: any. The read has not been submitted.
 * Return: whether it may fill: no write to the regions is under way.
 */
bool zcache_note_epochs(const struct zcache *zcache, u64 first, u64 nr,
			struct zcache_note *note);

/**
 * zcache_overtaken() - has a write begun since a read was noted?
 * @zcache: the cache
 * @first: the read's first block
 * @note: what zcache_note_epochs() noted
 * @block: the block in question
 *
 * Context: any. The caller has published the block, and has then passed a full
 * barrier; or wants no more than a hint.
 * Return: whether.
 */
bool zcache_overtaken(const struct zcache *zcache, u64 first,
		      const struct zcache_note *note, u64 block);

#endif /* ZCACHE_REGION_C_H */
