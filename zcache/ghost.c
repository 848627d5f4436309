// SPDX-License-Identifier: GPL-2.0
/* The ghost's memory; what it remembers is core/zcache/ghost.h's. */
#include <linux/mm.h>
#include <linux/sched.h>

#include "zcache/ghost.h"

static struct zcache_ghost_line **ghost_entry(const struct zcache *zcache,
					      u64 hash, u32 *at)
{
	u32 line = zcache_spread(hash, zcache->nr_lines);

	*at = line % ZCACHE_LINES_PER_PAGE;
	return &zcache->ghost_pages[line / ZCACHE_LINES_PER_PAGE];
}

enum zcache_seen zcache_ghost_look(const struct zcache *zcache, u64 hash)
{
	struct zcache_ghost_line *page;
	u32 at;

	/* Pairs with the cmpxchg() in zcache_ghost_note(): a page is zeroed. */
	page = smp_load_acquire(ghost_entry(zcache, hash, &at));
	if (!page)
		return ZCACHE_UNSEEN;
	return zcache_core_ghost_look(&page[at], zcache_print(hash));
}

void zcache_ghost_note(struct zcache *zcache, u64 hash, bool bad)
{
	struct zcache_ghost_line **entry, *page;
	u32 at;

	entry = ghost_entry(zcache, hash, &at);
	/* Pairs with the cmpxchg() below. */
	page = smp_load_acquire(entry);
	if (!page) {
		struct zcache_ghost_line *other;

		page = (struct zcache_ghost_line *)get_zeroed_page(ZCACHE_GFP);
		if (!page)
			return;
		other = cmpxchg(entry, NULL, page);
		if (other) {
			free_page((unsigned long)page);
			page = other;
		} else {
			atomic64_add(PAGE_SIZE, &zcache->metadata_bytes);
		}
	}
	zcache_core_ghost_note(&page[at], zcache_print(hash), bad);
}

int zcache_ghost_create(struct zcache *zcache, u32 nr_pages)
{
	zcache->nr_lines = nr_pages * ZCACHE_LINES_PER_PAGE;
	zcache->ghost_pages = kvcalloc(nr_pages, sizeof(*zcache->ghost_pages),
				       GFP_KERNEL);
	if (!zcache->ghost_pages)
		return -ENOMEM;
	atomic64_add(nr_pages * sizeof(*zcache->ghost_pages),
		     &zcache->metadata_bytes);
	return 0;
}

void zcache_ghost_destroy(struct zcache *zcache)
{
	u32 nr_pages = zcache->nr_lines / ZCACHE_LINES_PER_PAGE;
	u32 i;

	if (!zcache->ghost_pages)
		return;
	for (i = 0; i < nr_pages; i++) {
		free_page((unsigned long)zcache->ghost_pages[i]);
		cond_resched();
	}
	kvfree(zcache->ghost_pages);
}
