// SPDX-License-Identifier: GPL-2.0
/* A device's life. */
#include <linux/blkdev.h>
#include <linux/major.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/part_stat.h>
#include <linux/slab.h>

#include "compat/blkdev.h"
#include "zram/debugfs.h"
#include "zram/default_codec.h"
#include "zram/device.h"
#include "zram/io.h"
#include "zram/memory.h"
#include "zram/slots.h"
#include "zram/stat.h"
#include "zram/tier/age.h"
#include "zram/tier/attach.h"
#include "zram/tier/backing.h"
#include "zram/tier/pass.h"
#include "zram/tier/recompress_auto.h"
#include "zram/tier/worker.h"
#include "zram/times.h"

static int zram_major __ro_after_init;

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
		if (zram->algos[prio].streams)
			zsm_streams_destroy(zram->algos[prio].streams);
		zram->algos[prio].streams = NULL;
	}
}

static int zram_comps_create(struct zram *zram)
{
	u32 prio;

	zram->last_prio = 0;
	for (prio = 0; prio < ZRAM_NR_PRIOS; prio++) {
		struct zsm_streams *streams;

		if (!zram->algos[prio].codec)
			continue;
		streams = zsm_streams_create(zram->algos[prio].codec,
					     &zram->algos[prio].params);
		if (IS_ERR(streams)) {
			zram_comps_destroy(zram);
			return PTR_ERR(streams);
		}
		zram->algos[prio].streams = streams;
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
	zram->pool = zsm_init_kind(zram->pool_kind, &zram_slot_ops, zram);
	if (IS_ERR(zram->pool))
		return PTR_ERR(zram->pool);
	zram_age_start(zram);
	err = zram_slots_create(zram);
	if (err)
		goto err_pool;
	zsm_set_max_waste(zram->pool, zram->settings.compact_waste);
	zsm_set_name(zram->pool, zram->disk->disk_name);
	err = zram_comps_create(zram);
	if (err)
		goto err_slots;
	/* Ages are good for something: see zram/times.c. */
	if (zram->last_prio || zram->tier.backing) {
		err = zram_times_start(zram);
		if (err)
			goto err_comps;
	}
	err = zram_backing_start(zram);
	if (err)
		goto err_comps;
	zsm_set_limit(zram->pool, zram->settings.mem_limit);
	WRITE_ONCE(zram->disksize, nr_slots << PAGE_SHIFT);
	zram_recompress_auto_changed(zram);
	/* A task that sees the capacity sees all the rest: zram_has_capacity(). */
	smp_wmb();
	set_capacity_and_notify(zram->disk, zram->disksize >> SECTOR_SHIFT);
	return 0;

err_comps:
	zram_comps_destroy(zram);
err_slots:
	zram_slots_destroy(zram);
err_pool:
	zsm_exit(zram->pool);
	return err;
}

/* What a device has before anybody has chosen, and again after a reset. */
static void zram_settings_init(struct zram *zram)
{
	u32 prio;

	for (prio = 0; prio < ZRAM_NR_PRIOS; prio++) {
		zram->algos[prio].codec = NULL;
		zsm_params_reset(&zram->algos[prio].params);
	}
	zram->algos[0].codec = zram_default_codec();
	zram->pool_kind = ZSM_CLASSES;
	zram_settings_reset(&zram->settings);
	zram_worker_forget(zram);
}

/* Undoes zram_set_up(). */
static void zram_take_down(struct zram *zram)
{
	set_capacity_and_notify(zram->disk, 0);
	zram_worker_stop(zram);
	zram_recompress_auto_stop(zram);
	part_stat_set_all(zram->disk->part0, 0);
	WRITE_ONCE(zram->disksize, 0);
	zram_comps_destroy(zram);
	zram_slots_destroy(zram);
	zram_backing_stop(zram);
	zsm_exit(zram->pool);
	zram_stats_reset(zram);
}

/* The same, if it was done, and every other setting. */
static void zram_tear_down(struct zram *zram)
{
	struct zram_backing *backing;
	bool discard;

	zram_stop_passes(zram);
	down_write(&zram->use_lock);
	down_write(&zram->init_lock);
	if (zram_is_set_up(zram))
		zram_take_down(zram);
	discard = zram->settings.backing_discard;
	zram_settings_init(zram);
	backing = zram->tier.backing;
	zram->tier.backing = NULL;
	up_write(&zram->init_lock);
	up_write(&zram->use_lock);
	zram_allow_passes(zram);
	zram_backing_detach(backing, discard);
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
	init_rwsem(&zram->use_lock);
	mutex_init(&zram->tier.work_lock);
	zram_worker_init(zram);
	zram_recompress_auto_prepare(zram);
	for (i = 0; i < ZRAM_PARTIAL_LOCKS; i++)
		mutex_init(&zram->partial_locks[i]);
	zram_settings_init(zram);
	return zram;
}

/* Once it is added, the disk owns the device: see zram_free_disk(). */
static struct gendisk *zram_create_disk(struct zram *zram, unsigned int id)
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
	snprintf(disk->disk_name, sizeof(disk->disk_name), "zram%u", id);
	zram->disk = disk;
	return disk;
}

struct zram *zram_add(unsigned int id, const struct attribute_group **groups)
{
	struct zram *zram = zram_create();
	struct gendisk *disk;
	int err;

	if (!zram)
		return ERR_PTR(-ENOMEM);
	disk = zram_create_disk(zram, id);
	if (IS_ERR(disk)) {
		err = PTR_ERR(disk);
		goto err_free;
	}
	err = device_add_disk(NULL, disk, groups);
	if (err)
		goto err_disk;
	zram_debugfs_add(zram);
	return zram;

err_disk:
	/* Its knobs may have been there for a moment. */
	zram_tear_down(zram);
	/* It was never added, so that free_disk() is not called. */
	put_disk(disk);
err_free:
	zram_free(zram);
	return ERR_PTR(err);
}

void zram_delete(struct zram *zram)
{
	struct gendisk *disk = zram->disk;

	zram_stop_passes(zram);
	/* After these no knob is being used, and no I/O comes in. */
	zram_debugfs_remove(zram);
	del_gendisk(disk);
	zram_tear_down(zram);
	put_disk(disk);
}

int zram_begin_removal(struct zram *zram)
{
	return zram_claim(zram);
}

int __init zram_device_init(void)
{
	zram_major = register_blkdev(0, "zram");
	return zram_major < 0 ? zram_major : 0;
}

void zram_device_exit(void)
{
	unregister_blkdev(zram_major, "zram");
}
