/* SPDX-License-Identifier: GPL-2.0 */
/* Cleaning: what is in use in a segment goes to another one, and the segment is free. */
#ifndef ZRAM_LOG_CLEAN_H
#define ZRAM_LOG_CLEAN_H

#include "zram/tier/writeback_state.h"

/**
 * zram_log_clean_one() - clean the segment that has the least in use
 * @wb: what writes; no buffer is being filled
 *
 * If no segment can be cleaned that is noted, until an entry is dropped. A segment that
 * cannot be read, or holds something else than was written, is not used any more.
 *
 * Context: may sleep, for reading a segment and writing what is in use of it.
 * Return: 0; -EDQUOT if the limit is reached; -ENOSPC; -EINTR if the task was killed;
 *	-ECANCELED if the device is being reset.
 */
int zram_log_clean_one(struct zram_writeback *wb);

#endif /* ZRAM_LOG_CLEAN_H */
