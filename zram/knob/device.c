// SPDX-License-Identifier: GPL-2.0
/*
 * What a device's knobs under /sys/block/zramN/ have in common, and those about
 * its size and its memory. Names, syntax, units and
 * error numbers are those of the in-tree driver; Documentation/knobs.rst has
 * the table. Every one of them runs in process context and may sleep.
 */
#include <linux/ctype.h>
#include <linux/device.h>
#include <linux/kstrtox.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "zram/device.h"
#include "zram/knob/knobs.h"
#include "zram/memory.h"

/*
 * Reads a size: a number in C's notation, and one of the suffixes K, M, G, T,
 * P, E in either case. As in-tree, what follows is ignored ("512MB" is said by
 * many scripts). Unlike in-tree, a size beyond 64 bits is an error.
 */
static int zram_parse_size(const char *buf, u64 *bytes)
{
	static const char suffixes[] = "kmgtpe";
	char number[24];
	const char *suffix;
	size_t len = 0;
	u32 shift = 0;
	u64 value;

	buf = skip_spaces(buf);
	while (isxdigit(buf[len]) || (len == 1 && tolower(buf[1]) == 'x')) {
		/* "e" is a digit in hexadecimal only, else a suffix. */
		if (!isdigit(buf[len]) &&
		    !(buf[0] == '0' && tolower(buf[1]) == 'x'))
			break;
		len++;
	}
	if (!len || len >= sizeof(number))
		return -EINVAL;
	memcpy(number, buf, len);
	number[len] = '\0';
	if (kstrtou64(number, 0, &value))
		return -EINVAL;

	suffix = buf[len] ? strchr(suffixes, tolower(buf[len])) : NULL;
	if (suffix)
		shift = 10 * (suffix - suffixes + 1);
	if (value > U64_MAX >> shift)
		return -EINVAL;
	*bytes = value << shift;
	return 0;
}

static ssize_t disksize_show(struct device *dev, struct device_attribute *attr,
			     char *buf)
{
	return sysfs_emit(buf, "%llu\n", READ_ONCE(zram_of(dev)->disksize));
}

static ssize_t disksize_store(struct device *dev, struct device_attribute *attr,
			      const char *buf, size_t len)
{
	struct zram *zram = zram_of(dev);
	u64 bytes;
	int err;

	err = zram_parse_size(buf, &bytes);
	if (err)
		return err;
	down_write(&zram->init_lock);
	err = zram_set_up(zram, bytes);
	up_write(&zram->init_lock);
	return err ? err : len;
}
static DEVICE_ATTR_RW(disksize);

static ssize_t initstate_show(struct device *dev, struct device_attribute *attr,
			      char *buf)
{
	return sysfs_emit(buf, "%u\n", READ_ONCE(zram_of(dev)->disksize) != 0);
}
static DEVICE_ATTR_RO(initstate);

static ssize_t reset_store(struct device *dev, struct device_attribute *attr,
			   const char *buf, size_t len)
{
	u16 value;
	int err;

	err = kstrtou16(buf, 10, &value);
	if (err)
		return err;
	if (!value)
		return -EINVAL;
	err = zram_reset(zram_of(dev));
	return err ? err : len;
}
static DEVICE_ATTR_WO(reset);

static ssize_t mem_limit_store(struct device *dev,
			       struct device_attribute *attr, const char *buf,
			       size_t len)
{
	struct zram *zram = zram_of(dev);
	u64 bytes;
	int err;

	err = zram_parse_size(buf, &bytes);
	if (err)
		return err;
	if (bytes > U64_MAX - PAGE_SIZE)
		return -EINVAL;
	down_read(&zram->init_lock);
	WRITE_ONCE(zram->memory.limit_bytes, PAGE_ALIGN(bytes));
	if (zram_is_set_up(zram))
		zsm_set_limit(zram->pool, PAGE_ALIGN(bytes));
	up_read(&zram->init_lock);
	return len;
}
static DEVICE_ATTR_WO(mem_limit);

static ssize_t mem_used_max_store(struct device *dev,
				  struct device_attribute *attr,
				  const char *buf, size_t len)
{
	struct zram *zram = zram_of(dev);
	unsigned long value;

	if (kstrtoul(buf, 10, &value) || value)
		return -EINVAL;
	down_read(&zram->init_lock);
	if (zram_is_set_up(zram))
		zsm_reset_max(zram->pool);
	up_read(&zram->init_lock);
	return len;
}
static DEVICE_ATTR_WO(mem_used_max);

static ssize_t compact_store(struct device *dev, struct device_attribute *attr,
			     const char *buf, size_t len)
{
	struct zram *zram = zram_of(dev);
	int err = -EINVAL;

	down_read(&zram->init_lock);
	if (zram_is_set_up(zram)) {
		zsm_compact(zram->pool);
		err = 0;
	}
	up_read(&zram->init_lock);
	return err ? err : len;
}
static DEVICE_ATTR_WO(compact);

static ssize_t compact_waste_show(struct device *dev,
				  struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", READ_ONCE(zram_of(dev)->memory.compact_waste));
}

static ssize_t compact_waste_store(struct device *dev,
				   struct device_attribute *attr,
				   const char *buf, size_t len)
{
	struct zram *zram = zram_of(dev);
	u8 percent;

	if (kstrtou8(buf, 10, &percent) || percent > 100)
		return -EINVAL;
	down_write(&zram->init_lock);
	WRITE_ONCE(zram->memory.compact_waste, percent);
	if (zram_is_set_up(zram))
		zsm_set_max_waste(zram->pool, percent);
	up_write(&zram->init_lock);
	return len;
}
static DEVICE_ATTR_RW(compact_waste);

static struct attribute *zram_disk_attrs[] = {
	&dev_attr_disksize.attr,
	&dev_attr_initstate.attr,
	&dev_attr_reset.attr,
	&dev_attr_mem_limit.attr,
	&dev_attr_mem_used_max.attr,
	&dev_attr_compact.attr,
	&dev_attr_compact_waste.attr,
	NULL,
};

const struct attribute_group zram_disk_group = {
	.attrs = zram_disk_attrs,
};
