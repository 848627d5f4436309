/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Failing the n-th allocation of this thread. Whatever allocates counts, the
 * checkers' own bookkeeping too, so that an operation may well succeed although a
 * failure was injected. Needs failslab and fail_page_alloc without exceptions:
 * kunit/guest.sh sees to that.
 */
#ifndef NTH_FAILURE_H
#define NTH_FAILURE_H

#include <linux/sched.h>

/* From here on this thread's n-th allocation fails; n counts from 1. */
static inline void nth_failure_arm(unsigned int n)
{
	WRITE_ONCE(current->fail_nth, n);
}

/* Ends it. Returns whether an allocation was made to fail. */
static inline bool nth_failure_disarm(void)
{
	bool injected = !READ_ONCE(current->fail_nth);

	WRITE_ONCE(current->fail_nth, 0);
	return injected;
}

/* More allocations than any operation here makes. */
#define NTH_FAILURE_MAX 1000

#endif /* NTH_FAILURE_H */
