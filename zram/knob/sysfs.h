/* SPDX-License-Identifier: GPL-2.0 */
/* The knobs of a device under /sys/block/zramN/. */
#ifndef ZRAM_KNOBS_H
#define ZRAM_KNOBS_H

#include <linux/blkdev.h>
#include <linux/sysfs.h>

struct zram;

/* All of them, to give to zram_add(). */
extern const struct attribute_group *zram_disk_groups[];

extern const struct attribute_group zram_disk_group;
extern const struct attribute_group zram_algorithm_group;
extern const struct attribute_group zram_params_group;
extern const struct attribute_group zram_recompress_group;
extern const struct attribute_group zram_idle_group;
extern const struct attribute_group zram_backing_group;
extern const struct attribute_group zram_stats_group;

/* The device behind a knob. */
static inline struct zram *zram_of(struct device *dev)
{
	return dev_to_disk(dev)->private_data;
}

#endif /* ZRAM_KNOBS_H */
