// SPDX-License-Identifier: GPL-2.0
/* What the suites look at in zsm.ko, besides what it exports anyway. */
#include <linux/export.h>
#include <linux/types.h>

#include "../core/zsm_core.h"

EXPORT_SYMBOL_GPL(zsm_classes);
