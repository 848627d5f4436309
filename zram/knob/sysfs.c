// SPDX-License-Identifier: GPL-2.0
/*
 * The files in sysfs, made from the table in zram/knob/knobs.def, and the settings, which
 * need no code but what is here.
 */
#include <linux/blkdev.h>
#include <linux/device.h>
#include <linux/kstrtox.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/sysfs.h>

#include "zram/knob/sysfs.h"
#include "zram/tier/recompress_auto.h"
#include "zram/tier/worker.h"
#include "zram/knob/parse.h"
#include "zram_drv.h"

/* When a knob may be written. */
enum zram_when {
	ZRAM_ANY,
	ZRAM_UNSIZED,
	ZRAM_SIZED,
};

/* How a setting is written. */
enum zram_unit {
	ZRAM_NUMBER,
	ZRAM_BOOL,
	ZRAM_FLAG,
	ZRAM_SIZE,
};

/**
 * struct zram_knob - a knob that is no setting
 * @attr: what sysfs knows of it
 * @show: answers a read; or NULL
 * @store: takes what was written; or NULL
 */
struct zram_knob {
	struct device_attribute attr;
	ssize_t (*show)(struct zram *zram, char *buf);
	int (*store)(struct zram *zram, const char *text);
};

/**
 * struct zram_setting - a knob that is one word of struct zram_settings
 * @attr: what sysfs knows of it
 * @offset: where the word is
 * @when: when it may be written
 * @unit: how
 * @min: the least that it may be
 * @max: the most
 * @changed: is called when it was; or NULL
 */
struct zram_setting {
	struct device_attribute attr;
	size_t offset;
	enum zram_when when;
	enum zram_unit unit;
	u64 min;
	u64 max;
	void (*changed)(struct zram *zram);
};

/* The device behind a knob. */
static struct zram *zram_of(struct device *dev)
{
	return dev_to_disk(dev)->private_data;
}

/* ---- Knobs -------------------------------------------------------------- */

static ssize_t zram_knob_show(struct device *dev, struct device_attribute *attr,
			      char *buf)
{
	return container_of(attr, struct zram_knob, attr)->show(zram_of(dev),
								buf);
}

static ssize_t zram_knob_store(struct device *dev,
			       struct device_attribute *attr, const char *buf,
			       size_t len)
{
	int err = container_of(attr, struct zram_knob, attr)->store(zram_of(dev),
								    buf);

	return err ? err : len;
}

#define ZRAM_ATTR_RO(name, show, store) __ATTR(name, 0444, show, NULL)
#define ZRAM_ATTR_WO(name, show, store) __ATTR(name, 0200, NULL, store)
#define ZRAM_ATTR_RW(name, show, store) __ATTR(name, 0644, show, store)

#define ZRAM_OPS_RO(name) .show = zram_knob_##name##_show,
#define ZRAM_OPS_WO(name) .store = zram_knob_##name##_store,
#define ZRAM_OPS_RW(name) ZRAM_OPS_RO(name) ZRAM_OPS_WO(name)

#define ZRAM_KNOB(name, access, when, takes)				\
	static struct zram_knob zram_knob_##name = {			\
		.attr = ZRAM_ATTR_##access(name, zram_knob_show,	\
					   zram_knob_store),		\
		ZRAM_OPS_##access(name)					\
	};
#include "zram/knob/knobs.def"

/* ---- Settings ----------------------------------------------------------- */

static u64 *zram_setting_word(struct zram *zram, const struct zram_setting *set)
{
	return (void *)&zram->settings + set->offset;
}

static int zram_setting_parse(const struct zram_setting *set, const char *text,
			      u64 *value)
{
	bool yes;
	int err;

	switch (set->unit) {
	case ZRAM_BOOL:
		err = kstrtobool(text, &yes);
		*value = yes;
		break;
	case ZRAM_FLAG:
		err = kstrtou64(text, 10, value);
		*value = !err && *value;
		break;
	case ZRAM_SIZE:
		err = zram_parse_size(text, value);
		if (!err && *value > U64_MAX - PAGE_SIZE)
			err = -EINVAL;
		*value = PAGE_ALIGN(*value);
		break;
	default:
		err = kstrtou64(text, 10, value);
	}
	return err || *value < set->min || *value > set->max ? -EINVAL : 0;
}

static ssize_t zram_setting_show(struct device *dev,
				 struct device_attribute *attr, char *buf)
{
	const struct zram_setting *set =
		container_of(attr, struct zram_setting, attr);
	const u64 *word = zram_setting_word(zram_of(dev), set);

	return sysfs_emit(buf, "%llu\n", READ_ONCE(*word));
}

static ssize_t zram_setting_store(struct device *dev,
				  struct device_attribute *attr,
				  const char *buf, size_t len)
{
	const struct zram_setting *set =
		container_of(attr, struct zram_setting, attr);
	struct zram *zram = zram_of(dev);
	u64 value;
	int err;

	err = zram_setting_parse(set, buf, &value);
	if (err)
		return err;
	down_write(&zram->init_lock);
	if (set->when == ZRAM_UNSIZED && zram_is_set_up(zram)) {
		err = -EBUSY;
	} else if (set->when == ZRAM_SIZED && !zram_is_set_up(zram)) {
		err = -EINVAL;
	} else {
		WRITE_ONCE(*zram_setting_word(zram, set), value);
		if (set->changed)
			set->changed(zram);
	}
	up_write(&zram->init_lock);
	return err ? err : len;
}

#define ZRAM_SETTING_FILE(name, of, access, _when, _unit, _min, _max, _changed) \
	static struct zram_setting zram_setting_##name = {		\
		.attr = ZRAM_ATTR_##access(name, zram_setting_show,	\
					   zram_setting_store),		\
		.offset = offsetof(struct zram_settings, of),		\
		.when = ZRAM_##_when,					\
		.unit = ZRAM_##_unit,					\
		.min = _min,						\
		.max = _max,						\
		.changed = _changed,					\
	};
#define ZRAM_SETTING(name, access, when, unit, min, max, default, changed) \
	ZRAM_SETTING_FILE(name, name, access, when, unit, min, max, changed)
#define ZRAM_ALIAS(name, of, access, when, unit, min, max) \
	ZRAM_SETTING_FILE(name, of, access, when, unit, min, max, NULL)
#include "zram/knob/knobs.def"

/* ---- All of them -------------------------------------------------------- */

static struct attribute *zram_attrs[] = {
#define ZRAM_KNOB(name, access, when, takes) &zram_knob_##name.attr.attr,
#define ZRAM_SETTING(name, access, when, unit, min, max, default, changed) \
	&zram_setting_##name.attr.attr,
#define ZRAM_ALIAS(name, of, access, when, unit, min, max) \
	&zram_setting_##name.attr.attr,
#include "zram/knob/knobs.def"
	NULL,
};

static const struct attribute_group zram_group = {
	.attrs = zram_attrs,
};

const struct attribute_group *zram_disk_groups[] = {
	&zram_group,
	NULL,
};
