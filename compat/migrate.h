/* SPDX-License-Identifier: GPL-2.0 */
/* What moved in <linux/migrate.h>. */
#ifndef ZSM_COMPAT_MIGRATE_H
#define ZSM_COMPAT_MIGRATE_H

#include <linux/gfp.h>
#include <linux/mm_types.h>

#include "compat/version.h"

/*
 * Pages that the kernel may move. Where Kbuild found the interface,
 * COMPAT_HAS_MOVABLE_PAGES is defined; elsewhere no page is ever marked.
 *
 * compat_page_mark() makes an owner's page movable by @mops, and compat_page_unmark()
 * ends that; the caller has the page locked. compat_page_tag() is a number that an
 * owner keeps with a page beside its private one, 0 when the page is new. A CPU that reads
 * a tag sees what was stored before compat_page_set_tag() set it. compat_has_movable_pages()
 * says whether this kernel moves any.
 */
#ifdef ZSM_MOVABLE_PAGES
#include <linux/migrate.h>
#include <linux/page-flags.h>

#define COMPAT_HAS_MOVABLE_PAGES
#define COMPAT_GFP_MOVABLE (__GFP_HIGHMEM | __GFP_MOVABLE)

static inline bool compat_has_movable_pages(void)
{
	return true;
}

static inline void compat_page_mark(struct page *page,
				    const struct movable_operations *mops)
{
	__SetPageMovable(page, mops);
}

static inline bool compat_page_is_marked(struct page *page)
{
	return __PageMovable(page);
}

static inline void compat_page_unmark(struct page *page)
{
	__ClearPageMovable(page);
}

static inline unsigned long compat_page_tag(const struct page *page)
{
	/* Pairs with the release in compat_page_set_tag(). */
	return smp_load_acquire(&page->index);
}

static inline void compat_page_set_tag(struct page *page, unsigned long tag)
{
	/* Pairs with the acquire in compat_page_tag(). */
	smp_store_release(&page->index, tag);
}

#else

#define COMPAT_GFP_MOVABLE 0

static inline bool compat_has_movable_pages(void)
{
	return false;
}

static inline bool compat_page_is_marked(struct page *page)
{
	return false;
}

static inline void compat_page_unmark(struct page *page)
{
}

#endif

#endif /* ZSM_COMPAT_MIGRATE_H */
