// SPDX-License-Identifier: GPL-2.0
/*
 * Work with a block device: bios are made and submitted here, with nothing
 * above them, so that what takes time is the driver. It has to finish each bio
 * before submit_bio() returns, as zram does.
 */
#include <linux/bio.h>
#include <linux/blkdev.h>
#include <linux/delay.h>
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "bench.h"

/* Pages that are read into, in turn: more than the nearest caches hold. */
#define BENCH_RING 512

/* Discards and the like have no pages. */
typedef int (*bench_step_t)(const struct bench_corpus *corpus,
			    struct block_device *bdev, u32 slot, u32 per_bio,
			    u32 shift);

static struct page *bench_ring[BENCH_RING];

static void bench_end_io(struct bio *bio)
{
	WRITE_ONCE(*(bool *)bio->bi_private, true);
}

/* Submits a bio that is complete but for this, and takes it back. */
static int bench_submit(struct bio *bio, u32 slot)
{
	bool done = false;

	bio->bi_iter.bi_sector = (sector_t)slot << (PAGE_SHIFT - SECTOR_SHIFT);
	bio->bi_private = &done;
	bio->bi_end_io = bench_end_io;
	submit_bio(bio);
	if (unlikely(!READ_ONCE(done))) {
		while (!READ_ONCE(done))
			usleep_range(1000, 2000);
		return -EOPNOTSUPP;
	}
	return blk_status_to_errno(bio->bi_status);
}

static int bench_write(const struct bench_corpus *corpus,
		       struct block_device *bdev, u32 slot, u32 per_bio,
		       u32 shift)
{
	struct bio_vec vecs[BENCH_MAX_BIO_PAGES];
	struct bio bio;
	u32 i;

	bio_init(&bio, bdev, vecs, per_bio, REQ_OP_WRITE);
	for (i = 0; i < per_bio; i++)
		__bio_add_page(&bio,
			       corpus->pages[(slot + i + shift) % corpus->nr],
			       PAGE_SIZE, 0);
	return bench_submit(&bio, slot);
}

static int bench_read(const struct bench_corpus *corpus,
		      struct block_device *bdev, u32 slot, u32 per_bio,
		      u32 shift)
{
	struct bio_vec vecs[BENCH_MAX_BIO_PAGES];
	struct bio bio;
	u32 i;

	bio_init(&bio, bdev, vecs, per_bio, REQ_OP_READ);
	for (i = 0; i < per_bio; i++)
		__bio_add_page(&bio, bench_ring[(slot + i) % BENCH_RING],
			       PAGE_SIZE, 0);
	return bench_submit(&bio, slot);
}

static int bench_discard(const struct bench_corpus *corpus,
			 struct block_device *bdev, u32 slot, u32 per_bio,
			 u32 shift)
{
	struct bio bio;

	bio_init(&bio, bdev, NULL, 0, REQ_OP_DISCARD);
	bio.bi_iter.bi_size = per_bio << PAGE_SHIFT;
	return bench_submit(&bio, slot);
}

/* What swap calls when a slot is free. */
static int bench_notify(const struct bench_corpus *corpus,
			struct block_device *bdev, u32 slot, u32 per_bio,
			u32 shift)
{
	bdev->bd_disk->fops->swap_slot_free_notify(bdev, slot);
	return 0;
}

static int bench_verify(const struct bench_corpus *corpus,
			struct block_device *bdev, u32 slot, u32 per_bio,
			u32 shift)
{
	u32 i;
	int err = bench_read(corpus, bdev, slot, per_bio, 0);

	for (i = 0; !err && i < per_bio; i++) {
		struct page *want = corpus->pages[(slot + i + shift) %
						  corpus->nr];
		struct page *got = bench_ring[(slot + i) % BENCH_RING];

		if (memcmp(page_address(want), page_address(got), PAGE_SIZE))
			err = -EILSEQ;
		/* A read that does nothing must not be taken for a good one. */
		memset(page_address(got), 0xa5, PAGE_SIZE);
	}
	return err;
}

static const struct bench_command {
	const char *name;
	bench_step_t step;
	bool random;
} bench_commands[] = {
	{ "write", bench_write },
	{ "read", bench_read },
	{ "random", bench_read, true },
	{ "verify", bench_verify },
	{ "discard", bench_discard },
	{ "notify", bench_notify },
};

static const struct bench_command *bench_find(const char *name)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(bench_commands); i++)
		if (!strcmp(bench_commands[i].name, name))
			return &bench_commands[i];
	return NULL;
}

/* Does it with all pages, per_bio neighbours at a time. */
static int bench_all(const struct bench_corpus *corpus,
		     const struct bench_command *command,
		     struct block_device *bdev, u32 per_bio, u32 shift)
{
	u32 nr = corpus->nr / per_bio;
	u32 i = 0;
	u32 bio;
	int err;

	for (bio = 0; bio < nr; bio++) {
		u32 slot = bio * per_bio;

		if (command->random) {
			while (corpus->order[i] % per_bio)
				i++;
			slot = corpus->order[i++];
		}
		err = command->step(corpus, bdev, slot, per_bio, shift);
		if (err)
			return err;
	}
	return 0;
}

static void bench_ring_free(void)
{
	u32 i;

	for (i = 0; i < BENCH_RING && bench_ring[i]; i++) {
		__free_page(bench_ring[i]);
		bench_ring[i] = NULL;
	}
}

static int bench_ring_make(void)
{
	u32 i;

	for (i = 0; i < BENCH_RING; i++) {
		bench_ring[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!bench_ring[i]) {
			bench_ring_free();
			return -ENOMEM;
		}
	}
	return 0;
}

int bench_device(const struct bench_corpus *corpus, const char *path,
		 const char *what, u32 per_bio, u32 shift,
		 struct bench_result *result)
{
	const struct bench_command *command = bench_find(what);
	struct block_device *bdev;
	struct file *file;
	u64 ns;
	int err;

	if (!command || !per_bio || BENCH_MAX_BIO_PAGES % per_bio)
		return -EINVAL;
	err = bench_ring_make();
	if (err)
		return err;
	file = bdev_file_open_by_path(path, BLK_OPEN_READ | BLK_OPEN_WRITE,
				      NULL, NULL);
	if (IS_ERR(file)) {
		err = PTR_ERR(file);
		goto out;
	}
	bdev = file_bdev(file);
	if (bdev_nr_bytes(bdev) < (u64)corpus->nr << PAGE_SHIFT) {
		err = -ENOSPC;
		goto out_put;
	}

	ns = bench_ns();
	err = bench_all(corpus, command, bdev, per_bio, shift);
	ns = bench_ns() - ns;
	snprintf(result->text, sizeof(result->text), "%u %llu\n", corpus->nr,
		 ns);
out_put:
	bdev_fput(file);
out:
	bench_ring_free();
	return err;
}
