// SPDX-License-Identifier: GPL-2.0
/* The knobs about the backing device. */
#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "zram/knob/knobs.h"
#include "zram/stat.h"
#include "zram/tier/backing.h"
#include "zram/tier/writeback.h"

/* ---- The device --------------------------------------------------------- */

static ssize_t backing_dev_show(struct device *dev,
				struct device_attribute *attr, char *buf)
{
	struct zram *zram = zram_of(dev);
	ssize_t len;

	down_read(&zram->init_lock);
	len = sysfs_emit(buf, "%s\n",
			 zram->tier.backing ? zram->tier.backing->path : "none");
	up_read(&zram->init_lock);
	return len;
}

static bool zram_is_busy(struct zram *zram)
{
	bool busy;

	down_read(&zram->init_lock);
	busy = zram_is_set_up(zram);
	up_read(&zram->init_lock);
	return busy;
}

/* Opening and closing take locks of the block layer's: init_lock is not held. */
static int zram_set_backing(struct zram *zram, const char *path)
{
	struct zram_backing *backing;
	int err = 0;

	if (zram_is_busy(zram))
		return -EBUSY;
	backing = zram_backing_open(path, zram);
	if (IS_ERR(backing))
		return PTR_ERR(backing);
	down_write(&zram->init_lock);
	if (zram_is_set_up(zram))
		err = -EBUSY;
	else
		swap(zram->tier.backing, backing);
	up_write(&zram->init_lock);
	/* What was there before, or what came too late. */
	zram_backing_close(backing);
	return err;
}

static ssize_t backing_dev_store(struct device *dev,
				 struct device_attribute *attr,
				 const char *buf, size_t len)
{
	char *path = kstrndup(buf, len, GFP_KERNEL);
	int err;

	if (!path)
		return -ENOMEM;
	err = zram_set_backing(zram_of(dev), strim(path));
	kfree(path);
	return err ? err : len;
}
static DEVICE_ATTR_RW(backing_dev);

static ssize_t bd_stat_show(struct device *dev, struct device_attribute *attr,
			    char *buf)
{
	struct zram *zram = zram_of(dev);
	u64 used = 0;
	ssize_t len;

	down_read(&zram->init_lock);
	if (zram->tier.backing)
		used = atomic64_read(&zram->tier.backing->nr_used);
	len = sysfs_emit(buf, "%8llu %8llu %8llu\n", used * ZRAM_UNITS_PER_PAGE,
			 zram_stat(zram, bd_reads) * ZRAM_UNITS_PER_PAGE,
			 zram_stat(zram, bd_writes) * ZRAM_UNITS_PER_PAGE);
	up_read(&zram->init_lock);
	return len;
}
static DEVICE_ATTR_RO(bd_stat);

/* ---- Settings ----------------------------------------------------------- */

static ssize_t writeback_limit_enable_show(struct device *dev,
					   struct device_attribute *attr,
					   char *buf)
{
	return sysfs_emit(buf, "%d\n",
			  READ_ONCE(zram_of(dev)->tier.wb_limit_enable));
}

static ssize_t writeback_limit_enable_store(struct device *dev,
					    struct device_attribute *attr,
					    const char *buf, size_t len)
{
	struct zram *zram = zram_of(dev);
	u8 enable;

	if (kstrtou8(buf, 10, &enable) || enable > 1)
		return -EINVAL;
	spin_lock(&zram->tier.wb_lock);
	WRITE_ONCE(zram->tier.wb_limit_enable, enable);
	spin_unlock(&zram->tier.wb_lock);
	return len;
}
static DEVICE_ATTR_RW(writeback_limit_enable);

static ssize_t writeback_limit_show(struct device *dev,
				    struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%llu\n", READ_ONCE(zram_of(dev)->tier.wb_limit));
}

static ssize_t writeback_limit_store(struct device *dev,
				     struct device_attribute *attr,
				     const char *buf, size_t len)
{
	struct zram *zram = zram_of(dev);
	u64 limit;

	if (kstrtou64(buf, 10, &limit))
		return -EINVAL;
	spin_lock(&zram->tier.wb_lock);
	WRITE_ONCE(zram->tier.wb_limit, limit);
	spin_unlock(&zram->tier.wb_lock);
	return len;
}
static DEVICE_ATTR_RW(writeback_limit);

static ssize_t writeback_batch_size_show(struct device *dev,
					 struct device_attribute *attr,
					 char *buf)
{
	return sysfs_emit(buf, "%u\n", READ_ONCE(zram_of(dev)->tier.wb_batch));
}

static ssize_t writeback_batch_size_store(struct device *dev,
					  struct device_attribute *attr,
					  const char *buf, size_t len)
{
	u32 batch;

	if (kstrtou32(buf, 10, &batch) || !batch)
		return -EINVAL;
	WRITE_ONCE(zram_of(dev)->tier.wb_batch, batch);
	return len;
}
static DEVICE_ATTR_RW(writeback_batch_size);

