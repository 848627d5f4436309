// SPDX-License-Identifier: GPL-2.0
/* Handles that stay what they are while objects move. */
#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/preempt.h>
#include <linux/processor.h>

#include "core/zsm/location.h"
#include "zpool/cell.h"

/*
 * A cell, from the low end. One that has no object has 0, or is free and has what @free
 * was before it.
 */
#define LOC_MASK GENMASK_ULL(ZSM_LOC_BITS - 1, 0)
#define LIVE BIT_ULL(ZSM_LOC_BITS)		/* it has an object */
#define FROZEN BIT_ULL(ZSM_LOC_BITS + 1)	/* the pool moves it */
#define USED BIT_ULL(ZSM_LOC_BITS + 2)		/* since cell_is_cold() */
#define RECLAIMED BIT_ULL(ZSM_LOC_BITS + 3)	/* it is being written back */
#define FREED BIT_ULL(ZSM_LOC_BITS + 4)		/* and its owner has freed it */
#define WRITTEN BIT_ULL(ZSM_LOC_BITS + 5)	/* what is in the object is the owner's */
#define PIN_SHIFT (ZSM_LOC_BITS + 6)
#define PIN BIT_ULL(PIN_SHIFT)
#define SIZE_SHIFT (PIN_SHIFT + 4)
#define PINS GENMASK_ULL(SIZE_SHIFT - 1, PIN_SHIFT)

static_assert(PAGE_SIZE <= U64_MAX >> SIZE_SHIFT);

static struct zsm_loc loc_in(u64 value)
{
	return (struct zsm_loc){ value & LOC_MASK };
}

#define LEAF_CELLS (PAGE_SIZE / sizeof(atomic64_t))

void cells_init(struct cells *cells)
{
	spin_lock_init(&cells->lock);
	xa_init(&cells->leaves);
}

void cells_destroy(struct cells *cells)
{
	unsigned long i;
	void *leaf;

	xa_for_each(&cells->leaves, i, leaf)
		free_page((unsigned long)leaf);
	xa_destroy(&cells->leaves);
}

static atomic64_t *cell_at(struct cells *cells, u32 number)
{
	atomic64_t *leaf = xa_load(&cells->leaves, number / LEAF_CELLS);

	return &leaf[number % LEAF_CELLS];
}

/* ---- Taken and given back ----------------------------------------------- */

/* Adds the leaf that the next new cell is in, unless another thread has. */
static int add_leaf(struct cells *cells, unsigned long leaf_idx, gfp_t gfp)
{
	void *leaf = (void *)get_zeroed_page(gfp);
	int err;

	if (!leaf)
		return -ENOMEM;
	err = xa_insert(&cells->leaves, leaf_idx, leaf, gfp);
	if (!err)
		atomic_long_inc(&cells->nr_leaves);
	else
		free_page((unsigned long)leaf);
	return err == -EBUSY ? 0 : err;
}

/* Takes a cell that is there; false if a leaf is needed first. */
static bool take_cell(struct cells *cells, u32 *number)
{
	bool taken = true;

	spin_lock(&cells->lock);
	if (cells->free) {
		atomic64_t *cell = cell_at(cells, cells->free - 1);

		*number = cells->free - 1;
		cells->free = atomic64_read(cell);
		atomic64_set(cell, 0);
	} else if (xa_load(&cells->leaves, cells->nr / LEAF_CELLS)) {
		*number = cells->nr++;
	} else {
		taken = false;
	}
	spin_unlock(&cells->lock);
	return taken;
}

int cells_take(struct cells *cells, gfp_t gfp, u32 *number)
{
	int err = 0;

	while (!err && !take_cell(cells, number)) {
		u32 nr = READ_ONCE(cells->nr);

		err = nr == U32_MAX ? -ENOSPC :
				      add_leaf(cells, nr / LEAF_CELLS, gfp);
	}
	return err;
}

void cells_give(struct cells *cells, u32 number)
{
	spin_lock(&cells->lock);
	atomic64_set(cell_at(cells, number), cells->free);
	cells->free = number + 1;
	spin_unlock(&cells->lock);
}

void cell_set(struct cells *cells, u32 number, struct zsm_loc loc, u32 size)
{
	/* The pool may freeze it from now on. */
	atomic64_set_release(cell_at(cells, number),
			     loc.value | LIVE | USED | (u64)size << SIZE_SHIFT);
}

