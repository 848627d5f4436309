// SPDX-License-Identifier: GPL-2.0
/* The defaults of a device's settings. */
#include <linux/compiler.h>
#include <linux/limits.h>

#include "zram/knob/settings.h"

void zram_settings_reset(struct zram_settings *settings)
{
#define ZRAM_SETTING(name, access, when, unit, min, max, default, changed) \
	WRITE_ONCE(settings->name, default);
#include "zram/knob/knobs.def"
}
