/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ticker: what a person at a shell feels of it. A process that ten times a second uses some
 * memory of its own and runs a program, and notes how late it was done.
 */
#ifndef TICKER_H
#define TICKER_H

#include <sys/types.h>

struct ticks {
	_Atomic unsigned int nr;
	_Atomic unsigned int late;	/* by more than half a second */
	_Atomic unsigned int longest;	/* milliseconds beyond when it was due */
};

/* Begins it, as a child that writes to @ticks, in shared memory, until it is killed. */
pid_t ticker_start(struct ticks *ticks);

#endif /* TICKER_H */
