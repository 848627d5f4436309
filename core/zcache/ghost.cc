// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "core/zcache/ghost.h"
#include "core/zcache/racy.hh"

namespace {

constexpr uint16_t print_mask = ZCACHE_GHOST_BAD - 1;

/* The entry with this fingerprint; ZCACHE_GHOST_ENTRIES if there is none. */
uint32_t find(const zcache_ghost_line &line, uint16_t print) noexcept
{
	uint32_t i = 0;

	while (i < ZCACHE_GHOST_ENTRIES &&
	       (zcache::load(line.entries[i]) & print_mask) != print)
		i++;
	return i;
}

} /* namespace */

extern "C" zcache_seen zcache_core_ghost_look(const zcache_ghost_line *line,
					      uint16_t print) noexcept
{
	const uint32_t i = find(*line, print);

	if (i == ZCACHE_GHOST_ENTRIES)
		return ZCACHE_UNSEEN;
	return zcache::load(line->entries[i]) & ZCACHE_GHOST_BAD
		       ? ZCACHE_SEEN_BAD
		       : ZCACHE_SEEN;
}

extern "C" void zcache_core_ghost_note(zcache_ghost_line *line, uint16_t print,
				       bool bad) noexcept
{
	const uint16_t mark = bad ? ZCACHE_GHOST_BAD : 0;
	uint32_t i = find(*line, print);
	uint16_t entry = print;

	if (i < ZCACHE_GHOST_ENTRIES) {
		entry = zcache::load(line->entries[i]);
	} else {
		/* Another CPU may store anything that fits: bound it here. */
		i = zcache::load(line->next) % ZCACHE_GHOST_ENTRIES;
		zcache::store(line->next, static_cast<uint16_t>(i + 1));
	}
	zcache::store(line->entries[i], static_cast<uint16_t>(entry | mark));
}
