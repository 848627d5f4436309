/* SPDX-License-Identifier: GPL-2.0 */
/* The settings of a device: what is one word and has a knob of its own. */
#ifndef ZRAM_SETTINGS_H
#define ZRAM_SETTINGS_H

#include <linux/types.h>

/**
 * struct zram_settings - the words of zram/knob/knobs.def, by the names of the knobs
 *
 * A word is written under init_lock, which is held for writing, with WRITE_ONCE(); it
 * may be read with READ_ONCE() at any time. What counts down, writeback_limit, is
 * changed with cmpxchg() besides. A word that may not be written while the device has a
 * size needs neither then.
 */
struct zram_settings {
#define ZRAM_SETTING(name, access, when, unit, min, max, default, changed) \
	u64 name;
#include "zram/knob/knobs.def"
};

/**
 * zram_settings_reset() - give every setting its default
 * @settings: those of a device that no other task knows of yet, or whose init_lock the
 *	caller holds for writing
 *
 * Context: any.
 */
void zram_settings_reset(struct zram_settings *settings);

#endif /* ZRAM_SETTINGS_H */
