// SPDX-License-Identifier: GPL-2.0
/* zram: the module, and a device's life. */
#include <linux/blkdev.h>
#include <linux/major.h>
#include <linux/module.h>
#include <linux/part_stat.h>
#include <linux/slab.h>

#include "zram_drv.h"

static int zram_major __ro_after_init;

/* Writes to the backing device that may be in flight, unless somebody says so. */
#define ZRAM_WB_BATCH 32

/* ---- Opening and claiming ----------------------------------------------- */

/* The caller holds @disk->open_mutex: the block layer does. */
static int zram_open(struct gendisk *disk)
{
	const struct zram *zram = disk->private_data;

	lockdep_assert_held(&disk->open_mutex);
	return zram->claims ? -EBUSY : 0;
}

COMPAT_DEFINE_OPEN(zram_block_open, zram_open)

/* Keeps an unused device from being opened until zram_unclaim(). */
static int zram_claim(struct zram *zram)
{
	int err = -EBUSY;

	mutex_lock(&zram->disk->open_mutex);
	if (!disk_openers(zram->disk) && !zram->claims) {
		zram->claims++;
		err = 0;
	}
	mutex_unlock(&zram->disk->open_mutex);
	return err;
}

static void zram_unclaim(struct zram *zram)
{
	mutex_lock(&zram->disk->open_mutex);
	zram->claims--;
	mutex_unlock(&zram->disk->open_mutex);
}

/* ---- Set-up and reset --------------------------------------------------- */

static void zram_comps_destroy(struct zram *zram)
{
	u32 prio;

	for (prio = 0; prio < ZRAM_NR_PRIOS; prio++) {
		if (zram->comps[prio])
			zram_comp_destroy(zram->comps[prio]);
		zram->comps[prio] = NULL;
	}
}

static int zram_comps_create(struct zram *zram)
{
	u32 prio;

	zram->last_prio = 0;
	for (prio = 0; prio < ZRAM_NR_PRIOS; prio++) {
		struct zram_comp *comp;

		if (!zram->codecs[prio])
			continue;
		comp = zram_comp_create(zram->codecs[prio],
					&zram->params[prio]);
		if (IS_ERR(comp)) {
			zram_comps_destroy(zram);
			return PTR_ERR(comp);
		}
		zram->comps[prio] = comp;
		zram->last_prio = prio;
	}
	return 0;
}

int zram_set_up(struct zram *zram, u64 bytes)
{
	u64 nr_slots = (bytes >> PAGE_SHIFT) + !!(bytes & ~PAGE_MASK);
	int err;

	lockdep_assert_held_write(&zram->init_lock);
	if (!nr_slots)
		return -EINVAL;
	if (zram_is_set_up(zram))
		return -EBUSY;
	if (nr_slots > ZRAM_MAX_SLOTS)
		return -EINVAL;

	zram->nr_slots = nr_slots;
	err = zram_slots_create(zram);
	if (err)
		return err;
	zram->pool = zsm_init(&zram_slot_ops, zram);
	if (IS_ERR(zram->pool)) {
		err = PTR_ERR(zram->pool);
		goto err_slots;
	}
	zsm_set_max_waste(zram->pool, zram->compact_waste);
	zsm_set_name(zram->pool, zram->disk->disk_name);
	err = zram_comps_create(zram);
	if (err)
		goto err_pool;
	/* Ages are good for something: see zram/tier/idle.c. */
	if (zram->last_prio || zram->backing) {
		err = zram_times_start(zram);
		if (err)
			goto err_comps;
	}
	if (zram->backing)
		atomic64_add(zram_backing_bytes(zram->backing),
			     &zram->metadata_bytes);
	atomic64_set(&zram->max_used_bytes, zram_used_bytes(zram));
	WRITE_ONCE(zram->disksize, nr_slots << PAGE_SHIFT);
	/* Whoever sees the capacity sees all the rest: zram_has_capacity(). */
	smp_wmb();
	set_capacity_and_notify(zram->disk, zram->disksize >> SECTOR_SHIFT);
	return 0;

err_comps:
	zram_comps_destroy(zram);
err_pool:
	zsm_exit(zram->pool);
err_slots:
	zram_slots_destroy(zram);
	return err;
}

/* What a device has before anybody has chosen, and again after a reset. */
static void zram_settings_init(struct zram *zram)
{
	u32 prio;

	for (prio = 0; prio < ZRAM_NR_PRIOS; prio++) {
		zram->codecs[prio] = NULL;
		zram_params_reset(&zram->params[prio]);
	}
	zram->codecs[0] = zram_codec_default();
	zram->limit_bytes = 0;
	zram->compact_waste = ZSM_DEFAULT_MAX_WASTE;
	zram->wb_compressed = false;
	zram->wb_limit_enable = false;
	zram->wb_limit = 0;
	zram->wb_batch = ZRAM_WB_BATCH;
}

/* Undoes zram_set_up(). */
static void zram_take_down(struct zram *zram)
{
	set_capacity_and_notify(zram->disk, 0);
	part_stat_set_all(zram->disk->part0, 0);
	WRITE_ONCE(zram->disksize, 0);
	zram_comps_destroy(zram);
	zram_slots_destroy(zram);
	zsm_exit(zram->pool);
	zram_stats_reset(zram);
	atomic64_set(&zram->max_used_bytes, 0);
}

