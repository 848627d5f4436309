// SPDX-License-Identifier: GPL-2.0
#include <linux/errno.h>
#include <linux/moduleparam.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "store/codec.h"
#include "zram/default_codec.h"

/* NULL: the store chooses. Codecs are never freed. */
static const struct zsm_codec *wanted;

static int default_algorithm_set(const char *val,
				 const struct kernel_param *kp)
{
	const struct zsm_codec *codec = NULL;
	char buf[32];
	char *name;

	/* What does not fit is no codec's name. */
	if (strscpy(buf, val, sizeof(buf)) < 0)
		return -EINVAL;
	name = strim(buf);
	if (*name) {
		codec = zsm_codec_named(name);
		if (!codec)
			return -EINVAL;
	}
	WRITE_ONCE(wanted, codec);
	return 0;
}

static int default_algorithm_get(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%s\n", zram_default_codec()->name);
}

static const struct kernel_param_ops default_algorithm_ops = {
	.set	= default_algorithm_set,
	.get	= default_algorithm_get,
};

module_param_cb(default_algorithm, &default_algorithm_ops, NULL, 0644);
MODULE_PARM_DESC(default_algorithm, "The algorithm of devices that are not told which (default lz4)");

const struct zsm_codec *zram_default_codec(void)
{
	const struct zsm_codec *codec = READ_ONCE(wanted);

	return codec && zsm_codec_available(codec) ? codec :
						     zsm_codec_default();
}
