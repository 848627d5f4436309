/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The knobs of a device under /sys/block/zramN/. Each stands in zram/knob/knobs.def; what
 * is not a plain setting is answered by two functions here, which are in the file of its
 * subject:
 *
 *   zram/knob/device.c            size, reset, the pool and its compaction
 *   zram/knob/algorithms.c        algorithms
 *   zram/knob/algorithm_params.c  their parameters
 *   zram/knob/recompress.c        recompression
 *   zram/knob/idle.c              marks of idle pages
 *   zram/knob/backing.c           the backing device
 *   zram/knob/writeback.c         what is written to it
 *   zram/knob/stats.c             statistics
 *
 * All of them run in process context and may sleep.
 */
#ifndef ZRAM_SYSFS_H
#define ZRAM_SYSFS_H

#include <linux/types.h>

struct attribute_group;
struct zram;

/* All of them, to give to zram_add(). */
extern const struct attribute_group *zram_disk_groups[];

/*
 * zram_knob_NAME_show() writes a page of text at most to @buf, and returns its length or
 * an error. zram_knob_NAME_store() takes @text, which ends in a zero, with or without a
 * newline before it, and returns 0 or an error; on an error nothing has changed.
 */
#define ZRAM_DECLARE_RO(name) \
	ssize_t zram_knob_##name##_show(struct zram *zram, char *buf);
#define ZRAM_DECLARE_WO(name) \
	int zram_knob_##name##_store(struct zram *zram, const char *text);
#define ZRAM_DECLARE_RW(name) ZRAM_DECLARE_RO(name) ZRAM_DECLARE_WO(name)

#define ZRAM_KNOB(name, access, when, takes) ZRAM_DECLARE_##access(name)
#include "zram/knob/knobs.def"

/* The pool has to know of a new limit, or share of waste. The caller holds init_lock. */
void zram_mem_limit_changed(struct zram *zram);
void zram_compact_waste_changed(struct zram *zram);

#endif /* ZRAM_SYSFS_H */
