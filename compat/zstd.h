/* SPDX-License-Identifier: GPL-2.0 */
/* What moved in <linux/zstd.h>. */
#ifndef ZSM_COMPAT_ZSTD_H
#define ZSM_COMPAT_ZSTD_H

#include <linux/zstd.h>

#include "compat/version.h"

/* zstd's library takes dictionaries since 6.12. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
#define COMPAT_HAS_ZSTD_DICT
#endif

#endif /* ZSM_COMPAT_ZSTD_H */
