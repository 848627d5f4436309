/* SPDX-License-Identifier: GPL-2.0 */
/* A page of a bio that is not there before what was read for it has been unpacked. */
#ifndef ZRAM_TIER_LATE_PAGE_H
#define ZRAM_TIER_LATE_PAGE_H

#include <linux/list.h>
#include <linux/types.h>

#include "core/zram/entry.h"
#include "core/store/word_bits.h"

struct page;
struct zram_cached;

/**
 * struct zram_late_page - a page that is unpacked when its reads have ended
 * @list: in the bio's list
 * @page: receives it
 * @index: its slot
 * @value: what the slot held
 * @first: in a packed log, the first block of its entry
 * @nr: the entry's blocks
 * @cached: these, in the log's cache; NULL: it had no room
 * @data: their contents
 * @own: bits of those which this reader reads for the cache
 * @rest: bits of those which it reads alone, as they are not in the cache
 */
struct zram_late_page {
	struct list_head list;
	struct page *page;
	u32 index;
	struct zsm_word value;
	u64 first;
	u32 nr;
	struct zram_cached *cached[ZRAM_LOG_ENTRY_BLOCKS];
	void *data[ZRAM_LOG_ENTRY_BLOCKS];
	unsigned long own;
	unsigned long rest;
};

#endif /* ZRAM_TIER_LATE_PAGE_H */
