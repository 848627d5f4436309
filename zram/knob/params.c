// SPDX-License-Identifier: GPL-2.0
/* Parameters of the algorithms: level, dictionary, window. */
#define pr_fmt(fmt) "zram: " fmt

#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/kernel_read_file.h>
#include <linux/kstrtox.h>
#include <linux/printk.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "zram/knob/knobs.h"
#include "zram_drv.h"

/* Far beyond what is of use for a page. */
#define ZRAM_MAX_DICT_SIZE SZ_16M

/* What was written: for which priority, and where the dictionary is. */
struct zram_params_args {
	struct zsm_params params;
	const char *algo;
	const char *dict_path;
	u32 prio;
	bool has_prio;
};

/* A number that does not stand for one that was not given. */
static int zram_parse_given(const char *val, int not_given, int *number)
{
	if (kstrtoint(val, 10, number) || *number == not_given)
		return -EINVAL;
	return 0;
}

static int zram_parse_params_arg(struct zram_params_args *args,
				 const char *param, const char *val)
{
	if (!val || !*val)
		return -EINVAL;
	if (!strcmp(param, "algo")) {
		args->algo = val;
		return 0;
	}
	if (!strcmp(param, "dict")) {
		args->dict_path = val;
		return 0;
	}
	if (!strcmp(param, "priority")) {
		args->has_prio = true;
		return kstrtou32(val, 10, &args->prio);
	}
	if (!strcmp(param, "level"))
		return zram_parse_given(val, ZSM_LEVEL_DEFAULT,
					&args->params.level);
	if (!strcmp(param, "deflate.winbits"))
		return zram_parse_given(val, 0, &args->params.window_bits);
	return -EINVAL;
}

static int zram_read_dict(struct zram_params_args *args)
{
	void *dict = NULL;
	ssize_t len;

	if (!args->dict_path)
		return 0;
	len = kernel_read_file_from_path(args->dict_path, 0, &dict,
					 ZRAM_MAX_DICT_SIZE, NULL,
					 READING_POLICY);
	if (len <= 0)
		return -EINVAL;
	args->params.dict = dict;
	args->params.dict_size = len;
	return 0;
}

/* Which priority is meant; the caller holds init_lock. */
static int zram_find_prio(struct zram *zram, const struct zram_params_args *args,
			  u32 *prio)
{
	for (*prio = 0; *prio < ZRAM_NR_PRIOS; ++*prio) {
		const struct zsm_codec *codec = zram->algos[*prio].codec;

		if (codec && (!args->has_prio || args->prio == *prio) &&
		    (!args->algo || !strcmp(args->algo, codec->name)))
			return 0;
	}
	return -EINVAL;
}

static int zram_set_params(struct zram *zram, struct zram_params_args *args)
{
	const struct zsm_codec *codec;
	u32 prio;

	lockdep_assert_held_write(&zram->init_lock);
	if (zram_is_set_up(zram))
		return -EBUSY;
	if (zram_find_prio(zram, args, &prio))
		return -EINVAL;
	codec = zram->algos[prio].codec;
	if (!zsm_codec_takes(codec, &args->params)) {
		if (args->params.dict)
			pr_info("%s: %s takes no such dictionary in this kernel\n",
				zram->disk->disk_name, codec->name);
		return -EINVAL;
	}
	swap(zram->algos[prio].params, args->params);
	return 0;
}

static int zram_store_params(struct zram *zram, char *text)
{
	struct zram_params_args args = {
		.params.level = ZSM_LEVEL_DEFAULT,
	};
	int err;

	while (*text) {
		char *param, *val;

		text = next_arg(text, &param, &val);
		if (zram_parse_params_arg(&args, param, val))
			return -EINVAL;
	}
	/* Reading a file may wait for anything: no lock is held. */
	err = zram_read_dict(&args);
	if (err)
		return err;
	down_write(&zram->init_lock);
	err = zram_set_params(zram, &args);
	up_write(&zram->init_lock);
	/* What was there before, or what was refused. */
	zsm_params_reset(&args.params);
	return err;
}

static ssize_t algorithm_params_store(struct device *dev,
				      struct device_attribute *attr,
				      const char *buf, size_t len)
{
	char *text = kstrndup(buf, len, GFP_KERNEL);
	int err;

	if (!text)
		return -ENOMEM;
	err = zram_store_params(zram_of(dev), strim(text));
	kfree(text);
	return err ? err : len;
}
static DEVICE_ATTR_WO(algorithm_params);

static struct attribute *zram_params_attrs[] = {
	&dev_attr_algorithm_params.attr,
	NULL,
};

const struct attribute_group zram_params_group = {
	.attrs = zram_params_attrs,
};
