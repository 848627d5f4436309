/* SPDX-License-Identifier: GPL-2.0 */
/* What a write-back, zram/tier/writeback.h, consists of, for both layouts. */
#ifndef ZRAM_WRITEBACK_STATE_H
#define ZRAM_WRITEBACK_STATE_H

#include "zram/tier/pass.h"

/**
 * struct zram_writeback - one write-back
 * @pass: its pass over slots
 * @last_index: the last slot that was visited, in their order; see zram_writeback_visit()
 * @err: the last error of a write
 * @nr_written: writes that have ended well
 * @nr_failed: writes that have not
 * @charge: counts a block that is to be written; false: it may not be; or NULL
 */
struct zram_writeback {
	struct zram_pass pass;
	u64 last_index;
	int err;
	u64 nr_written;
	u64 nr_failed;
	bool (*charge)(struct zram_writeback *wb);
};

#endif /* ZRAM_WRITEBACK_STATE_H */
