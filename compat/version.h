/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which kernels the sources are for. A header of compat/ belongs to the kernel
 * header of its name: it includes that one, and wraps what older kernels call
 * differently under a name that begins with compat_. The sources are written for
 * the newest kernel, and no file outside of compat/ tests a version.
 */
#ifndef ZSM_COMPAT_VERSION_H
#define ZSM_COMPAT_VERSION_H

#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
#error "zsm needs Linux 6.1 or newer"
#endif

#ifndef CONFIG_64BIT
#error "zsm needs a 64-bit kernel"
#endif

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "zsm needs a little-endian kernel"
#endif

#endif /* ZSM_COMPAT_VERSION_H */
