// SPDX-License-Identifier: GPL-2.0
/*
 * A user of zsm, as small as one can be: notes of different lengths, in a pool that may
 * move them. Documentation/users.rst goes through it.
 *
 *	insmod zsm.ko; insmod zsm_example.ko
 */
#include <linux/err.h>
#include <linux/module.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "zsmalloc.h"

#define NR_NOTES 1000

/* A note, and the lock that keeps its location true. */
struct note {
	raw_spinlock_t lock;
	struct zsm_loc loc;
	u32 size;	/* 0: there is none */
};

static struct note notes[NR_NOTES];
static struct zsm_pool *pool;
static int nr_notes;
module_param_named(notes, nr_notes, int, 0444);
MODULE_PARM_DESC(notes, "notes that were written, and read again");

/* The pool wants to move a note: only tries, as it holds a lock of its own. */
static bool freeze(void *priv, u32 owner, struct zsm_loc loc)
{
	struct note *note = &notes[owner];

	if (!raw_spin_trylock(&note->lock))
		return false;
	if (note->size && zsm_loc_same(note->loc, loc))
		return true;
	raw_spin_unlock(&note->lock);
	return false;
}

static void thaw(void *priv, u32 owner, struct zsm_loc loc)
{
	notes[owner].loc = loc;
	raw_spin_unlock(&notes[owner].lock);
}

static const struct zsm_ops ops = { .freeze = freeze, .thaw = thaw };

static u32 size_of(u32 i)
{
	return 1 + i * 37 % PAGE_SIZE;
}

static int write_note(u32 i)
{
	struct zsm_mapping map;
	struct zsm_loc loc;
	int err = zsm_alloc(pool, size_of(i), GFP_KERNEL, i, &loc);

	if (err)
		return err;
	/* An atomic section: no sleeping until zsm_unmap(). */
	memset(zsm_map(pool, loc, size_of(i), ZSM_MAP_WRITE, &map), i,
	       size_of(i));
	zsm_unmap(&map);
	/* From here on the pool may move it. */
	raw_spin_lock(&notes[i].lock);
	notes[i].loc = loc;
	notes[i].size = size_of(i);
	raw_spin_unlock(&notes[i].lock);
	return 0;
}

/* Makes a note shorter, and says whether what is left of it is right. */
static bool shorten_note(u32 i)
{
	struct note *note = &notes[i];
	struct zsm_mapping map;
	bool right;

	raw_spin_lock(&note->lock);
	/* With no flags: where it is, or not at all. */
	if (!zsm_realloc(pool, &note->loc, (note->size + 1) / 2, 0))
		note->size = (note->size + 1) / 2;
	right = !memchr_inv(zsm_map(pool, note->loc, note->size, ZSM_MAP_READ,
				    &map), i, note->size);
	zsm_unmap(&map);
	raw_spin_unlock(&note->lock);
	return right;
}

static void drop_note(u32 i)
{
	struct zsm_loc loc;
	u32 size;

	raw_spin_lock(&notes[i].lock);
	loc = notes[i].loc;
	size = notes[i].size;
	notes[i].size = 0;
	raw_spin_unlock(&notes[i].lock);
	if (size)
		zsm_free(pool, loc);
}

static void __exit example_exit(void)
{
	u32 i;

	for (i = 0; i < NR_NOTES; i++)
		drop_note(i);
	zsm_exit(pool);
}

static int __init example_init(void)
{
	struct zsm_stats stats;
	int err = 0;
	u32 i;

	for (i = 0; i < NR_NOTES; i++)
		raw_spin_lock_init(&notes[i].lock);
	pool = zsm_init(&ops, NULL);
	if (IS_ERR(pool))
		return PTR_ERR(pool);
	for (i = 0; i < NR_NOTES && !err; i++)
		err = write_note(i);
	zsm_compact(pool);
	for (i = 0; i < NR_NOTES && !err; i++) {
		if (shorten_note(i))
			nr_notes++;
		else
			err = -EIO;
	}
	zsm_stats(pool, &stats);
	pr_info("zsm_example: %llu notes in %llu bytes, at most %llu\n",
		stats.objects, stats.allocated_bytes, stats.max_allocated_bytes);
	if (err) {
		for (i = 0; i < NR_NOTES; i++)
			drop_note(i);
		zsm_exit(pool);
	}
	return err;
}

module_init(example_init);
module_exit(example_exit);

MODULE_DESCRIPTION("Example of a user of zsm");
MODULE_LICENSE("GPL");
