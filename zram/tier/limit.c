// SPDX-License-Identifier: GPL-2.0
/* writeback_limit. See limit.h. */
#include "zram/tier/backing.h"
#include "zram/tier/limit.h"

/* Takes a block's units off, if the limit holds. False: too few are left. */
static bool zram_limit_take(struct zram *zram, bool *limited)
{
	u64 *limit = &zram->settings.writeback_limit;
	u64 left = READ_ONCE(*limit);

	*limited = READ_ONCE(zram->settings.writeback_limit_enable);
	if (!*limited)
		return true;
	do {
		if (left < ZRAM_UNITS_PER_PAGE)
			return false;
	} while (!try_cmpxchg64(limit, &left, left - ZRAM_UNITS_PER_PAGE));
	return true;
}

void zram_limit_return(struct zram *zram, bool limited)
{
	u64 *limit = &zram->settings.writeback_limit;
	u64 left = READ_ONCE(*limit);

	if (!limited)
		return;
	do {
		if (left > U64_MAX - ZRAM_UNITS_PER_PAGE)
			return;
	} while (!try_cmpxchg64(limit, &left, left + ZRAM_UNITS_PER_PAGE));
}

bool zram_block_charge(struct zram_writeback *wb, bool *limited)
{
	if (!zram_limit_take(wb->pass.zram, limited))
		return false;
	if (!wb->charge || wb->charge(wb))
		return true;
	zram_limit_return(wb->pass.zram, *limited);
	return false;
}
