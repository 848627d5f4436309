// SPDX-License-Identifier: GPL-2.0
/* What the kernel's zpool lacks to be a module of its own. */
#include <linux/module.h>

MODULE_LICENSE("GPL");
