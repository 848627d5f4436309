/* SPDX-License-Identifier: GPL-2.0 */
/* A backing device with all that reads and writes it. */
#ifndef ZRAM_ATTACH_H
#define ZRAM_ATTACH_H

#include <linux/types.h>

struct zram;
struct zram_backing;

/**
 * zram_backing_attach() - take a block device for backing
 * @path: its path
 * @holder: an address; with the same one it may be taken a second time
 *
 * Context: may sleep; takes locks of the block layer. Not under init_lock.
 * Return: the backing device, the caller's until zram_backing_detach(); or the error of
 *	zram_backing_open().
 */
struct zram_backing *zram_backing_attach(const char *path, void *holder);

/**
 * zram_backing_detach() - give a backing device back
 * @backing: the backing device, or NULL; no slot has a block of it
 * @discard: tell it that nothing of what was written is needed any more
 *
 * Context: may sleep; takes locks of the block layer. Not under init_lock.
 */
void zram_backing_detach(struct zram_backing *backing, bool discard);

/**
 * zram_backing_start() - begin to use a device's backing device, as its settings say
 * @zram: a device that is set up, but for that; the caller holds init_lock for writing
 *
 * Context: may sleep.
 * Return: 0, also if there is no backing device; -EINVAL if it is too small for a packed
 *	log; -ENOMEM.
 */
int zram_backing_start(struct zram *zram);

/**
 * zram_backing_stop() - end that
 * @zram: the device, whose worker has stopped and whose slots are empty; the caller holds
 *	init_lock for writing
 *
 * Context: may sleep.
 */
void zram_backing_stop(struct zram *zram);

#endif /* ZRAM_ATTACH_H */
