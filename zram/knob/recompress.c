// SPDX-License-Identifier: GPL-2.0
/* The knob that compresses pages again. */
#include <linux/bits.h>
#include <linux/kstrtox.h>
#include <linux/string.h>

#include "zram/knob/sysfs.h"
#include "zram/knob/parse.h"
#include "zram/tier/pass.h"
#include "zram/tier/recompress.h"

/**
 * struct zram_recompress_args - what was written
 * @filter: which pages
 * @max_pages: how many
 * @prio: with the algorithm of this priority; 0: of any
 * @algo: with the algorithm of this name; NULL: of any
 */
struct zram_recompress_args {
	struct zram_filter filter;
	u64 max_pages;
	u32 prio;
	const char *algo;
};

static int zram_parse_recompress_arg(struct zram_recompress_args *r,
				     const char *name, const char *value)
{
	if (!value || !*value)
		return -EINVAL;
	if (!strcmp(name, "type"))
		return zram_parse_type(value, &r->filter.wanted);
	if (!strcmp(name, "threshold"))
		return kstrtou32(value, 10, &r->filter.min_size);
	if (!strcmp(name, "max_pages"))
		return kstrtou64(value, 10, &r->max_pages);
	if (!strcmp(name, "algo")) {
		r->algo = value;
		return 0;
	}
	if (!strcmp(name, "priority")) {
		if (kstrtou32(value, 10, &r->prio) || !r->prio)
			return -EINVAL;
		return 0;
	}
	return -EINVAL;
}

/* Finds the priorities that were chosen; there must be one. */
static int zram_choose_prios(const struct zram *zram,
			     struct zram_recompress_args *r)
{
	u32 prio;

	for (prio = 1; prio < ZRAM_NR_PRIOS; prio++) {
		const struct zsm_codec *codec = zram->algos[prio].codec;

		if (!codec || (r->prio && r->prio != prio) ||
		    (r->algo && strcmp(r->algo, codec->name)))
			continue;
		r->filter.prios |= BIT(prio);
	}
	return r->filter.prios ? 0 : -EINVAL;
}

static int zram_store_recompress(struct zram *zram, struct zram_args *args)
{
	struct zram_recompress_args r = { .max_pages = ZRAM_ALL_PAGES };
	char *name, *value;
	int err;

	while (zram_args_next(args, &name, &value)) {
		if (zram_parse_recompress_arg(&r, name, value))
			return -EINVAL;
	}
	if (r.filter.min_size >= zsm_huge_size())
		return -EINVAL;
	err = zram_use_begin(zram);
	if (err)
		return err;
	err = zram_choose_prios(zram, &r);
	if (!err)
		err = zram_recompress(zram, &r.filter, r.max_pages);
	zram_use_end(zram);
	return err;
}

int zram_knob_recompress_store(struct zram *zram, const char *text)
{
	struct zram_args args;
	int err;

	err = zram_args_begin(&args, text);
	if (err)
		return err;
	err = zram_store_recompress(zram, &args);
	zram_args_end(&args);
	return err;
}
