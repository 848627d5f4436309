// SPDX-License-Identifier: GPL-2.0
/* Tables whose pages are made when they are first needed. */
#include <linux/mm.h>
#include <linux/sched.h>

#include "zcache/gfp.h"
#include "zcache/pages.h"

int zcache_pages_create(struct zcache_pages *table, u32 nr, atomic64_t *bytes)
{
	void **pages = kvcalloc(nr, sizeof(*pages), GFP_KERNEL);

	if (!pages)
		return -ENOMEM;
	*table = (struct zcache_pages){ .nr = nr, .pages = pages, .bytes = bytes };
	atomic64_add(nr * sizeof(*pages), bytes);
	return 0;
}

void zcache_pages_destroy(struct zcache_pages *table)
{
	u32 i;

	for (i = 0; i < table->nr; i++) {
		free_page((unsigned long)table->pages[i]);
		cond_resched();
	}
	kvfree(table->pages);
}

void *zcache_page_make(struct zcache_pages *table, u32 i)
{
	void *page = zcache_page(table, i);
	void *other;

	if (page)
		return page;
	page = (void *)get_zeroed_page(ZCACHE_GFP);
	if (!page)
		return NULL;
	other = cmpxchg(&table->pages[i], NULL, page);
	if (other) {
		free_page((unsigned long)page);
		return other;
	}
	atomic64_add(PAGE_SIZE, table->bytes);
	return page;
}
