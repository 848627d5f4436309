// SPDX-License-Identifier: GPL-2.0
/* The ghost's memory; what it remembers is core/zcache/ghost.h's. */
#include "zcache/ghost.h"

/* The number of a block's line. */
static u32 line_of(const struct zcache *zcache, u64 hash)
{
	return zcache_spread(hash, zcache->lines.nr * ZCACHE_LINES_PER_PAGE);
}

enum zcache_seen zcache_ghost_look(const struct zcache *zcache, u64 hash)
{
	u32 line = line_of(zcache, hash);
	const struct zcache_ghost_line *page =
		zcache_page(&zcache->lines, line / ZCACHE_LINES_PER_PAGE);

	if (!page)
		return ZCACHE_UNSEEN;
	return zcache_core_ghost_look(&page[line % ZCACHE_LINES_PER_PAGE],
				      zcache_print(hash));
}

void zcache_ghost_note(struct zcache *zcache, u64 hash, bool bad)
{
	u32 line = line_of(zcache, hash);
	struct zcache_ghost_line *page =
		zcache_page_make(&zcache->lines, line / ZCACHE_LINES_PER_PAGE);

	if (page)
		zcache_core_ghost_note(&page[line % ZCACHE_LINES_PER_PAGE],
				       zcache_print(hash), bad);
}
