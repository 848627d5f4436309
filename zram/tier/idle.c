// SPDX-License-Identifier: GPL-2.0
/* Marks of pages that were not accessed for long. */
#include <linux/device.h>
#include <linux/kstrtox.h>
#include <linux/sched.h>
#include <linux/sysfs.h>
#include <linux/timekeeping.h>

#include "zram/knob/knobs.h"
#include "zram/slot.h"
#include "zram/slots.h"
#include "zram/times.h"

/* Whether a mark says anything: somebody could act upon it. */
static bool zram_may_mark(u64 value)
{
	return zram_slot_has_object(value) &&
	       !(value & (ZRAM_SLOT_SAME | ZRAM_SLOT_CLAIMED));
}

/* The time is looked at under the lock, since an access sets it first. */
static void zram_mark_slot(struct zram *zram, u32 index, u64 before)
{
	unsigned long *slot = zram_slot_find(zram, index);
	u64 value;

	if (!zram_may_mark(zram_slot_get(slot)))
		return;
	zram_slot_lock(slot);
	value = zram_slot_get(slot);
	if (zram_may_mark(value) &&
	    (before == U64_MAX || zram_accessed_ns(zram, index) <= before))
		zram_slot_set(slot, value | ZRAM_SLOT_IDLE);
	zram_slot_unlock(slot);
}

/* Marks what was last accessed at a time since boot, or before; U64_MAX: all. */
static void zram_mark_idle(struct zram *zram, u64 before)
{
	u64 index;

	for (index = zram_next_slot(zram, 0); index < zram->nr_slots;
	     index = zram_next_slot(zram, index + 1)) {
		zram_mark_slot(zram, index, before);
		cond_resched();
	}
}

static int zram_mark_older(struct zram *zram, u64 seconds)
{
	u64 now = ktime_get_coarse_boottime();
	int err = zram_times_start(zram);

	if (err)
		return err;
	if (!seconds)
		zram_mark_idle(zram, U64_MAX);
	else if (seconds <= now / NSEC_PER_SEC)
		zram_mark_idle(zram, now - seconds * NSEC_PER_SEC);
	return 0;
}

static ssize_t idle_store(struct device *dev, struct device_attribute *attr,
			  const char *buf, size_t len)
{
	struct zram *zram = zram_of(dev);
	bool all = sysfs_streq(buf, "all");
	u64 seconds = 0;
	int err = -EINVAL;

	if (!all && kstrtou64(buf, 0, &seconds))
		return -EINVAL;
	down_read(&zram->init_lock);
	if (zram_is_set_up(zram)) {
		err = 0;
		if (all)
			zram_mark_idle(zram, U64_MAX);
		else
			err = zram_mark_older(zram, seconds);
	}
	up_read(&zram->init_lock);
	return err ? err : len;
}
static DEVICE_ATTR_WO(idle);

static struct attribute *zram_idle_attrs[] = {
	&dev_attr_idle.attr,
	NULL,
};

const struct attribute_group zram_idle_group = {
	.attrs = zram_idle_attrs,
};
