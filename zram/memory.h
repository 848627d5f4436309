/* SPDX-License-Identifier: GPL-2.0 */
/* What a device takes of the machine's memory. */
#ifndef ZRAM_MEMORY_H
#define ZRAM_MEMORY_H

#include "zram_drv.h"

/**
 * zram_used_bytes() - the memory that a device's data take
 * @zram: a device that is set up
 *
 * The pool with all its metadata, the slots, and times of access: what mem_limit limits.
 * Not the streams, which depend on the number of CPUs alone, nor the maps of a backing
 * device, which depend on its size.
 *
 * Context: any.
 * Return: bytes.
 */
static inline u64 zram_used_bytes(const struct zram *zram)
{
	return zsm_allocated_bytes(zram->pool);
}

#endif /* ZRAM_MEMORY_H */
