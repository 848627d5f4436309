/* SPDX-License-Identifier: GPL-2.0 */
/* What is there or not in <linux/vmstat.h>. */
#ifndef ZSM_COMPAT_VMSTAT_H
#define ZSM_COMPAT_VMSTAT_H

#include <linux/vmstat.h>

#include "compat/version.h"

/*
 * A page that joins, or leaves, the payload of compressed pages: nr_zspages of
 * /proc/vmstat and of the report when memory has run out. Only a kernel that has an
 * allocator of its own for them has the counter.
 */
#if IS_ENABLED(CONFIG_ZSMALLOC)

static inline void compat_count_zspage(struct page *page)
{
	inc_zone_page_state(page, NR_ZSPAGES);
}

static inline void compat_uncount_zspage(struct page *page)
{
	dec_zone_page_state(page, NR_ZSPAGES);
}

#else

static inline void compat_count_zspage(struct page *page)
{
}

static inline void compat_uncount_zspage(struct page *page)
{
}

#endif

#endif /* ZSM_COMPAT_VMSTAT_H */
