// SPDX-License-Identifier: GPL-2.0
/* What the packed log is written with. See log_out.h. */
#include <linux/blkdev.h>
#include <linux/mm.h>
#include <linux/vmalloc.h>

#include "zram/tier/backing.h"
#include "zram/tier/log_out.h"

void zram_log_bio_add(struct bio *bio, void *data, u32 blocks)
{
	u32 i;

	for (i = 0; i < blocks; i++)
		__bio_add_page(bio, vmalloc_to_page(data + i * PAGE_SIZE),
			       PAGE_SIZE, 0);
}

/* ---- Buffers ------------------------------------------------------------ */

static struct zram_log_write *zram_log_write_create(struct zram_log_out *out)
{
	struct zram_log_write *write = vzalloc(sizeof(*write));

	if (!write)
		return NULL;
	write->data = vzalloc(ZRAM_LOG_WRITE_BYTES);
	if (!write->data) {
		vfree(write);
		return NULL;
	}
	write->out = out;
	write->flight.flights = &out->flights;
	zram_log_out_put(write);
	return write;
}

/* A write has ended. */
static void zram_log_write_landed(struct zram_flight *flight, int err)
{
	struct zram_log_write *write =
		container_of(flight, struct zram_log_write, flight);

	write->out->settle(write, err);
	write->used = 0;
}

int zram_log_out_init(struct zram_log_out *out, struct block_device *bdev)
{
	u32 i;

	*out = (struct zram_log_out){ .bdev = bdev };
	zram_flights_init(&out->flights, zram_log_write_landed);
	for (i = 0; i < ZRAM_LOG_WRITES; i++) {
		out->writes[i] = zram_log_write_create(out);
		if (!out->writes[i])
			return -ENOMEM;
	}
	return 0;
}

void zram_log_out_exit(struct zram_log_out *out)
{
	u32 i;

	for (i = 0; i < ZRAM_LOG_WRITES; i++) {
		if (out->writes[i])
			vfree(out->writes[i]->data);
		vfree(out->writes[i]);
	}
}

void zram_log_out_drain(struct zram_log_out *out)
{
	zram_flights_drain(&out->flights);
}

/* ---- Writing ------------------------------------------------------------ */

static bool zram_log_write_has(const struct zram_log_write *write, u32 index)
{
	u32 at = 0;

	while (at < write->used) {
		const struct zram_entry *entry =
			write->data + at * ZRAM_LOG_GRANULE;

		if (entry->slot == index)
			return true;
		at += zram_entry_granules(zram_entry_size(entry));
	}
	return false;
}

bool zram_log_out_has(const struct zram_log_out *out, u32 index)
{
	u32 i;

	for (i = 0; i < ZRAM_LOG_WRITES; i++) {
		if (zram_log_write_has(out->writes[i], index))
			return true;
	}
	return false;
}

struct zram_log_write *zram_log_out_get(struct zram_log_out *out)
{
	struct zram_log_write *write;

	zram_flights_settle(&out->flights);
	/* There are more buffers than streams. */
	while (list_empty(&out->flights.free))
		zram_flights_wait(&out->flights);
	write = list_first_entry(&out->flights.free, struct zram_log_write,
				 flight.list);
	list_del_init(&write->flight.list);
	return write;
}

void zram_log_out_put(struct zram_log_write *write)
{
	list_add(&write->flight.list, &write->out->flights.free);
}

void zram_log_out_submit(struct zram_log_write *write)
{
	u32 blocks = DIV_ROUND_UP(write->used, ZRAM_LOG_BLOCK_GRANULES);
	struct bio *bio = &write->flight.bio;

	bio_init(bio, write->out->bdev, write->bvecs, ZRAM_LOG_WRITE_BLOCKS,
		 REQ_OP_WRITE);
	bio->bi_iter.bi_sector =
		zram_block_sector((struct zram_block){
			write->loc / ZRAM_LOG_BLOCK_GRANULES });
	zram_log_bio_add(bio, write->data, blocks);
	zram_flight_submit(&write->flight);
}
