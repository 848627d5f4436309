/* SPDX-License-Identifier: GPL-2.0 */
/* What a device takes of the machine's memory. */
#ifndef ZRAM_MEMORY_H
#define ZRAM_MEMORY_H

#include "zram_drv.h"

/**
 * zram_used_bytes() - the memory that a device's data take
 * @zram: a device that is set up
 *
 * The pool with all its metadata, and the slots. Not the streams, which
 * depend on the number of CPUs alone.
 *
 * Context: any.
 * Return: bytes.
 */
static inline u64 zram_used_bytes(const struct zram *zram)
{
	return zsm_allocated_bytes(zram->pool) +
	       atomic64_read(&zram->memory.metadata_bytes);
}

/**
 * zram_note_used() - keep the high-water mark after something was allocated
 * @zram: the device
 *
 * Context: any.
 */
void zram_note_used(struct zram *zram);

#endif /* ZRAM_MEMORY_H */
