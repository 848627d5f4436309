/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* How large objects, zspages and their descriptors may be. */
#ifndef ZSM_CORE_GEOMETRY_H
#define ZSM_CORE_GEOMETRY_H

#include "core/page.h"

/*
 * Sizes are counted in granules, 256 to a page whatever the page's size, so
 * that one set of small numbers describes every geometry. At 4 KiB a granule
 * is 16 bytes.
 */
#define ZSM_GRANULE_SHIFT (ZSM_PAGE_SHIFT - 8)
#define ZSM_GRANULE (1u << ZSM_GRANULE_SHIFT)
#define ZSM_PAGE_GRANULES 256u

/*
 * The smallest object: two granules. To move a page, all that is on it is frozen at
 * once, which may disable preemption once for each; the kernel counts to 255.
 */
#define ZSM_MIN_SIZE (2u * ZSM_GRANULE)

/* Pages a zspage may have; the populated map is one 16-bit word. */
#define ZSM_MAX_CHAIN 16u

/* Objects a zspage may have: a whole page of the smallest. */
#define ZSM_MAX_OBJS (ZSM_PAGE_SIZE / ZSM_MIN_SIZE)
#define ZSM_OBJ_BITS 7u

/* Descriptors differ in size from class to class, in steps of this many bytes. */
#define ZSM_ZSPAGE_STEP 32u

/* A page's number is kept in 32 bits: 16 TiB of memory at 4 KiB pages. See frames.h. */
#define ZSM_MAX_PFN 0xffffffffu

#endif /* ZSM_CORE_GEOMETRY_H */
