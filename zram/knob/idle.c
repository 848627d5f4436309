// SPDX-License-Identifier: GPL-2.0
/* The knob that marks idle pages. */
#include <linux/kstrtox.h>
#include <linux/string.h>

#include "zram/knob/sysfs.h"
#include "zram/tier/idle.h"
#include "zram/tier/pass.h"

int zram_knob_idle_store(struct zram *zram, const char *text)
{
	bool all = sysfs_streq(text, "all");
	u64 seconds;
	int err;

	if (!all && kstrtou64(text, 0, &seconds))
		return -EINVAL;
	err = zram_use_begin(zram);
	if (err)
		return err;
	err = all ? zram_mark_all_idle(zram) : zram_mark_older(zram, seconds);
	zram_use_end(zram);
	return err;
}
