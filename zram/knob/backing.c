// SPDX-License-Identifier: GPL-2.0
/* The knobs of the backing device. */
#include <linux/dcache.h>
#include <linux/limits.h>
#include <linux/namei.h>
#include <linux/path.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "zram/knob/sysfs.h"
#include "zram/stat.h"
#include "zram/tier/attach.h"
#include "zram/tier/backing.h"
#include "zram/tier/log.h"

ssize_t zram_knob_backing_dev_show(struct zram *zram, char *buf)
{
	ssize_t len;

	down_read(&zram->init_lock);
	len = sysfs_emit(buf, "%s\n", zram->tier.backing ?
			 zram->tier.backing->path : "none");
	up_read(&zram->init_lock);
	return len;
}

/* Finds a file, and its path without symbolic links, for the caller to kfree(). */
static char *zram_resolve(const char *name)
{
	char *buf = kmalloc(PATH_MAX, GFP_KERNEL);
	char *found, *copy;
	struct path path;
	int err;

	if (!buf)
		return ERR_PTR(-ENOMEM);
	err = !*name ? -EINVAL : kern_path(name, LOOKUP_FOLLOW, &path);
	if (err) {
		kfree(buf);
		return ERR_PTR(err);
	}
	found = d_path(&path, buf, PATH_MAX);
	path_put(&path);
	if (IS_ERR(found))
		copy = found;
	else
		copy = kstrdup(found, GFP_KERNEL) ? : ERR_PTR(-ENOMEM);
	kfree(buf);
	return copy;
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

	backing = zram_backing_attach(path, zram);
	if (IS_ERR(backing))
		return PTR_ERR(backing);
	down_write(&zram->init_lock);
	if (zram_is_set_up(zram))
		err = -EBUSY;
	else
		swap(zram->tier.backing, backing);
	up_write(&zram->init_lock);
	/* What was there before, or what came too late. */
	zram_backing_detach(backing, false);
	return err;
}

int zram_knob_backing_dev_store(struct zram *zram, const char *text)
{
	char *name = kstrdup(text, GFP_KERNEL);
	char *path;
	int err;

	if (!name)
		return -ENOMEM;
	if (zram_is_busy(zram)) {
		kfree(name);
		return -EBUSY;
	}
	path = zram_resolve(strim(name));
	kfree(name);
	if (IS_ERR(path))
		return PTR_ERR(path);
	err = zram_set_backing(zram, path);
	kfree(path);
	return err;
}

ssize_t zram_knob_bd_stat_show(struct zram *zram, char *buf)
{
	const struct zram_backing *backing;
	u64 reads = zram_stat(zram, bd_reads);
	u64 writes = zram_stat(zram, bd_writes);
	u64 used = 0;

	down_read(&zram->init_lock);
	backing = zram->tier.backing;
	if (backing && backing->log)
		zram_log_blocks(backing->log, &used, &reads, &writes);
	else if (backing)
		used = atomic64_read(&backing->blocks.nr_used);
	up_read(&zram->init_lock);
	return sysfs_emit(buf, "%8llu %8llu %8llu\n", used * ZRAM_UNITS_PER_PAGE,
			  reads * ZRAM_UNITS_PER_PAGE,
			  writes * ZRAM_UNITS_PER_PAGE);
}
