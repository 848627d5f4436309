// SPDX-License-Identifier: GPL-2.0
/* The knobs that show statistics, in the formats that zramctl and others parse. */
#include <linux/sysfs.h>

#include "zram/knob/sysfs.h"
#include "zram/memory.h"
#include "zram/stat.h"

ssize_t zram_knob_mm_stat_show(struct zram *zram, char *buf)
{
	struct zsm_stats pool = {};
	u64 used = 0;
	ssize_t len;

	down_read(&zram->init_lock);
	if (zram_is_set_up(zram)) {
		used = zram_used_bytes(zram);
		zsm_stats(zram->pool, &pool);
	}
	len = sysfs_emit(buf, "%8llu %8llu %8llu %8llu %8llu %8llu %8llu %8llu %8llu\n",
			 zram_stat(zram, pages_stored) << PAGE_SHIFT,
			 zram_stat(zram, compr_data_size), used,
			 READ_ONCE(zram->settings.mem_limit),
			 pool.max_allocated_bytes,
			 zram_stat(zram, same_pages), pool.pages_compacted,
			 zram_stat(zram, huge_pages),
			 zram_stat(zram, huge_pages_since));
	up_read(&zram->init_lock);
	return len;
}

ssize_t zram_knob_io_stat_show(struct zram *zram, char *buf)
{
	ssize_t len;

	/* A reset sets the counters to zero. */
	down_read(&zram->init_lock);
	len = sysfs_emit(buf, "%8llu %8llu %8u %8llu\n",
			 zram_stat(zram, failed_reads),
			 zram_stat(zram, failed_writes), 0,
			 zram_stat(zram, notify_free));
	up_read(&zram->init_lock);
	return len;
}

ssize_t zram_knob_debug_stat_show(struct zram *zram, char *buf)
{
	ssize_t len;

	down_read(&zram->init_lock);
	len = sysfs_emit(buf, "version: 1\n%8u %8llu\n", 0,
			 zram_stat(zram, miss_free));
	up_read(&zram->init_lock);
	return len;
}
