// SPDX-License-Identifier: GPL-2.0
/* Part of zsm.ko in a build for the suites: what they look at in it. */
#include <linux/export.h>

#include "kunit/zsm/zsm_exports.h"
#include "zsm/frame.h"
#include "zsm/pool.h"

EXPORT_SYMBOL_GPL(zsm_classes);

struct shrinker *zsm_shrinker_of(struct zsm_pool *pool)
{
	return pool->shrinker;
}
EXPORT_SYMBOL_GPL(zsm_shrinker_of);

struct delayed_work *zsm_work_of(struct zsm_pool *pool)
{
	return &pool->tending.work;
}
EXPORT_SYMBOL_GPL(zsm_work_of);

void zsm_frames_pretend(bool far)
{
	if (far) {
		/* No memory is there, so that no number is a frame's own. */
		zsm_frames.spans[0] = U32_MAX;
		zsm_frames.nr = 1;
		static_branch_enable(&zsm_frames_far);
	} else {
		static_branch_disable(&zsm_frames_far);
		zsm_frames.nr = 0;
	}
}
EXPORT_SYMBOL_GPL(zsm_frames_pretend);
