// SPDX-License-Identifier: GPL-2.0
/*
 * /sys/kernel/debug/zram/zramN/block_state: a line for each page that is stored,
 *
 *	index seconds.microseconds swhirn
 *
 * with the time of its last access since boot, and letters or dots: same-filled,
 * written back, huge, idle, recompressed, none of the algorithms made it smaller.
 */
#include <linux/debugfs.h>
#include <linux/math64.h>
#include <linux/seq_file.h>

#include "core/zram/pass.h"
#include "zram/debugfs.h"
#include "zram/slot.h"
#include "zram/slots.h"
#include "zram/times.h"

static struct dentry *zram_debugfs;

/* The next slot that is not empty, from @index on; NULL at the end. */
static void *zram_seq_find(struct zram *zram, loff_t *index)
{
	u64 i;

	for (i = zram_next_slot(zram, *index); i < zram->nr_slots;
	     i = zram_next_slot(zram, i + 1)) {
		if (!zram_slot_empty(zram_slot_get(zram_slot_find(zram, i)))) {
			*index = i;
			return index;
		}
		cond_resched();
	}
	*index = zram->nr_slots;
	return NULL;
}

static void *zram_seq_start(struct seq_file *m, loff_t *index)
{
	struct zram *zram = m->private;
	int err = 0;

	down_read(&zram->init_lock);
	if (!zram_is_set_up(zram))
		return ERR_PTR(-EINVAL);
	/* It goes through all leaves; each read of the file comes here. */
	if (!*index)
		err = zram_times_start(zram);
	if (err)
		return ERR_PTR(err);
	return zram_seq_find(zram, index);
}

static void *zram_seq_next(struct seq_file *m, void *v, loff_t *index)
{
	++*index;
	return zram_seq_find(m->private, index);
}

/* Also called after an error of zram_seq_start(). */
static void zram_seq_stop(struct seq_file *m, void *v)
{
	struct zram *zram = m->private;

	up_read(&zram->init_lock);
}

static int zram_seq_show(struct seq_file *m, void *v)
{
	struct zram *zram = m->private;
	u64 index = *(loff_t *)v;
	struct zsm_word value = zram_slot_get(zram_slot_find(zram, index));
	u64 ns = zram_accessed_ns(zram, index);
	u32 rest;
	u64 seconds = div_u64_rem(ns, NSEC_PER_SEC, &rest);

	/* It may have been dropped since it was found. */
	if (zram_slot_empty(value))
		return SEQ_SKIP;
	seq_printf(m, "%12llu %12llu.%06u %c%c%c%c%c%c\n", index, seconds,
		   rest / (u32)NSEC_PER_USEC,
		   value.bits & ZRAM_SLOT_SAME ? 's' : '.',
		   value.bits & ZRAM_SLOT_BACKED ? 'w' : '.',
		   value.bits & ZRAM_SLOT_HUGE ? 'h' : '.',
		   value.bits & ZRAM_SLOT_IDLE ? 'i' : '.',
		   zram_slot_prio(value) ? 'r' : '.',
		   zram_slot_hopeless(value, zram->last_prio) ? 'n' : '.');
	return 0;
}

static const struct seq_operations zram_seq_ops = {
	.start = zram_seq_start,
	.next = zram_seq_next,
	.stop = zram_seq_stop,
	.show = zram_seq_show,
};

static int zram_block_state_open(struct inode *inode, struct file *file)
{
	int err = seq_open(file, &zram_seq_ops);

	if (!err)
		((struct seq_file *)file->private_data)->private =
			inode->i_private;
	return err;
}

static const struct file_operations zram_block_state_fops = {
	.owner = THIS_MODULE,
	.open = zram_block_state_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = seq_release,
};

void zram_debugfs_add(struct zram *zram)
{
	zram->debugfs = debugfs_create_dir(zram->disk->disk_name, zram_debugfs);
	debugfs_create_file("block_state", 0400, zram->debugfs, zram,
			    &zram_block_state_fops);
}

void zram_debugfs_remove(struct zram *zram)
{
	debugfs_remove(zram->debugfs);
}

void zram_debugfs_init(void)
{
	zram_debugfs = debugfs_create_dir("zram", NULL);
}

void zram_debugfs_exit(void)
{
	debugfs_remove(zram_debugfs);
}
