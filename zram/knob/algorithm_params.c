// SPDX-License-Identifier: GPL-2.0
/* The knob for parameters of the algorithms: level, dictionary, window. */
#define pr_fmt(fmt) "zram: " fmt

#include <linux/kernel_read_file.h>
#include <linux/kstrtox.h>
#include <linux/printk.h>
#include <linux/sizes.h>
#include <linux/string.h>

#include "zram/knob/sysfs.h"
#include "zram/knob/parse.h"
#include "zram_drv.h"

/* Far beyond what is of use for a page. */
#define ZRAM_MAX_DICT_SIZE SZ_16M

/**
 * struct zram_params_args - what was written
 * @params: the parameters
 * @algo: whose; or NULL
 * @dict_path: where the dictionary is; or NULL
 * @prio: of which priority, if @has_prio
 * @has_prio: a priority was given
 */
struct zram_params_args {
	struct zsm_params params;
	const char *algo;
	const char *dict_path;
	u32 prio;
	bool has_prio;
};

/* Parses a number; refuses the value that means "not given". */
static int zram_parse_given(const char *value, int not_given, int *number)
{
	if (kstrtoint(value, 10, number) || *number == not_given)
		return -EINVAL;
	return 0;
}

static int zram_parse_param(struct zram_params_args *p, const char *name,
			    const char *value)
{
	if (!value || !*value)
		return -EINVAL;
	if (!strcmp(name, "algo")) {
		p->algo = value;
		return 0;
	}
	if (!strcmp(name, "dict")) {
		p->dict_path = value;
		return 0;
	}
	if (!strcmp(name, "priority")) {
		p->has_prio = true;
		return kstrtou32(value, 10, &p->prio) ? -EINVAL : 0;
	}
	if (!strcmp(name, "level"))
		return zram_parse_given(value, ZSM_LEVEL_DEFAULT,
					&p->params.level);
	if (!strcmp(name, "deflate.winbits"))
		return zram_parse_given(value, 0, &p->params.window_bits);
	return -EINVAL;
}

static int zram_read_dict(struct zram_params_args *p)
{
	void *dict = NULL;
	ssize_t len;

	if (!p->dict_path)
		return 0;
	len = kernel_read_file_from_path(p->dict_path, 0, &dict,
					 ZRAM_MAX_DICT_SIZE, NULL,
					 READING_POLICY);
	if (len <= 0)
		return -EINVAL;
	p->params.dict = dict;
	p->params.dict_size = len;
	return 0;
}

/* Which priority is meant; the caller holds init_lock. */
static int zram_find_prio(struct zram *zram, const struct zram_params_args *p,
			  u32 *prio)
{
	for (*prio = 0; *prio < ZRAM_NR_PRIOS; ++*prio) {
		const struct zsm_codec *codec = zram->algos[*prio].codec;

		if (codec && (!p->has_prio || p->prio == *prio) &&
		    (!p->algo || !strcmp(p->algo, codec->name)))
			return 0;
	}
	return -EINVAL;
}

static int zram_set_params(struct zram *zram, struct zram_params_args *p)
{
	const struct zsm_codec *codec;
	u32 prio;

	lockdep_assert_held_write(&zram->init_lock);
	if (zram_is_set_up(zram))
		return -EBUSY;
	if (zram_find_prio(zram, p, &prio))
		return -EINVAL;
	codec = zram->algos[prio].codec;
	if (!zsm_codec_takes(codec, &p->params)) {
		if (p->params.dict)
			pr_info("%s: %s takes no such dictionary in this kernel\n",
				zram->disk->disk_name, codec->name);
		return -EINVAL;
	}
	swap(zram->algos[prio].params, p->params);
	return 0;
}

static int zram_store_params(struct zram *zram, struct zram_args *args)
{
	struct zram_params_args p = {
		.params.level = ZSM_LEVEL_DEFAULT,
	};
	char *name, *value;
	int err;

	while (zram_args_next(args, &name, &value)) {
		err = zram_parse_param(&p, name, value);
		if (err)
			return err;
	}
	/* Reading a file may wait for anything: no lock is held. */
	err = zram_read_dict(&p);
	if (err)
		return err;
	down_write(&zram->init_lock);
	err = zram_set_params(zram, &p);
	up_write(&zram->init_lock);
	/* What was there before, or what was refused. */
	zsm_params_reset(&p.params);
	return err;
}

int zram_knob_algorithm_params_store(struct zram *zram, const char *text)
{
	struct zram_args args;
	int err;

	err = zram_args_begin(&args, text);
	if (err)
		return err;
	err = zram_store_params(zram, &args);
	zram_args_end(&args);
	return err;
}
