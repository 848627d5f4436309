// SPDX-License-Identifier: GPL-2.0
/*
 * dm-zcache: a compressed cache of a disk's blocks in memory, and what device-mapper is
 * told of it.
 */
#define DM_MSG_PREFIX "zcache"

#include <linux/device-mapper.h>
#include <linux/module.h>

#include "zcache/cache.h"
#include "zcache/fill.h"
#include "zcache/map.h"
#include "zcache/status.h"
#include "zcache/table.h"

/* ---- Device-mapper's calls ---------------------------------------------- */

static int check_device(struct dm_target *ti, struct block_device *bdev)
{
	if (bdev_is_zoned(bdev)) {
		ti->error = "a zoned device cannot be cached";
		return -EINVAL;
	}
	if (bdev_nr_sectors(bdev) < ti->len) {
		ti->error = "the device is smaller than the target";
		return -EINVAL;
	}
	if (zcache_block(ti->len) >> ZCACHE_BLOCK_BITS) {
		ti->error = "the target has more blocks than have numbers";
		return -EINVAL;
	}
	return 0;
}

static int ctr(struct dm_target *ti, unsigned int argc, char **argv)
{
	struct zcache_args args;
	struct zcache *zcache;
	struct dm_dev *dev;
	int err = zcache_parse_table(ti, argc, argv, &args);

	if (err)
		return err;
	err = dm_get_device(ti, argv[0], dm_table_get_mode(ti->table), &dev);
	if (err) {
		ti->error = "the device cannot be opened";
		return err;
	}
	err = check_device(ti, dev->bdev);
	if (err)
		goto err_device;
	zcache = zcache_create(ti, &args);
	if (IS_ERR(zcache)) {
		ti->error = "there is no memory for the cache's tables";
		err = PTR_ERR(zcache);
		goto err_device;
	}
	zcache->dev = dev;
	ti->private = zcache;
	ti->per_io_data_size = sizeof(struct zcache_io);
	ti->num_flush_bios = 1;
	ti->num_discard_bios = 1;
	ti->num_secure_erase_bios = 1;
	ti->num_write_zeroes_bios = 1;
	return 0;

err_device:
	dm_put_device(ti, dev);
	return err;
}

static void dtr(struct dm_target *ti)
{
	struct zcache *zcache = ti->private;
	struct dm_dev *dev = zcache->dev;

	zcache_destroy(zcache);
	dm_put_device(ti, dev);
}

static void postsuspend(struct dm_target *ti)
{
	zcache_fill_wait(ti->private);
}

static int iterate_devices(struct dm_target *ti,
			   iterate_devices_callout_fn fn, void *data)
{
	const struct zcache *zcache = ti->private;

	return fn(ti, zcache->dev, 0, ti->len, data);
}

static struct target_type zcache_target = {
	.name = "zcache",
	.version = { 1, 0, 0 },
	.features = DM_TARGET_NOWAIT,
	.module = THIS_MODULE,
	.ctr = ctr,
	.dtr = dtr,
	.map = zcache_map,
	.end_io = zcache_end_io,
	.postsuspend = postsuspend,
	.status = zcache_status,
	.message = zcache_message,
	.iterate_devices = iterate_devices,
};

/* ---- Module ------------------------------------------------------------- */

static int __init zcache_module_init(void)
{
	int err = zcache_workqueue_create();

	if (err)
		return err;
	err = dm_register_target(&zcache_target);
	if (err)
		zcache_workqueue_destroy();
	return err;
}

static void __exit zcache_module_exit(void)
{
	dm_unregister_target(&zcache_target);
	zcache_workqueue_destroy();
}

module_init(zcache_module_init);
module_exit(zcache_module_exit);

MODULE_DESCRIPTION("device-mapper target: a compressed read cache in memory");
MODULE_LICENSE("GPL");
MODULE_VERSION(ZSM_VERSION);
