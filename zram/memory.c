// SPDX-License-Identifier: GPL-2.0
/* What a device takes of the machine's memory. */
#include "zram/memory.h"

void zram_note_used(struct zram *zram)
{
	s64 used = zram_used_bytes(zram);
	s64 max = atomic64_read(&zram->memory.max_used_bytes);

	while (used > max &&
	       !atomic64_try_cmpxchg(&zram->memory.max_used_bytes, &max, used))
		;
}
