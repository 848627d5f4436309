/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Passes over the slots of a device: which pages a pass takes, in which order, and how
 * many. Marking idle pages, recompression and write-back are passes; what they do with a
 * page that is taken is theirs.
 *
 * Pure functions; no lock. C must have the fixed-width integer types before it
 * includes this file.
 */
#ifndef ZRAM_CORE_PASS_H
#define ZRAM_CORE_PASS_H

#include "core/abi.h"
#include "core/zram/slot.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * When the number of pages is limited, largest first: the slots are walked once for each
 * band of stored sizes, from the largest to the smallest.
 */
#define ZRAM_SIZE_BANDS 8u

/* As many pages as there are. */
#define ZRAM_ALL_PAGES (~0ull)

/**
 * struct zram_filter - which pages a pass is about
 * @wanted: flags that a page must have, all of them
 * @min_size: stored bytes that it must have at least
 * @prios: a bit for each secondary priority of which one at least must not have been
 *	tried on the page; 0: it does not matter what was tried
 * @hopeless: only pages that every secondary algorithm was tried on, up to this
 *	priority, and none made smaller; 0: it does not matter; ZRAM_NR_PRIOS: none
 *
 * Whatever it says, a page must have an object with its data that is not claimed:
 * it is neither same-filled, nor on the backing device, nor being rewritten.
 */
struct zram_filter {
	uint64_t wanted;
	uint32_t min_size;
	uint32_t prios;
	uint32_t hopeless;
};

/**
 * struct zram_plan - a pass's filter, and how far it has come
 * @filter: which pages
 * @left: how many may still be taken
 * @nr_bands: bands of sizes that have a turn of their own: ZRAM_SIZE_BANDS or 1
 * @band: the one whose turn it is, counted from the smallest sizes
 */
struct zram_plan {
	struct zram_filter filter;
	uint64_t left;
	uint32_t nr_bands;
	uint32_t band;
};

/* Whether every secondary algorithm up to @last was tried and none is of use. */
static inline bool zram_slot_hopeless(struct zsm_word slot, uint32_t last)
{
	return last && zram_slot_tried(slot) == last && !zram_slot_prio(slot);
}

/**
 * zram_next_prio() - the next priority to try
 * @prios: a bit for each that may be tried
 * @tried: the one that was tried last
 *
 * Return: the lowest of @prios above @tried; ZRAM_NR_PRIOS if there is none.
 */
static inline uint32_t zram_next_prio(uint32_t prios, uint32_t tried)
{
	uint32_t prio = tried + 1;

	while (prio < ZRAM_NR_PRIOS && !(prios >> prio & 1))
		prio++;
	return prio;
}

/**
 * zram_plan_begin() - plan a pass
 * @plan: the plan
 * @filter: which pages
 * @pages: how many to take at most
 * @largest_first: take them in the order of their bands
 */
void zram_plan_begin(struct zram_plan *plan, const struct zram_filter *filter,
		     uint64_t pages, bool largest_first) ZSM_NOEXCEPT;

/**
 * zram_plan_takes() - is it this page's turn?
 * @plan: the plan
 * @slot: what the page's slot holds
 *
 * Return: whether the filter takes it, and it is of the band whose turn it is.
 */
bool zram_plan_takes(const struct zram_plan *plan,
		     struct zsm_word slot) ZSM_NOEXCEPT;

/**
 * zram_plan_took() - a page was taken
 * @plan: the plan; some pages are left
 *
 * What the pass does with the page counts, whether or not it gains anything.
 */
void zram_plan_took(struct zram_plan *plan) ZSM_NOEXCEPT;

/**
 * zram_plan_next_band() - go on with the band below
 * @plan: the plan
 *
 * Return: false if this was the last one, or no pages are left to take.
 */
bool zram_plan_next_band(struct zram_plan *plan) ZSM_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif /* ZRAM_CORE_PASS_H */
