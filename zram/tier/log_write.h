/* SPDX-License-Identifier: GPL-2.0 */
/* Pages that leave memory for the packed log. */
#ifndef ZRAM_LOG_WRITE_H
#define ZRAM_LOG_WRITE_H

#include "zram/tier/writeback_state.h"

/**
 * zram_log_write_page() - write a page back
 * @wb: between zram_log_begin() and zram_log_flush(); the caller holds work_lock
 * @index: its slot, whose leaf is there
 * @seen: what the slot held
 *
 * What is written is what is stored or, with writeback_recompress, what the last of the
 * device's algorithms makes of it, if that takes less. The slot is claimed until the
 * write has ended.
 *
 * Context: may sleep; waits for earlier writes, and may clean a segment.
 * Return: 0; -ENOENT if there is no page to write; -EIO if the limit is reached, -ENOSPC
 *	if there is no room; -EINTR; -ECANCELED if the device is being reset.
 */
int zram_log_write_page(struct zram_writeback *wb, u32 index, struct zsm_word seen);

#endif /* ZRAM_LOG_WRITE_H */
