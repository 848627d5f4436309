/* SPDX-License-Identifier: GPL-2.0 */
/* A device's counters, one set a CPU. */
#ifndef ZRAM_STAT_H
#define ZRAM_STAT_H

#include <linux/percpu.h>
#include <linux/stddef.h>

#include "zram_drv.h"

/* One CPU's may be negative; the sum over the CPUs counts. */
struct zram_stats {
	s64 pages_stored;
	s64 compr_data_size;
	s64 same_pages;
	s64 huge_pages;
	s64 huge_pages_since;
	s64 failed_reads;
	s64 failed_writes;
	s64 notify_free;
	s64 miss_free;
	s64 bd_reads;
	s64 bd_writes;
};

#define zram_stat_add(zram, field, n) this_cpu_add((zram)->stats->field, n)
#define zram_stat_inc(zram, field) zram_stat_add(zram, field, 1)

/* The sum over the CPUs of the counter that is so far into struct zram_stats. */
s64 zram_stat_sum(const struct zram *zram, size_t offset);

#define zram_stat(zram, field) \
	zram_stat_sum(zram, offsetof(struct zram_stats, field))

/**
 * zram_stats_reset() - set all counters to zero
 * @zram: a device that has no I/O
 *
 * Context: any.
 */
void zram_stats_reset(struct zram *zram);

#endif /* ZRAM_STAT_H */
