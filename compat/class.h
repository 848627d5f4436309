/* SPDX-License-Identifier: GPL-2.0 */
/* What moved in <linux/device/class.h>. */
#ifndef ZSM_COMPAT_CLASS_H
#define ZSM_COMPAT_CLASS_H

#include <linux/device/class.h>

#include "compat/version.h"

/* Attributes of a class are shown and stored with const pointers since 6.4. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
#define compat_class_const const
#else
#define compat_class_const
#endif

#endif /* ZSM_COMPAT_CLASS_H */
