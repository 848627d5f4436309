// SPDX-License-Identifier: GPL-2.0
/* Writes that a task begins, and settles when they have ended. See flights.h. */
#include <linux/blkdev.h>

#include "zram/tier/flights.h"

void zram_flights_init(struct zram_flights *flights,
		       void (*landed)(struct zram_flight *flight, int err))
{
	flights->in_flight = 0;
	INIT_LIST_HEAD(&flights->free);
	flights->landed = landed;
	spin_lock_init(&flights->lock);
	INIT_LIST_HEAD(&flights->done);
	init_waitqueue_head(&flights->wait);
}

void zram_flights_settle(struct zram_flights *flights)
{
	struct zram_flight *flight, *next;
	LIST_HEAD(done);

	spin_lock_irq(&flights->lock);
	list_splice_init(&flights->done, &done);
	spin_unlock_irq(&flights->lock);
	list_for_each_entry_safe(flight, next, &done, list) {
		int err = blk_status_to_errno(flight->bio.bi_status);

		bio_uninit(&flight->bio);
		flights->landed(flight, err);
		list_move(&flight->list, &flights->free);
		flights->in_flight--;
	}
}

static bool zram_flights_have_done(struct zram_flights *flights)
{
	bool done;

	spin_lock_irq(&flights->lock);
	done = !list_empty(&flights->done);
	spin_unlock_irq(&flights->lock);
	return done;
}

void zram_flights_wait(struct zram_flights *flights)
{
	wait_event(flights->wait, zram_flights_have_done(flights));
	zram_flights_settle(flights);
}

void zram_flights_drain(struct zram_flights *flights)
{
	while (flights->in_flight)
		zram_flights_wait(flights);
}

/* Context: any, interrupts too. The task goes on only when the lock is free. */
static void zram_flight_end_io(struct bio *bio)
{
	struct zram_flight *flight = container_of(bio, struct zram_flight, bio);
	struct zram_flights *flights = flight->flights;
	unsigned long flags;

	spin_lock_irqsave(&flights->lock, flags);
	list_add_tail(&flight->list, &flights->done);
	wake_up(&flights->wait);
	spin_unlock_irqrestore(&flights->lock, flags);
}

void zram_flight_submit(struct zram_flight *flight)
{
	flight->bio.bi_end_io = zram_flight_end_io;
	flight->flights->in_flight++;
	submit_bio(&flight->bio);
}
