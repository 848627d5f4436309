// SPDX-License-Identifier: GPL-2.0
/* The write engine of a backing device. See writer.h. */
#include <linux/blkdev.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "zram/tier/writer.h"

/* ---- Room --------------------------------------------------------------- */

static struct zram_write *zram_write_create(struct zram_writer *writer,
					    gfp_t gfp)
{
	struct zram_write *write = kmalloc(sizeof(*write), gfp);

	if (!write)
		return NULL;
	write->page = (void *)__get_free_page(gfp);
	if (!write->page) {
		kfree(write);
		return NULL;
	}
	write->writer = writer;
	write->flight.flights = &writer->flights;
	writer->nr++;
	return write;
}

/* Frees the first write that is not in flight. */
static void zram_write_destroy(struct zram_writer *writer)
{
	struct zram_write *write;

	write = list_first_entry(&writer->flights.free, struct zram_write,
				 flight.list);
	list_del(&write->flight.list);
	free_page((unsigned long)write->page);
	kfree(write);
	writer->nr--;
}

/* A write has ended. */
static void zram_write_landed(struct zram_flight *flight, int err)
{
	struct zram_write *write =
		container_of(flight, struct zram_write, flight);

	write->writer->settle(write, err);
	list_del(&write->under_way);
}

int zram_writer_init(struct zram_writer *writer, struct block_device *bdev)
{
	*writer = (struct zram_writer){ .bdev = bdev };
	zram_flights_init(&writer->flights, zram_write_landed);
	INIT_LIST_HEAD(&writer->under_way);
	while (writer->nr < ZRAM_MIN_WRITES) {
		struct zram_write *write = zram_write_create(writer, GFP_KERNEL);

		if (!write) {
			zram_writer_exit(writer);
			return -ENOMEM;
		}
		zram_writer_put(write);
	}
	return 0;
}

void zram_writer_exit(struct zram_writer *writer)
{
	while (writer->nr)
		zram_write_destroy(writer);
}

/* ---- What is in flight -------------------------------------------------- */

bool zram_writer_has(const struct zram_writer *writer, u32 index)
{
	const struct zram_write *write;

	list_for_each_entry(write, &writer->under_way, under_way) {
		if (write->index == index)
			return true;
	}
	return false;
}

void zram_writer_drain(struct zram_writer *writer)
{
	zram_flights_drain(&writer->flights);
}

/* ---- Writing ------------------------------------------------------------ */

void zram_writer_begin(struct zram_writer *writer, u32 batch,
		       void (*settle)(struct zram_write *write, int err),
		       void *priv)
{
	writer->batch = batch;
	writer->settle = settle;
	writer->priv = priv;
}

void zram_writer_end(struct zram_writer *writer)
{
	zram_writer_drain(writer);
	while (writer->nr > ZRAM_MIN_WRITES)
		zram_write_destroy(writer);
}

/* More room, if the batch allows it, but not at the cost of killing a task. */
static struct zram_write *zram_writer_grow(struct zram_writer *writer)
{
	if (writer->nr >= writer->batch)
		return NULL;
	return zram_write_create(writer, GFP_KERNEL | __GFP_NORETRY |
					 __GFP_NOWARN);
}

struct zram_write *zram_writer_get(struct zram_writer *writer)
{
	struct zram_write *write;

	zram_flights_settle(&writer->flights);
	while (writer->flights.in_flight >= writer->batch)
		zram_flights_wait(&writer->flights);
	if (list_empty(&writer->flights.free)) {
		write = zram_writer_grow(writer);
		if (write)
			return write;
		zram_flights_wait(&writer->flights);
	}
	write = list_first_entry(&writer->flights.free, struct zram_write,
				 flight.list);
	list_del(&write->flight.list);
	return write;
}

void zram_writer_put(struct zram_write *write)
{
	list_add(&write->flight.list, &write->writer->flights.free);
}

void zram_writer_submit(struct zram_write *write, sector_t sector)
{
	struct zram_writer *writer = write->writer;
	struct bio *bio = &write->flight.bio;

	bio_init(bio, writer->bdev, &write->bvec, 1, REQ_OP_WRITE);
	bio->bi_iter.bi_sector = sector;
	__bio_add_page(bio, virt_to_page(write->page), PAGE_SIZE, 0);
	list_add(&write->under_way, &writer->under_way);
	zram_flight_submit(&write->flight);
}
