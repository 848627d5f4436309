// SPDX-License-Identifier: GPL-2.0
/* The knobs about a device's size and its memory. */
#include <linux/kstrtox.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "zram/device.h"
#include "zram/knob/sysfs.h"
#include "zram/knob/parse.h"
#include "zram/tier/pass.h"
#include "zram/tier/worker.h"

ssize_t zram_knob_disksize_show(struct zram *zram, char *buf)
{
	return sysfs_emit(buf, "%llu\n", READ_ONCE(zram->disksize));
}

int zram_knob_disksize_store(struct zram *zram, const char *text)
{
	u64 bytes;
	int err;

	err = zram_parse_size(text, &bytes);
	if (err)
		return err;
	down_write(&zram->init_lock);
	err = zram_set_up(zram, bytes);
	up_write(&zram->init_lock);
	return err;
}

ssize_t zram_knob_initstate_show(struct zram *zram, char *buf)
{
	return sysfs_emit(buf, "%u\n", READ_ONCE(zram->disksize) != 0);
}

int zram_knob_reset_store(struct zram *zram, const char *text)
{
	u16 value;
	int err;

	err = kstrtou16(text, 10, &value);
	if (err)
		return err;
	if (!value)
		return -EINVAL;
	return zram_reset(zram);
}

int zram_knob_mem_used_max_store(struct zram *zram, const char *text)
{
	unsigned long value;

	if (kstrtoul(text, 10, &value) || value)
		return -EINVAL;
	down_read(&zram->init_lock);
	if (zram_is_set_up(zram))
		zsm_reset_max(zram->pool);
	up_read(&zram->init_lock);
	return 0;
}

int zram_knob_compact_store(struct zram *zram, const char *text)
{
	int err = zram_use_begin(zram);

	if (err)
		return err;
	zsm_compact(zram->pool);
	zram_use_end(zram);
	return 0;
}

void zram_mem_limit_changed(struct zram *zram)
{
	if (zram_is_set_up(zram))
		zsm_set_limit(zram->pool, zram->settings.mem_limit);
	zram_worker_settings_changed(zram);
}

void zram_compact_waste_changed(struct zram *zram)
{
	if (zram_is_set_up(zram))
		zsm_set_max_waste(zram->pool, zram->settings.compact_waste);
}

ssize_t zram_knob_pool_show(struct zram *zram, char *buf)
{
	ssize_t len = 0;
	unsigned int i;

	down_read(&zram->init_lock);
	for (i = 0; i < ZSM_NR_KINDS; i++)
		len += sysfs_emit_at(buf, len,
				     i == zram->pool_kind ? "[%s] " : "%s ",
				     zsm_kind_names[i]);
	up_read(&zram->init_lock);
	buf[len - 1] = '\n';
	return len;
}

int zram_knob_pool_store(struct zram *zram, const char *text)
{
	int kind = __sysfs_match_string(zsm_kind_names, ZSM_NR_KINDS, text);
	int err = 0;

	if (kind < 0)
		return kind;
	down_write(&zram->init_lock);
	if (zram_is_set_up(zram))
		err = -EBUSY;
	else
		zram->pool_kind = kind;
	up_write(&zram->init_lock);
	return err;
}
