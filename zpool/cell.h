/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Handles that stay what they are while objects move. zswap keeps a handle for each
 * object and cannot be told another: a handle is the number of a *cell*, 64 bits that
 * have the object's location. The pool's owner number is the cell's, too, so that a pool
 * finds the cell of what it moves.
 *
 * A cell is locked by no lock: it counts who has the object mapped, and the pool may
 * only freeze what nobody has.
 */
#ifndef ZSM_ZPOOL_CELL_H
#define ZSM_ZPOOL_CELL_H

#include <linux/atomic.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/xarray.h>

#include "zsmalloc.h"

/**
 * struct cells - the cells of a pool
 * @lock: guards @nr and @free
 * @nr: cells that there have ever been
 * @free: one more than the number of the cell that was given back last, or 0
 * @leaves: pages of cells by number; none goes before the pool does
 * @nr_leaves: how many of these there are
 */
struct cells {
	spinlock_t lock;
	u32 nr;
	u32 free;
	struct xarray leaves;
	atomic_long_t nr_leaves;
};

void cells_init(struct cells *cells);

/**
 * cells_destroy() - free all cells
 * @cells: the cells; nobody uses them
 */
void cells_destroy(struct cells *cells);

/**
 * cells_take() - take a cell for a new object
 * @cells: the cells
 * @gfp: how to allocate
 * @number: receives its number
 *
 * Until cell_set() the cell has no object, and nothing freezes it.
 *
 * Context: may sleep if @gfp may.
 * Return: 0, -ENOMEM, or -ENOSPC.
 */
int cells_take(struct cells *cells, gfp_t gfp, u32 *number);

/**
 * cells_give() - give back a cell that has no object
 * @cells: the cells
 * @number: its number
 *
 * Context: does not sleep.
 */
void cells_give(struct cells *cells, u32 number);

/* Puts a new object into a cell that was taken. */
void cell_set(struct cells *cells, u32 number, struct zsm_loc loc, u32 size);

/**
 * cell_pin() - keep an object where it is
 * @cells: the cells
 * @number: its cell
 * @size: receives the object's size
 *
 * Waits for a pool that is moving the object, which is the time of a copy. The object
 * counts as used.
 *
 * Context: does not sleep.
 * Return: its location until cell_unpin().
 */
struct zsm_loc cell_pin(struct cells *cells, u32 number, u32 *size);

/**
 * cell_peek() - the location and size of an object that is pinned
 * @cells: the cells
 * @number: its cell
 * @size: receives the size
 *
 * Return: the location.
 */
struct zsm_loc cell_peek(struct cells *cells, u32 number, u32 *size);

/* Ends that. From the first time on, the object may be reclaimed: it has been written. */
void cell_unpin(struct cells *cells, u32 number);

/**
 * cell_clear() - take the object out of a cell, to free it
 * @cells: the cells
 * @number: the cell
 * @loc: receives where the object is
 *
 * Return: false if the object is being reclaimed: then the thread that reclaims it frees it, by
 *	cell_end_reclaim(). Else the caller frees it, and gives the cell back.
 */
bool cell_clear(struct cells *cells, u32 number, struct zsm_loc *loc);

/* As the pool's ops: see struct zsm_ops. */
bool cell_freeze(struct cells *cells, u32 number, struct zsm_loc loc);
void cell_thaw(struct cells *cells, u32 number, struct zsm_loc loc);

/**
 * cell_begin_reclaim() - keep an object from being freed while it is written back
 * @cells: the cells
 * @number: its cell, or a number that has none
 * @size: receives the object's size
 *
 * Context: does not sleep.
 * Return: false if there is no object, or one that was not written yet: its owner finds
 *	nothing there by which to know it; or if another thread reclaims it.
 */
bool cell_begin_reclaim(struct cells *cells, u32 number, u32 *size);

/**
 * cell_end_reclaim() - end what cell_begin_reclaim() began
 * @cells: the cells
 * @number: the cell
 * @loc: receives where the object is
 *
 * Return: whether the owner has freed the object meanwhile. Then the caller does so, and
 *	gives the cell back.
 */
bool cell_end_reclaim(struct cells *cells, u32 number, struct zsm_loc *loc);

/**
 * cell_is_cold() - whether an object has not been used since this was last asked
 * @cells: the cells
 * @number: a cell, or a number that has none
 *
 * Return: whether there is an object that has not.
 */
bool cell_is_cold(struct cells *cells, u32 number);

#endif /* ZSM_ZPOOL_CELL_H */
