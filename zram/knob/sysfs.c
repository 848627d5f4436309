// SPDX-License-Identifier: GPL-2.0
/* The list of the groups of knobs. */
#include "zram/knob/knobs.h"

const struct attribute_group *zram_disk_groups[] = {
	&zram_disk_group,
	&zram_algorithm_group,
	&zram_params_group,
	&zram_recompress_group,
	&zram_idle_group,
	&zram_backing_group,
	&zram_stats_group,
	NULL,
};
