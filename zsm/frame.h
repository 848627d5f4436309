/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Pages by the numbers that descriptors keep: the frame's own number or, where the machine
 * has memory beyond what 32 bits count, one that the core makes of it.
 */
#ifndef ZSM_FRAME_H
#define ZSM_FRAME_H

#include <linux/jump_label.h>
#include <linux/mm.h>
#include <linux/pfn.h>

#include "core/zsm/frames.h"

/* The machine has memory beyond ZSM_MAX_PFN. */
DECLARE_STATIC_KEY_FALSE(zsm_frames_far);

/* The spans that have numbers; only where that key is set. */
extern struct zsm_frames zsm_frames;

/* The frame of a page that was given a number. Context: any. */
static inline unsigned long zsm_frame_pfn(u32 number)
{
	if (static_branch_unlikely(&zsm_frames_far))
		return zsm_frames_pfn(&zsm_frames, number);
	return number;
}

/* Where such a page is mapped. Context: any. */
static inline void *zsm_frame_addr(u32 number)
{
	return __va(PFN_PHYS((phys_addr_t)zsm_frame_pfn(number)));
}

/* The page itself. Context: any. */
static inline struct page *zsm_frame_page(u32 number)
{
	return pfn_to_page(zsm_frame_pfn(number));
}

/**
 * zsm_frame_number() - the number that descriptors keep of a page
 * @page: the page
 * @number: receives it
 *
 * Context: any.
 * Return: whether there is one. If not, the page cannot be used.
 */
bool zsm_frame_number(const struct page *page, u32 *number);

/**
 * zsm_frames_init() - look where the machine has memory
 *
 * Memory that is added later beyond ZSM_MAX_PFN is used only if there was some before.
 *
 * Context: may sleep; no pool is there.
 */
void zsm_frames_init(void);

#endif /* ZSM_FRAME_H */
