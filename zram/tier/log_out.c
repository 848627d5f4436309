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
	list_add(&write->list, &out->free);
	return write;
}

int zram_log_out_init(struct zram_log_out *out, struct block_device *bdev)
{
	u32 i;

	*out = (struct zram_log_out){ .bdev = bdev };
	INIT_LIST_HEAD(&out->free);
	INIT_LIST_HEAD(&out->done);
	spin_lock_init(&out->lock);
	init_waitqueue_head(&out->wait);
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

/* ---- What has ended ----------------------------------------------------- */

static void zram_log_out_settle(struct zram_log_out *out)
{
	struct zram_log_write *write, *next;
	LIST_HEAD(done);

	spin_lock_irq(&out->lock);
	list_splice_init(&out->done, &done);
	spin_unlock_irq(&out->lock);
	list_for_each_entry_safe(write, next, &done, list) {
		int err = blk_status_to_errno(write->bio.bi_status);

		bio_uninit(&write->bio);
		out->settle(write, err);
		write->used = 0;
		list_move(&write->list, &out->free);
		out->in_flight--;
	}
}

static bool zram_log_out_has_done(struct zram_log_out *out)
{
	bool done;

	spin_lock_irq(&out->lock);
	done = !list_empty(&out->done);
	spin_unlock_irq(&out->lock);
	return done;
}

static void zram_log_out_wait(struct zram_log_out *out)
{
	wait_event(out->wait, zram_log_out_has_done(out));
	zram_log_out_settle(out);
}

void zram_log_out_drain(struct zram_log_out *out)
{
	while (out->in_flight)
		zram_log_out_wait(out);
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

	zram_log_out_settle(out);
	/* There are more buffers than streams. */
	while (list_empty(&out->free))
		zram_log_out_wait(out);
	write = list_first_entry(&out->free, struct zram_log_write, list);
	list_del_init(&write->list);
	return write;
}

void zram_log_out_put(struct zram_log_write *write)
{
	list_add(&write->list, &write->out->free);
}

/* Context: any, interrupts too. The task goes on only when the lock is free. */
static void zram_log_out_end_io(struct bio *bio)
{
	struct zram_log_write *write = container_of(bio, struct zram_log_write,
						    bio);
	struct zram_log_out *out = write->out;
	unsigned long flags;

	spin_lock_irqsave(&out->lock, flags);
	list_add_tail(&write->list, &out->done);
	wake_up(&out->wait);
	spin_unlock_irqrestore(&out->lock, flags);
}

void zram_log_out_submit(struct zram_log_write *write)
{
	u32 blocks = DIV_ROUND_UP(write->used, ZRAM_LOG_BLOCK_GRANULES);
	struct bio *bio = &write->bio;

	bio_init(bio, write->out->bdev, write->bvecs, ZRAM_LOG_WRITE_BLOCKS,
		 REQ_OP_WRITE);
	bio->bi_iter.bi_sector =
		zram_block_sector((struct zram_block){
			write->loc / ZRAM_LOG_BLOCK_GRANULES });
	bio->bi_end_io = zram_log_out_end_io;
	zram_log_bio_add(bio, write->data, blocks);
	write->out->in_flight++;
	submit_bio(bio);
}
