/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What moved in <linux/cleanup.h>: guards, and the annotations of locks.
 *
 * guard(mutex)(&lock) takes a lock until the end of the block. The stable series
 * of 6.1 has it, its first releases do not.
 *
 * __guarded_by(&lock) stands behind a member that may only be used under the
 * lock, __must_hold(&lock) behind a function whose caller holds it. Since 7.0,
 * clang checks both; sparse checks the second on every kernel.
 */
#ifndef ZSM_COMPAT_CLEANUP_H
#define ZSM_COMPAT_CLEANUP_H

#include <linux/compiler_types.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>

#include "compat/version.h"

/* Sparse, which looks at newer kernels than 6.1, does not know __has_include(). */
#ifdef __CHECKER__
#include <linux/cleanup.h>
#else
#if __has_include(<linux/cleanup.h>)
#include <linux/cleanup.h>
#endif
#endif

#ifndef guard

#define COMPAT_DEFINE_GUARD(name, type, lock, unlock)			\
static inline type *compat_guard_##name(type *l)			\
{									\
	lock(l);							\
	return l;							\
}									\
static inline void compat_unguard_##name(type **l)			\
{									\
	unlock(*l);							\
}									\
typedef type *compat_guarded_##name

COMPAT_DEFINE_GUARD(mutex, struct mutex, mutex_lock, mutex_unlock);
COMPAT_DEFINE_GUARD(spinlock, spinlock_t, spin_lock, spin_unlock);
COMPAT_DEFINE_GUARD(rwsem_read, struct rw_semaphore, down_read, up_read);
COMPAT_DEFINE_GUARD(rwsem_write, struct rw_semaphore, down_write, up_write);

#define guard(name)							\
	compat_guarded_##name __UNIQUE_ID(guard)			\
		__attribute__((cleanup(compat_unguard_##name))) =	\
		compat_guard_##name

#endif /* guard */

#ifndef __guarded_by
#define __guarded_by(...)
#endif

#ifndef __pt_guarded_by
#define __pt_guarded_by(...)
#endif

#ifndef __must_hold_shared
#define __must_hold_shared(x)
#endif

#endif /* ZSM_COMPAT_CLEANUP_H */
