/* SPDX-License-Identifier: GPL-2.0 */
/* What <linux/compiler.h> has to say about locks. */
#ifndef ZSM_COMPAT_COMPILER_H
#define ZSM_COMPAT_COMPILER_H

#include <linux/compiler.h>

#include "compat/version.h"

/*
 * Which lock a member is read and written under. Compilers check it since 7.0; for
 * older kernels it says so to the reader alone.
 */
#ifndef __guarded_by
#define __guarded_by(...)
#endif

#endif /* ZSM_COMPAT_COMPILER_H */
