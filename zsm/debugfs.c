// SPDX-License-Identifier: GPL-2.0
/* Pools in debugfs. */
#include <linux/debugfs.h>
#include <linux/export.h>
#include <linux/seq_file.h>

#include "zsm/buddy.h"
#include "zsm/debugfs.h"
#include "zsm/pool.h"

static struct dentry *folder __ro_after_init;

void __init zsm_debugfs_create(void)
{
	folder = debugfs_create_dir("zsm", NULL);
}

void zsm_debugfs_destroy(void)
{
	debugfs_remove_recursive(folder);
}

static void *classes_start(struct seq_file *seq, loff_t *pos)
{
	struct zsm_pool *pool = seq->private;

	return *pos < zsm_classes.nr_classes ? &pool->classes[*pos] : NULL;
}

static void *classes_next(struct seq_file *seq, void *v, loff_t *pos)
{
	++*pos;
	return classes_start(seq, pos);
}

static void classes_stop(struct seq_file *seq, void *v)
{
}

/* A line for a class; Documentation/debugfs.rst tells how to read it. */
static int classes_show(struct seq_file *seq, void *v)
{
	const struct zsm_pool *pool = seq->private;
	struct zsm_pool_class *class = v;
	const struct zsm_class_row *row;
	struct zsm_class core;
	u64 moved, migrated;

	spin_lock(&class->lock);
	core = class->core;
	moved = class->nr_moved;
	migrated = class->nr_migrated;
	spin_unlock(&class->lock);

	row = &zsm_classes.rows[core.class_idx];
	if (class == pool->classes)
		seq_puts(seq, "#size chain per_chain objects zspages pages unused gain moved migrated\n");
	seq_printf(seq, "%5u %5u %9u %7llu %7llu %5llu %6llu %4llu %5llu %8llu\n",
		   row->size, row->nr_pages, row->nr_objs, core.nr_used,
		   core.nr_zspages, core.nr_pages,
		   (core.nr_pages << PAGE_SHIFT) - core.nr_used * row->size,
		   zsm_core_gain(&core), moved, migrated);
	return 0;
}

static const struct seq_operations classes_sops = {
	.start = classes_start,
	.next = classes_next,
	.stop = classes_stop,
	.show = classes_show,
};

DEFINE_SEQ_ATTRIBUTE(classes);

/* The same of a pool of pairs or triples, in one line. */
static int buddies_show(struct seq_file *seq, void *v)
{
	const struct zsm_pool *pool = seq->private;
	struct zsm_buddy_pool *buddies = pool->buddies;
	const struct zsm_buddies *core = &buddies->core;

	seq_puts(seq, "#per_page objects   pages   unused   gain     slid    moved migrated\n");
	spin_lock(&buddies->lock);
	seq_printf(seq, "%9u %7llu %7llu %8llu %6llu %8llu %8llu %8llu\n",
		   core->per_page, core->nr_used, core->nr_pages,
		   (core->nr_pages << PAGE_SHIFT) -
			   (core->nr_granules << ZSM_GRANULE_SHIFT),
		   zsm_core_buddies_gain(core), buddies->nr_slid,
		   buddies->nr_moved, buddies->nr_migrated);
	spin_unlock(&buddies->lock);
	return 0;
}

DEFINE_SHOW_ATTRIBUTE(buddies);

void zsm_set_name(struct zsm_pool *pool, const char *name)
{
	pool->debugfs = debugfs_create_dir(name, folder);
	if (pool->buddies)
		debugfs_create_file("buddies", 0400, pool->debugfs, pool,
				    &buddies_fops);
	else
		debugfs_create_file("classes", 0400, pool->debugfs, pool,
				    &classes_fops);
}
EXPORT_SYMBOL_GPL(zsm_set_name);