/* The same, if it was done, and every other setting. */
static void zram_tear_down(struct zram *zram)
{
	struct zram_backing *backing;

	down_write(&zram->init_lock);
	if (zram_is_set_up(zram))
		zram_take_down(zram);
	zram_settings_init(zram);
	backing = zram->backing;
	zram->backing = NULL;
	up_write(&zram->init_lock);
	zram_backing_close(backing);
}

int zram_reset(struct zram *zram)
{
	int err = zram_claim(zram);

	if (err)
		return err;
	/* The last close has written the page cache back, and dropped it. */
	zram_tear_down(zram);
	zram_unclaim(zram);
	return 0;
}

/* ---- Adding and removing ------------------------------------------------ */

static void zram_free(struct zram *zram)
{
	free_percpu(zram->stats);
	kfree(zram);
}

/* The last reference to a disk that was added is gone. */
static void zram_free_disk(struct gendisk *disk)
{
	zram_free(disk->private_data);
}

static const struct block_device_operations zram_fops = {
	.owner = THIS_MODULE,
	.open = zram_block_open,
	.submit_bio = zram_submit_bio,
	.swap_slot_free_notify = zram_slot_free_notify,
#ifdef COMPAT_HAS_RW_PAGE
	.rw_page = zram_rw_page,
#endif
	.free_disk = zram_free_disk,
};

static struct zram *zram_create(void)
{
	struct zram *zram = kzalloc(sizeof(*zram), GFP_KERNEL);
	unsigned int i;

	if (!zram)
		return NULL;
	zram->stats = alloc_percpu(struct zram_stats);
	if (!zram->stats) {
		kfree(zram);
		return NULL;
	}
	init_rwsem(&zram->init_lock);
	mutex_init(&zram->work_lock);
	spin_lock_init(&zram->wb_lock);
	for (i = 0; i < ZRAM_PARTIAL_LOCKS; i++)
		mutex_init(&zram->partial_locks[i]);
	zram_settings_init(zram);
	return zram;
}

/* Once it is added, the disk owns the device: see zram_free_disk(). */
static struct gendisk *zram_create_disk(struct zram *zram, int id)
{
	static const struct compat_limits limits = {
		.logical_block_size = ZRAM_LOGICAL_BLOCK_SIZE,
		.physical_block_size = PAGE_SIZE,
		.discard_granularity = PAGE_SIZE,
		/* A part of a slot cannot be dropped. */
		.max_write_zeroes_sectors =
			PAGE_SIZE == ZRAM_LOGICAL_BLOCK_SIZE ? UINT_MAX : 0,
	};
	struct gendisk *disk = compat_alloc_disk(&limits);

	if (IS_ERR(disk))
		return disk;
	disk->major = zram_major;
	disk->first_minor = id;
	disk->minors = 1;
	disk->flags |= GENHD_FL_NO_PART;
	disk->fops = &zram_fops;
	disk->private_data = zram;
	snprintf(disk->disk_name, sizeof(disk->disk_name), "zram%d", id);
	zram->disk = disk;
	return disk;
}

int zram_add(void)
{
	struct zram *zram = zram_create();
	struct gendisk *disk;
	int err, id;

	if (!zram)
		return -ENOMEM;
	id = zram_control_add(zram);
	if (id < 0) {
		err = id;
		goto err_free;
	}
	disk = zram_create_disk(zram, id);
	if (IS_ERR(disk)) {
		err = PTR_ERR(disk);
		goto err_id;
	}
	err = device_add_disk(NULL, disk, zram_disk_groups);
	if (err)
		goto err_disk;
	zram_debugfs_add(zram);
	return id;

err_disk:
	/* Its knobs may have been there for a moment. */
	zram_tear_down(zram);
	/* It was never added, so that free_disk() is not called. */
	put_disk(disk);
err_id:
	zram_control_del(id);
err_free:
	zram_free(zram);
	return err;
}

void zram_delete(struct zram *zram)
{
	struct gendisk *disk = zram->disk;
	unsigned int id = disk->first_minor;

	/* After these no knob is being used, and no I/O comes in. */
	zram_debugfs_remove(zram);
	del_gendisk(disk);
	zram_tear_down(zram);
	zram_control_del(id);
	put_disk(disk);
}

int zram_remove(struct zram *zram)
{
	int err = zram_claim(zram);

	if (!err)
		zram_delete(zram);
	return err;
}

/* ---- Module ------------------------------------------------------------- */

static int __init zram_init(void)
{
	int err;

	err = zram_comp_init();
	if (err)
		return err;
	zram_major = register_blkdev(0, "zram");
	if (zram_major < 0) {
		err = zram_major;
		goto err_comp;
	}
	zram_debugfs_init();
	err = zram_control_init();
	if (err)
		goto err_debugfs;
	return 0;

err_debugfs:
	zram_debugfs_exit();
	unregister_blkdev(zram_major, "zram");
err_comp:
	zram_comp_exit();
	return err;
}

static void __exit zram_exit(void)
{
	zram_control_exit();
	zram_debugfs_exit();
	unregister_blkdev(zram_major, "zram");
	zram_comp_exit();
}

module_init(zram_init);
module_exit(zram_exit);

MODULE_DESCRIPTION("Compressed RAM block device");
MODULE_LICENSE("GPL");
MODULE_VERSION(ZSM_VERSION);