/* ---- Used, and moved ---------------------------------------------------- */

/*
 * The cell's value once it is not frozen. The thread that has frozen it does not sleep,
 * nor is it preempted.
 */
static u64 read_thawed(const atomic64_t *cell)
{
	u64 value = atomic64_read(cell);

	while (value & FROZEN) {
		cpu_relax();
		value = atomic64_read(cell);
	}
	return value;
}

struct zsm_loc cell_pin(struct cells *cells, u32 number, u32 *size)
{
	atomic64_t *cell = cell_at(cells, number);
	s64 value;

	for (;;) {
		value = read_thawed(cell);
		if ((value & PINS) == PINS)
			cpu_relax();
		else if (atomic64_try_cmpxchg(cell, &value,
					      (value | USED) + PIN))
			break;
	}
	*size = (u64)value >> SIZE_SHIFT;
	return loc_in(value);
}

struct zsm_loc cell_peek(struct cells *cells, u32 number, u32 *size)
{
	u64 value = atomic64_read(cell_at(cells, number));

	*size = value >> SIZE_SHIFT;
	return loc_in(value);
}

void cell_unpin(struct cells *cells, u32 number)
{
	atomic64_t *cell = cell_at(cells, number);

	/* An object is mapped first to be written. */
	if (!(atomic64_read(cell) & WRITTEN))
		atomic64_fetch_or_release(WRITTEN, cell);
	atomic64_sub_return_release(PIN, cell);
}

bool cell_freeze(struct cells *cells, u32 number, struct zsm_loc loc)
{
	atomic64_t *cell = cell_at(cells, number);
	s64 value = atomic64_read(cell);

	/* A cell that is taken for a new object has no location yet. */
	if (!(value & LIVE) || value & (FROZEN | PINS) ||
	    !zsm_loc_same(loc_in(value), loc))
		return false;
	/* Others wait for the copy: it must not be interrupted by another thread. */
	preempt_disable();
	if (atomic64_try_cmpxchg_acquire(cell, &value, value | FROZEN))
		return true;
	preempt_enable();
	return false;
}

void cell_thaw(struct cells *cells, u32 number, struct zsm_loc loc)
{
	atomic64_t *cell = cell_at(cells, number);
	/* Nothing changes a frozen cell but this. */
	u64 rest = atomic64_read(cell) & ~(LOC_MASK | FROZEN);

	atomic64_set_release(cell, rest | loc.value);
	preempt_enable();
}

/* ---- Freed, and reclaimed ----------------------------------------------- */

bool cell_clear(struct cells *cells, u32 number, struct zsm_loc *loc)
{
	atomic64_t *cell = cell_at(cells, number);
	s64 value, new;

	do {
		value = read_thawed(cell);
		new = value & RECLAIMED ? value | FREED : 0;
	} while (!atomic64_try_cmpxchg(cell, &value, new));
	*loc = loc_in(value);
	return !(value & RECLAIMED);
}

bool cell_begin_reclaim(struct cells *cells, u32 number, u32 *size)
{
	atomic64_t *cell = cell_at(cells, number);
	s64 value;

	do {
		value = read_thawed(cell);
		if (!(value & LIVE) || !(value & WRITTEN) || value & RECLAIMED)
			return false;
	} while (!atomic64_try_cmpxchg(cell, &value, value | RECLAIMED));
	*size = (u64)value >> SIZE_SHIFT;
	return true;
}

bool cell_end_reclaim(struct cells *cells, u32 number, struct zsm_loc *loc)
{
	atomic64_t *cell = cell_at(cells, number);
	s64 value, new;

	do {
		value = read_thawed(cell);
		new = value & FREED ? 0 : value & ~RECLAIMED;
	} while (!atomic64_try_cmpxchg(cell, &value, new));
	*loc = loc_in(value);
	return value & FREED;
}

bool cell_is_cold(struct cells *cells, u32 number)
{
	atomic64_t *cell = cell_at(cells, number);
	s64 value = atomic64_read(cell);

	if (!(value & LIVE) || !(value & WRITTEN) ||
	    value & (FROZEN | RECLAIMED | PINS))
		return false;
	if (!(value & USED))
		return true;
	/* If it changes meanwhile it is being used. */
	atomic64_try_cmpxchg(cell, &value, value & ~USED);
	return false;
}
