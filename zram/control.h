/* SPDX-License-Identifier: GPL-2.0 */
/* Devices by number. */
#ifndef ZRAM_CONTROL_H
#define ZRAM_CONTROL_H

/**
 * zram_control_init() - make the devices that are there from the start
 *
 * Called last at module load: once there is a device a program may have it open, so
 * that loading must not fail afterwards.
 *
 * Context: may sleep.
 * Return: 0, or the error of the first device; that of a later one is only logged.
 */
int zram_control_init(void);

/* Removes every device; none is open. May sleep. */
void zram_control_exit(void);

#endif /* ZRAM_CONTROL_H */
