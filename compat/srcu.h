/* SPDX-License-Identifier: GPL-2.0 */
/* What moved in <linux/srcu.h>. */
#ifndef ZSM_COMPAT_SRCU_H
#define ZSM_COMPAT_SRCU_H

#include <linux/srcu.h>

#include "compat/version.h"

/* An SRCU reader that another context may end has a call of its own since 6.3. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
#define compat_srcu_down_read(ssp) srcu_down_read(ssp)
#define compat_srcu_up_read(ssp, idx) srcu_up_read(ssp, idx)
#else
#define compat_srcu_down_read(ssp) __srcu_read_lock(ssp)
#define compat_srcu_up_read(ssp, idx) __srcu_read_unlock(ssp, idx)
#endif

#endif /* ZSM_COMPAT_SRCU_H */
