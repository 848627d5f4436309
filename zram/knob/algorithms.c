// SPDX-License-Identifier: GPL-2.0
/* The knobs that choose compression algorithms. */
#include <linux/cpumask.h>
#include <linux/kstrtox.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "zram/knob/sysfs.h"
#include "zram/knob/parse.h"
#include "zram_drv.h"

/* A written algorithm's name, its newline included, is shorter than this. */
#define ZRAM_MAX_NAME 128

/*
 * Selects what a device without a size is to compress with. Parameters that were set
 * before the algorithm was selected were another one's.
 */
static int zram_choose_codec(struct zram *zram, u32 prio, const char *name)
{
	const struct zsm_codec *codec = zsm_codec_find(name);
	int err = 0;

	if (!codec)
		return -EINVAL;
	down_write(&zram->init_lock);
	if (zram_is_set_up(zram)) {
		err = -EBUSY;
	} else {
		zram->algos[prio].codec = codec;
		zsm_params_reset(&zram->algos[prio].params);
	}
	up_write(&zram->init_lock);
	return err;
}

ssize_t zram_knob_comp_algorithm_show(struct zram *zram, char *buf)
{
	ssize_t len;

	down_read(&zram->init_lock);
	len = zsm_codec_show(buf, 0, zram->algos[0].codec->name);
	up_read(&zram->init_lock);
	return len;
}

int zram_knob_comp_algorithm_store(struct zram *zram, const char *text)
{
	char name[ZRAM_MAX_NAME];

	if (strlen(text) >= sizeof(name))
		return -E2BIG;
	strscpy(name, text, sizeof(name));
	return zram_choose_codec(zram, 0, strim(name));
}

ssize_t zram_knob_recomp_algorithm_show(struct zram *zram, char *buf)
{
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

/* Reads `algo=NAME [priority=1..3]'. */
static int zram_parse_recomp_algorithm(struct zram_args *args,
				       const char **algo, u32 *prio)
{
	char *name, *value;

	while (zram_args_next(args, &name, &value)) {
		if (!value || !*value)
			return -EINVAL;
		if (!strcmp(name, "algo"))
			*algo = value;
		else if (strcmp(name, "priority") || kstrtou32(value, 10, prio))
			return -EINVAL;
	}
	if (!*algo || !*prio || *prio >= ZRAM_NR_PRIOS)
		return -EINVAL;
	return strlen(*algo) >= ZRAM_MAX_NAME ? -E2BIG : 0;
}

int zram_knob_recomp_algorithm_store(struct zram *zram, const char *text)
{
	const char *algo = NULL;
	struct zram_args args;
	u32 prio = 1;
	int err;

	err = zram_args_begin(&args, text);
	if (err)
		return err;
	err = zram_parse_recomp_algorithm(&args, &algo, &prio);
	if (!err)
		err = zram_choose_codec(zram, prio, algo);
	zram_args_end(&args);
	return err;
}

/* Streams are one a CPU. The knob is kept for scripts that still set it. */
ssize_t zram_knob_max_comp_streams_show(struct zram *zram, char *buf)
{
	return sysfs_emit(buf, "%u\n", num_online_cpus());
}

int zram_knob_max_comp_streams_store(struct zram *zram, const char *text)
{
	return 0;
}
