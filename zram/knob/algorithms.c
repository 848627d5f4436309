// SPDX-License-Identifier: GPL-2.0
/* The knobs that choose compression algorithms. */
#include <linux/cpumask.h>
#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "zram/knob/knobs.h"
#include "zram_drv.h"

/* A written algorithm's name, its newline included, is shorter than this. */
#define ZRAM_MAX_NAME 128

/* Selects what a device without a size is to compress with. */
static int zram_choose_codec(struct zram *zram, u32 prio, const char *name)
{
	const struct zsm_codec *codec = zsm_codec_find(name);
	int err = 0;

	if (!codec)
		return -EINVAL;
	down_write(&zram->init_lock);
	if (zram_is_set_up(zram)) {
		err = -EBUSY;
	} else if (codec != zram->algos[prio].codec) {
		zram->algos[prio].codec = codec;
		/* They may have been set for this one already. */
		if (!zsm_codec_takes(codec, &zram->algos[prio].params))
			zsm_params_reset(&zram->algos[prio].params);
	}
	up_write(&zram->init_lock);
	return err;
}

static ssize_t comp_algorithm_show(struct device *dev,
				   struct device_attribute *attr, char *buf)
{
	struct zram *zram = zram_of(dev);
	ssize_t len;

	down_read(&zram->init_lock);
	len = zsm_codec_show(buf, 0, zram->algos[0].codec->name);
	up_read(&zram->init_lock);
	return len;
}

static ssize_t comp_algorithm_store(struct device *dev,
				    struct device_attribute *attr,
				    const char *buf, size_t len)
{
	char name[ZRAM_MAX_NAME];
	int err;

	if (len >= sizeof(name))
		return -E2BIG;
	strscpy(name, buf, sizeof(name));
	err = zram_choose_codec(zram_of(dev), 0, strim(name));
	return err ? err : len;
}
static DEVICE_ATTR_RW(comp_algorithm);

static ssize_t recomp_algorithm_show(struct device *dev,
				     struct device_attribute *attr, char *buf)
{
	struct zram *zram = zram_of(dev);
	ssize_t len = 0;
	u32 prio;

	down_read(&zram->init_lock);
	for (prio = 1; prio < ZRAM_NR_PRIOS; prio++) {
		if (!zram->algos[prio].codec)
			continue;
		len += sysfs_emit_at(buf, len, "#%u: ", prio);
		len += zsm_codec_show(buf, len, zram->algos[prio].codec->name);
	}
	up_read(&zram->init_lock);
	return len;
}

/* Takes `algo=NAME [priority=1..3]'; @args is torn apart. */
static int zram_store_recomp_algorithm(struct zram *zram, char *args)
{
	const char *name = NULL;
	u32 prio = 1;

	while (*args) {
		char *param, *val;

		args = next_arg(args, &param, &val);
		if (!val || !*val)
			return -EINVAL;
		if (!strcmp(param, "algo"))
			name = val;
		else if (strcmp(param, "priority") ||
			 kstrtou32(val, 10, &prio))
			return -EINVAL;
	}
	if (!name || !prio || prio >= ZRAM_NR_PRIOS)
		return -EINVAL;
	if (strlen(name) >= ZRAM_MAX_NAME)
		return -E2BIG;
	return zram_choose_codec(zram, prio, name);
}

static ssize_t recomp_algorithm_store(struct device *dev,
				      struct device_attribute *attr,
				      const char *buf, size_t len)
{
	char *args = kstrndup(buf, len, GFP_KERNEL);
	int err;

	if (!args)
		return -ENOMEM;
	err = zram_store_recomp_algorithm(zram_of(dev), strim(args));
	kfree(args);
	return err ? err : len;
}
static DEVICE_ATTR_RW(recomp_algorithm);

/* Streams are one a CPU. The knob is kept for scripts that still set it. */
static ssize_t max_comp_streams_show(struct device *dev,
				     struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", num_online_cpus());
}

static ssize_t max_comp_streams_store(struct device *dev,
				      struct device_attribute *attr,
				      const char *buf, size_t len)
{
	return len;
}
static DEVICE_ATTR_RW(max_comp_streams);

static struct attribute *zram_algorithm_attrs[] = {
	&dev_attr_comp_algorithm.attr,
	&dev_attr_recomp_algorithm.attr,
	&dev_attr_max_comp_streams.attr,
	NULL,
};

const struct attribute_group zram_algorithm_group = {
	.attrs = zram_algorithm_attrs,
};
