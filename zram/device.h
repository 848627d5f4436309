/* SPDX-License-Identifier: GPL-2.0 */
/* A device's life: add, set up, reset, remove. */
#ifndef ZRAM_DEVICE_H
#define ZRAM_DEVICE_H

#include "zram_drv.h"

/**
 * zram_add() - make a device
 * @id: its number, which no other device has
 * @groups: its knobs
 *
 * Context: may sleep.
 * Return: the device, the caller's until zram_delete(); ERR_PTR:
 *	-ENOMEM, or what adding a disk came to.
 */
struct zram *zram_add(unsigned int id, const struct attribute_group **groups);

/**
 * zram_begin_removal() - keep a device that nobody uses from being opened
 * @zram: the device; to be deleted then
 *
 * Context: may sleep.
 * Return: 0, or -EBUSY if it is open, or being reset or removed.
 */
int zram_begin_removal(struct zram *zram);

/**
 * zram_delete() - remove a device that cannot be opened any more
 * @zram: the device; gone afterwards. A reset under way is waited for, and so are writes
 *	to the backing device; passes are stopped.
 *
 * Context: may sleep. No other task removes the device.
 */
void zram_delete(struct zram *zram);

/**
 * zram_set_up() - give a device its size
 * @zram: the device
 * @bytes: its size; rounded up to a page
 *
 * Context: may sleep; the caller holds init_lock for writing.
 * Return: 0; -EBUSY if it has one; -EINVAL for none or more than
 *	ZRAM_MAX_SLOTS pages; -ENOMEM.
 */
int zram_set_up(struct zram *zram, u64 bytes);

/**
 * zram_reset() - drop all a device holds, its size and its settings
 * @zram: the device
 *
 * Context: may sleep; takes init_lock.
 * Return: 0, or -EBUSY if it is open, or being reset or removed.
 */
int zram_reset(struct zram *zram);

/* Registers the devices' major number. May sleep. Return: 0 or an error. */
int zram_device_init(void);

/* Undoes zram_device_init(), when there is no device any more. */
void zram_device_exit(void);

#endif /* ZRAM_DEVICE_H */