static ssize_t writeback_compressed_show(struct device *dev,
					 struct device_attribute *attr,
					 char *buf)
{
	return sysfs_emit(buf, "%d\n", READ_ONCE(zram_of(dev)->tier.wb_compressed));
}

static ssize_t writeback_compressed_store(struct device *dev,
					  struct device_attribute *attr,
					  const char *buf, size_t len)
{
	struct zram *zram = zram_of(dev);
	bool compressed;
	int err = 0;

	if (kstrtobool(buf, &compressed))
		return -EINVAL;
	down_write(&zram->init_lock);
	if (zram_is_set_up(zram))
		err = -EBUSY;
	else
		WRITE_ONCE(zram->tier.wb_compressed, compressed);
	up_write(&zram->init_lock);
	return err ? err : len;
}
static DEVICE_ATTR_RW(writeback_compressed);

/* ---- Writeback ---------------------------------------------------------- */

/* One argument of the knob: pages of a type, all over the device or in a range. */
struct zram_wb_arg {
	struct zram_wb_type type;
	u64 first;
	u64 last;
};

static int zram_parse_wb_type(const char *name, struct zram_wb_type *type)
{
	*type = (struct zram_wb_type){};
	if (!strcmp(name, "idle"))
		type->wanted = ZRAM_SLOT_IDLE;
	else if (!strcmp(name, "huge"))
		type->wanted = ZRAM_SLOT_HUGE;
	else if (!strcmp(name, "huge_idle"))
		type->wanted = ZRAM_SLOT_HUGE | ZRAM_SLOT_IDLE;
	else if (!strcmp(name, "incompressible"))
		type->incompressible = true;
	else
		return -EINVAL;
	return 0;
}

/* Parses LO, or LO-HI if @hi is given. */
static int zram_parse_wb_range(char *val, bool range, struct zram_wb_arg *arg)
{
	char *hi = range ? strchr(val, '-') : val;

	if (!hi)
		return -EINVAL;
	if (range)
		*hi++ = '\0';
	if (kstrtou64(val, 10, &arg->first) || kstrtou64(hi, 10, &arg->last))
		return -EINVAL;
	return 0;
}

/* The old syntax has a type alone, or one page; the new one, any number of each. */
static int zram_parse_wb_arg(const struct zram *zram, const char *param,
			     char *val, struct zram_wb_arg *arg)
{
	int err;

	*arg = (struct zram_wb_arg){ .last = zram->nr_slots - 1 };
	if (!val)
		return zram_parse_wb_type(param, &arg->type);
	if (!strcmp(param, "type"))
		return zram_parse_wb_type(val, &arg->type);
	if (!strcmp(param, "page_index"))
		err = zram_parse_wb_range(val, false, arg);
	else if (!strcmp(param, "page_indexes"))
		err = zram_parse_wb_range(val, true, arg);
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
	char *copy = kstrdup(text, GFP_KERNEL);
	char *rest = copy;
	int err = *text ? 0 : -EINVAL;

	if (!copy)
		return -ENOMEM;
	while (!err && *rest) {
		struct zram_wb_arg arg;
		char *param, *val;

		rest = next_arg(rest, &param, &val);
		err = zram_parse_wb_arg(zram, param, val, &arg);
		if (!err && wb)
			err = zram_writeback_range(wb, arg.first, arg.last,
						   &arg.type);
	}
	kfree(copy);
	return err;
}

/* The caller holds init_lock. */
static int zram_write_back(struct zram *zram, const char *text)
{
	struct zram_writeback *wb;
	int err, write_err;

	if (!zram_is_set_up(zram))
		return -EINVAL;
	if (!zram->tier.backing)
		return -ENODEV;
	/* Nothing is written if any of it is wrong. */
	err = zram_wb_args(zram, text, NULL);
	if (err)
		return err;
	wb = zram_writeback_begin(zram);
	if (IS_ERR(wb))
		return PTR_ERR(wb);
	err = zram_wb_args(zram, text, wb);
	write_err = zram_writeback_end(wb);
	return err ? err : write_err;
}

static ssize_t writeback_store(struct device *dev,
			       struct device_attribute *attr, const char *buf,
			       size_t len)
{
	struct zram *zram = zram_of(dev);
	char *text = kstrndup(buf, len, GFP_KERNEL);
	int err;

	if (!text)
		return -ENOMEM;
	down_read(&zram->init_lock);
	err = zram_write_back(zram, strim(text));
	up_read(&zram->init_lock);
	kfree(text);
	return err ? err : len;
}
static DEVICE_ATTR_WO(writeback);

static struct attribute *zram_backing_attrs[] = {
	&dev_attr_backing_dev.attr,
	&dev_attr_bd_stat.attr,
	&dev_attr_writeback_limit_enable.attr,
	&dev_attr_writeback_limit.attr,
	&dev_attr_writeback_batch_size.attr,
	&dev_attr_writeback_compressed.attr,
	&dev_attr_writeback.attr,
	NULL,
};

const struct attribute_group zram_backing_group = {
	.attrs = zram_backing_attrs,
};
