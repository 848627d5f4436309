// SPDX-License-Identifier: GPL-2.0
/* A device's counters. */
#include <linux/cpumask.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "zram/stat.h"

s64 zram_stat_sum(const struct zram *zram, size_t offset)
{
	s64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(*(s64 *)((char *)per_cpu_ptr(zram->stats, cpu) +
					  offset));
	/* Counts that change meanwhile may make it a little less than none. */
	return max(sum, 0LL);
}

void zram_stats_reset(struct zram *zram)
{
	int cpu;

	for_each_possible_cpu(cpu)
		memset(per_cpu_ptr(zram->stats, cpu), 0,
		       sizeof(struct zram_stats));
}
