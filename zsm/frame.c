// SPDX-License-Identifier: GPL-2.0
/* Pages by the numbers that descriptors keep. */
#define pr_fmt(fmt) "zsm: " fmt

#include <linux/mmzone.h>
#include <linux/nodemask.h>
#include <linux/printk.h>
#include <linux/spinlock.h>

#include "zsm/frame.h"

DEFINE_STATIC_KEY_FALSE(zsm_frames_far);

struct zsm_frames zsm_frames;

/* Guards additions to @zsm_frames; a leaf. */
static DEFINE_SPINLOCK(frames_lock);

static bool find_number(unsigned long pfn, u32 *number)
{
	/* Pairs with the release in add_span(): an entry is there before it counts. */
	u32 nr = smp_load_acquire(&zsm_frames.nr);

	return zsm_core_frames_find(&zsm_frames, nr, pfn, number);
}

/* Gives the frame's span a number, unless another thread did or none is left. */
static void add_span(unsigned long pfn)
{
	u32 number;

	spin_lock(&frames_lock);
	if (!find_number(pfn, &number) &&
	    zsm_core_frames_add(&zsm_frames, pfn)) {
		/* The count comes after the entry, for find_number(). */
		smp_store_release(&zsm_frames.nr, zsm_frames.nr + 1);
	}
	spin_unlock(&frames_lock);
}

bool zsm_frame_number(const struct page *page, u32 *number)
{
	unsigned long pfn = page_to_pfn(page);

	if (static_branch_unlikely(&zsm_frames_far)) {
		if (find_number(pfn, number))
			return true;
		add_span(pfn);
		return find_number(pfn, number);
	}
	*number = pfn;
	return pfn <= ZSM_MAX_PFN;
}

void __init zsm_frames_init(void)
{
	unsigned long end = 0;
	int nid;

	for_each_node_state(nid, N_MEMORY)
		end = max(end, node_end_pfn(nid));
	if (end > ZSM_MAX_PFN)
		static_branch_enable(&zsm_frames_far);
}
