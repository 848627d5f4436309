/* SPDX-License-Identifier: GPL-2.0 */
/* What moved in <linux/workqueue.h>. */
#ifndef ZSM_COMPAT_WORKQUEUE_H
#define ZSM_COMPAT_WORKQUEUE_H

#include <linux/workqueue.h>

#include "compat/version.h"

/* The queue of work that may run on any CPU has another name since 6.18. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 18, 0)
#define compat_unbound_wq system_dfl_wq
#else
#define compat_unbound_wq system_unbound_wq
#endif

#endif /* ZSM_COMPAT_WORKQUEUE_H */
