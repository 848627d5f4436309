/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* All of the allocator's core as C sees it. */
#ifndef ZSM_CORE_H
#define ZSM_CORE_H

#include "core/zsm/compaction.h"
#include "core/zsm/table.h"

#endif /* ZSM_CORE_H */
