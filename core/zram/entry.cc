// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "core/zram/entry.h"

zram_found zram_entry_next(const void *window, uint32_t granules,
			   uint32_t *at) ZSM_NOEXCEPT
{
	const char *const bytes = static_cast<const char *>(window);

	while (*at < granules) {
		const auto *const entry = reinterpret_cast<const zram_entry *>(
			bytes + size_t{*at} * ZRAM_LOG_GRANULE);
		const uint32_t size = zram_entry_size(entry);

		if (zram_entry_is_end(entry)) {
			*at = (*at / ZRAM_LOG_BLOCK_GRANULES + 1) *
			      ZRAM_LOG_BLOCK_GRANULES;
			continue;
		}
		if (size > ZSM_PAGE_SIZE)
			return ZRAM_FOUND_JUNK;
		return zram_entry_granules(size) > granules - *at
			       ? ZRAM_FOUND_MORE
			       : ZRAM_FOUND_ENTRY;
	}
	return ZRAM_FOUND_NOTHING;
}
