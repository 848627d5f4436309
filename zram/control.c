// SPDX-License-Identifier: GPL-2.0
/*
 * Devices by number: /sys/class/zram-control/, and the devices that are there
 * from the start.
 */
#define pr_fmt(fmt) "zram: " fmt

#include <linux/device/class.h>
#include <linux/err.h>
#include <linux/idr.h>
#include <linux/kdev_t.h>
#include <linux/kstrtox.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sysfs.h>

#include "compat/class.h"
#include "zram/control.h"
#include "zram/device.h"
#include "zram/knob/sysfs.h"

static unsigned int num_devices = 1;
module_param(num_devices, uint, 0);
MODULE_PARM_DESC(num_devices, "Number of devices made at load (default 1)");

/* Guards zram_devices, and the making and removing of devices. Outermost. */
static DEFINE_MUTEX(zram_control_lock);
static DEFINE_IDR(zram_devices);

/* Loading has failed: no device may come, as one that is open could not be removed. */
static bool zram_control_closed;

/* Makes a device with the next free number. Returns the number, or an error. */
static int zram_control_add(void)
{
	struct zram *zram;
	int id;

	lockdep_assert_held(&zram_control_lock);
	if (zram_control_closed)
		return -ENODEV;
	id = idr_alloc(&zram_devices, NULL, 0, 1 << MINORBITS, GFP_KERNEL);
	if (id < 0)
		return id;
	zram = zram_add(id, zram_disk_groups);
	if (IS_ERR(zram)) {
		idr_remove(&zram_devices, id);
		return PTR_ERR(zram);
	}
	idr_replace(&zram_devices, zram, id);
	return id;
}

/* Reading it makes a device: as odd as it is established. */
static ssize_t hot_add_show(compat_class_const struct class *class,
			    compat_class_const struct class_attribute *attr,
			    char *buf)
{
	int id;

	mutex_lock(&zram_control_lock);
	id = zram_control_add();
	mutex_unlock(&zram_control_lock);
	return id < 0 ? id : sysfs_emit(buf, "%d\n", id);
}

/* Root alone may read what changes something. */
static struct class_attribute class_attr_hot_add =
	__ATTR(hot_add, 0400, hot_add_show, NULL);

/*
 * Removes a device. That may take long, as what is being written is waited for, and other
 * devices come and go meanwhile; its number is taken until it is gone.
 */
static int zram_control_remove(int id)
{
	struct zram *zram;
	int err;

	mutex_lock(&zram_control_lock);
	zram = idr_find(&zram_devices, id);
	err = zram ? zram_begin_removal(zram) : -ENODEV;
	if (!err)
		idr_replace(&zram_devices, NULL, id);
	mutex_unlock(&zram_control_lock);
	if (err)
		return err;
	zram_delete(zram);
	mutex_lock(&zram_control_lock);
	idr_remove(&zram_devices, id);
	mutex_unlock(&zram_control_lock);
	return 0;
}

static ssize_t hot_remove_store(compat_class_const struct class *class,
				compat_class_const struct class_attribute *attr,
				const char *buf, size_t len)
{
	int err, id;

	err = kstrtoint(buf, 10, &id);
	if (err)
		return err;
	if (id < 0)
		return -EINVAL;
	err = zram_control_remove(id);
	return err ? err : len;
}
static CLASS_ATTR_WO(hot_remove);

static struct attribute *zram_control_attrs[] = {
	&class_attr_hot_add.attr,
	&class_attr_hot_remove.attr,
	NULL,
};
ATTRIBUTE_GROUPS(zram_control);

static struct class zram_control_class = {
	.name = "zram-control",
	.class_groups = zram_control_groups,
};

/* Removes every device. None is open: an opener holds the module. */
static void zram_remove_all(void)
{
	struct zram *zram;
	int id;

	mutex_lock(&zram_control_lock);
	idr_for_each_entry(&zram_devices, zram, id)
		zram_delete(zram);
	mutex_unlock(&zram_control_lock);
	idr_destroy(&zram_devices);
}

int __init zram_control_init(void)
{
	int id = class_register(&zram_control_class);
	unsigned int i;

	if (id)
		return id;
	/* No hot_add comes between the devices, or before it is known that they stay. */
	mutex_lock(&zram_control_lock);
	for (i = 0; i < num_devices && id >= 0; i++)
		id = zram_control_add();
	zram_control_closed = id < 0 && i == 1;
	mutex_unlock(&zram_control_lock);
	if (zram_control_closed) {
		class_unregister(&zram_control_class);
		return id;
	}
	if (id < 0)
		pr_warn("%u devices instead of %u: error %d\n", i - 1,
			num_devices, id);
	return 0;
}

void zram_control_exit(void)
{
	class_unregister(&zram_control_class);
	zram_remove_all();
}
