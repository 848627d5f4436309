/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Writes that a task begins, and settles when they have ended. What has to be done then is
 * done by that task, never by the interrupt.
 */
#ifndef ZRAM_FLIGHTS_H
#define ZRAM_FLIGHTS_H

#include <linux/bio.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>

#include "compat/compiler.h"

struct zram_flights;

/**
 * struct zram_flight - a write, or room for one
 * @list: in one of the lists of @flights; the task's that writes when in neither
 * @flights: whose it is
 * @bio: what the block layer knows
 */
struct zram_flight {
	struct list_head list;
	struct zram_flights *flights;
	struct bio bio;
};

/**
 * struct zram_flights - the writes of a task
 * @in_flight: those that are under way, or in @done
 * @free: those that are not in flight, nor the task's own
 * @landed: is called by the task for each write that has ended, with its error or 0; the
 *	write is free afterwards
 * @lock: guards @done; taken in interrupts
 * @done: writes that have ended and were not settled yet
 * @wait: for something in @done
 *
 * All but @lock, @done and @wait is the writing task's.
 */
struct zram_flights {
	u32 in_flight;
	struct list_head free;
	void (*landed)(struct zram_flight *flight, int err);
	spinlock_t lock;
	struct list_head done __guarded_by(&lock);
	wait_queue_head_t wait;
};

/* Begins with no write at all. */
void zram_flights_init(struct zram_flights *flights,
		       void (*landed)(struct zram_flight *flight, int err));

/* Settles all that has ended. Context: as @landed. */
void zram_flights_settle(struct zram_flights *flights);

/* Waits until one that is in flight has ended, and settles. May sleep. */
void zram_flights_wait(struct zram_flights *flights);

/* Waits for all writes and settles them. May sleep. */
void zram_flights_drain(struct zram_flights *flights);

/**
 * zram_flight_submit() - submit a write
 * @flight: the write, with a bio that is complete but for what is called at its end
 *
 * Context: may sleep.
 */
void zram_flight_submit(struct zram_flight *flight);

#endif /* ZRAM_FLIGHTS_H */
