/* SPDX-License-Identifier: GPL-2.0 */
/* All of compat/. A file includes the headers of compat/ that it needs instead. */
#ifndef ZSM_COMPAT_H
#define ZSM_COMPAT_H

#include "compat/blkdev.h"
#include "compat/class.h"
#include "compat/cleanup.h"
#include "compat/migrate.h"
#include "compat/shrinker.h"
#include "compat/srcu.h"
#include "compat/workqueue.h"
#include "compat/zstd.h"

#endif /* ZSM_COMPAT_H */
