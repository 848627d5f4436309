// SPDX-License-Identifier: GPL-2.0
/* The knob that writes pages back. */
#include <linux/kstrtox.h>
#include <linux/string.h>

#include "zram/knob/sysfs.h"
#include "zram/knob/parse.h"
#include "zram/tier/pass.h"
#include "zram/tier/writeback.h"

/**
 * struct zram_wb_arg - one argument: pages of a type, all over the device or in a range
 * @filter: which pages
 * @first: the first slot
 * @last: the last one
 */
struct zram_wb_arg {
	struct zram_filter filter;
	u64 first;
	u64 last;
};

static int zram_parse_wb_type(const struct zram *zram, const char *name,
			      struct zram_filter *filter)
{
	if (strcmp(name, "incompressible"))
		return zram_parse_type(name, &filter->wanted);
	/* Without a secondary algorithm there are no such pages. */
	filter->hopeless = zram->last_prio ? : ZRAM_NR_PRIOS;
	return 0;
}

/* Parses LO, or LO-HI if it is a range. */
static int zram_parse_wb_range(char *value, bool range, struct zram_wb_arg *arg)
{
	char *hi = range ? strchr(value, '-') : value;

	if (!hi)
		return -EINVAL;
	if (range)
		*hi++ = '\0';
	if (kstrtou64(value, 10, &arg->first) || kstrtou64(hi, 10, &arg->last))
		return -EINVAL;
	return 0;
}

/* The old syntax has a type alone, or one page; the new one, any number of each. */
static int zram_parse_wb_arg(const struct zram *zram, const char *name,
			     char *value, struct zram_wb_arg *arg)
{
	int err;

	*arg = (struct zram_wb_arg){ .last = zram->nr_slots - 1 };
	if (!value)
		return zram_parse_wb_type(zram, name, &arg->filter);
	if (!strcmp(name, "type"))
		return zram_parse_wb_type(zram, value, &arg->filter);
	if (!strcmp(name, "page_index"))
		err = zram_parse_wb_range(value, false, arg);
	else if (!strcmp(name, "page_indexes"))
		err = zram_parse_wb_range(value, true, arg);
	else
		return -EINVAL;
	if (!err && (arg->last >= zram->nr_slots || arg->first > arg->last))
		err = -ERANGE;
	return err;
}

/* Goes through all arguments; without @wb it only checks them. */
static int zram_wb_args(struct zram *zram, const char *text,
			struct zram_writeback *wb)
{
	struct zram_args args;
	char *name, *value;
	bool any = false;
	int err;

	err = zram_args_begin(&args, text);
	if (err)
		return err;
	while (!err && zram_args_next(&args, &name, &value)) {
		struct zram_wb_arg arg;

		any = true;
		err = zram_parse_wb_arg(zram, name, value, &arg);
		if (!err && wb)
			err = zram_writeback_range(wb, arg.first, arg.last,
						   &arg.filter);
	}
	zram_args_end(&args);
	return any ? err : -EINVAL;
}

static int zram_write_back(struct zram *zram, const char *text)
{
	struct zram_writeback wb;
	int err, write_err;

	if (!zram->tier.backing)
		return -ENODEV;
	/* Nothing is written if any of it is wrong. */
	err = zram_wb_args(zram, text, NULL);
	if (err)
		return err;
	err = zram_writeback_begin(&wb, zram);
	if (err)
		return err;
	err = zram_wb_args(zram, text, &wb);
	write_err = zram_writeback_end(&wb);
	return err ? err : write_err;
}

int zram_knob_writeback_store(struct zram *zram, const char *text)
{
	int err = zram_use_begin(zram);

	if (err)
		return err;
	err = zram_write_back(zram, text);
	zram_use_end(zram);
	return err;
}
