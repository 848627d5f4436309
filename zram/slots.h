/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The table of slots: 64 bits for each page of the device, in leaves of one page,
 * made when one of their slots is first written and kept until reset.
 */
#ifndef ZRAM_SLOTS_H
#define ZRAM_SLOTS_H

#include "zram_drv.h"

/**
 * zram_slots_create() - make the table of slots
 * @zram: a device being set up; @nr_slots is set, and @pool has no limit
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int zram_slots_create(struct zram *zram);

/**
 * zram_slots_destroy() - drop every page and the table
 * @zram: a device that has no I/O
 *
 * Context: may sleep.
 */
void zram_slots_destroy(struct zram *zram);

/**
 * zram_slot_make() - find a slot, or make its leaf
 * @zram: the device
 * @index: the slot
 *
 * Context: may sleep; allocates with GFP_NOIO.
 * Return: the slot; ERR_PTR(-ENOMEM), or ERR_PTR(-EDQUOT) beyond the limit.
 */
unsigned long *zram_slot_make(struct zram *zram, u32 index);

/**
 * zram_next_slot() - the next slot that may hold something
 * @zram: the device
 * @index: where to begin
 *
 * Context: any.
 * Return: the first slot from @index on whose leaf is there; nr_slots if there
 *	is none.
 */
u64 zram_next_slot(struct zram *zram, u64 index);

/**
 * zram_next_slot_round() - the same, going on with the first slot behind the last
 * @zram: the device
 * @index: where to begin
 * @passed: receives how many slots are passed, with that which is returned
 *
 * Context: any.
 * Return: the slot; nr_slots if no leaf is there.
 */
u64 zram_next_slot_round(struct zram *zram, u64 index, u64 *passed);

/**
 * zram_account() - count what comes into a slot and what goes out of it
 * @zram: the device
 * @old: the slot as it was
 * @value: the slot as it is now
 *
 * Context: any.
 */
void zram_account(struct zram *zram, struct zsm_word old, struct zsm_word value);

/**
 * zram_release() - free what was in a slot
 * @zram: the device
 * @value: the slot as it was; nobody can reach what is behind it any more
 *
 * Context: does not sleep; no slot is locked.
 */
void zram_release(struct zram *zram, struct zsm_word value);

/**
 * zram_publish() - put a value into a slot
 * @zram: the device
 * @slot: the slot; what was there is freed
 * @value: the value, and the object behind it
 *
 * Context: does not sleep; takes the slot.
 */
void zram_publish(struct zram *zram, unsigned long *slot, struct zsm_word value);

/**
 * zram_drop_pages() - empty slots
 * @zram: the device
 * @first: the first slot
 * @count: how many
 *
 * Context: may sleep.
 */
void zram_drop_pages(struct zram *zram, u64 first, u64 count);

/**
 * zram_try_drop_page() - empty a slot, if nobody is using it
 * @zram: the device
 * @index: the slot
 *
 * Context: any but interrupts; neither sleeps nor waits.
 * Return: false if another task has the slot locked.
 */
bool zram_try_drop_page(struct zram *zram, u32 index);

/* How the pool moves a device's objects; its private pointer is the device. */
extern const struct zsm_ops zram_slot_ops;

#endif /* ZRAM_SLOTS_H */
