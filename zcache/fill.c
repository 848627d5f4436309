// SPDX-License-Identifier: GPL-2.0
/* Reads that fill the cache. */
#include <linux/bitops.h>
#include <linux/gfp.h>
#include <linux/llist.h>
#include <linux/mm.h>
#include <linux/sched.h>

#include "zcache/copy.h"
#include "zcache/fill.h"
#include "zcache/insert.h"

/* Fills that get a bio when there is no memory for one. */
#define SPARE_BIOS 4

static struct workqueue_struct *workqueue;

/**
 * struct fill - a fill under way
 * @node: in its queue, when it has been read
 * @zcache: the cache
 * @reader: whom it is read for, until that is ended
 * @first: the first block
 * @nr: how many blocks, and pages
 * @wanted: those to be cached
 * @note: the epochs from before the read
 * @bio: reads it; its pages are the fill's. Last: the bio has more behind it
 */
struct fill {
	struct llist_node node;
	struct zcache *zcache;
	struct bio *reader;
	u64 first;
	unsigned int nr;
	u64 wanted;
	struct zcache_note note;
	struct bio bio;
};

/* ---- Pages -------------------------------------------------------------- */

/* Takes pages out of the budget; false if it has not so many. */
static bool take_budget(struct zcache *zcache, unsigned int nr)
{
	if (atomic_add_return(nr, &zcache->fill_pages) <=
	    READ_ONCE(zcache->args.fills_max))
		return true;
	atomic_sub(nr, &zcache->fill_pages);
	return false;
}

static void free_fill(struct fill *fill)
{
	struct zcache *zcache = fill->zcache;
	unsigned int nr = fill->nr;
	struct bvec_iter_all iter;
	struct bio_vec *bv;

	bio_for_each_segment_all(bv, &fill->bio, iter)
		__free_page(bv->bv_page);
	bio_put(&fill->bio);
	atomic_sub(nr, &zcache->fill_pages);
}

/* A page for each block, in which it lies as on the disk. */
static bool add_own_pages(struct bio *bio, sector_t sector,
			  unsigned int bytes)
{
	unsigned int offset = (sector & (ZCACHE_BLOCK_SECTORS - 1))
			      << SECTOR_SHIFT;

	while (bytes) {
		unsigned int part = min_t(unsigned int, bytes,
					  PAGE_SIZE - offset);
		struct page *page = alloc_page(ZCACHE_GFP);

		if (!page)
			return false;
		if (bio_add_page(bio, page, part, offset) != part) {
			__free_page(page);
			return false;
		}
		bytes -= part;
		offset = 0;
	}
	return true;
}

/* ---- The end of the read ------------------------------------------------ */

static void copy_to_reader(struct fill *fill)
{
	struct bvec_iter to = fill->reader->bi_iter;
	struct bvec_iter_all iter;
	struct bio_vec *bv;

	bio_for_each_segment_all(bv, &fill->bio, iter)
		zcache_copy_to_bio(fill->reader, &to, bvec_virt(bv),
				   bv->bv_len);
}

/*
 * The reader does not wait for the cache, but is ended last: device-mapper takes a
 * target whose readers have all ended for one at rest, and zcache_fill_wait() then
 * finds every fill in its queue. The worker may have freed the fill by then.
 */
static void fill_end_io(struct bio *bio)
{
	struct fill *fill = container_of(bio, struct fill, bio);
	struct bio *reader = fill->reader;

	reader->bi_status = bio->bi_status;
	if (bio->bi_status) {
		free_fill(fill);
	} else {
		/* Any CPU's queue serves. */
		struct zcache_queue *queue =
			raw_cpu_ptr(fill->zcache->queues);

		copy_to_reader(fill);
		if (llist_add(&fill->node, &queue->done))
			queue_work(workqueue, &queue->work);
	}
	bio_endio(reader);
}

/* ---- What has been read ------------------------------------------------- */

/* Calls @step for each block of which @which has the bit. */
static __always_inline u64
each_block(struct fill *fill, u64 which,
	   bool (*step)(struct fill *fill, u64 block, const void *page))
{
	struct bvec_iter_all iter;
	struct bio_vec *bv;
	unsigned int i = 0;
	u64 refused = 0;

	bio_for_each_segment_all(bv, &fill->bio, iter) {
		if (which >> i & 1 &&
		    !step(fill, fill->first + i, page_address(bv->bv_page)))
			refused |= 1ull << i;
		i++;
	}
	return refused;
}

static bool insert_block(struct fill *fill, u64 block, const void *page)
{
	const struct zcache_origin origin = { fill->first, &fill->note };

	return zcache_insert(fill->zcache, block, page, &origin);
}

static bool insert_whole(struct fill *fill, u64 block, const void *page)
{
	const struct zcache_origin origin = { fill->first, &fill->note };

	zcache_insert_whole(fill->zcache, block, page, &origin);
	return true;
}

static bool reject(struct fill *fill, u64 block, const void *page)
{
	zcache_reject(fill->zcache, block);
	return true;
}

static void insert_blocks(struct fill *fill)
{
	u64 bad = each_block(fill, fill->wanted, insert_block);

	if (bad)
		each_block(fill, bad,
			   zcache_worth_whole(hweight64(bad), fill->nr) ?
				   insert_whole : reject);
}

static void fill_work(struct work_struct *work)
{
	struct zcache_queue *queue =
		container_of(work, struct zcache_queue, work);
	struct llist_node *node =
		llist_reverse_order(llist_del_all(&queue->done));
	struct fill *fill, *next;

	llist_for_each_entry_safe(fill, next, node, node) {
		insert_blocks(fill);
		free_fill(fill);
		cond_resched();
	}
}

/* ---- The beginning of the read ------------------------------------------ */

static struct fill *
make_fill(struct zcache *zcache,
	  const struct zcache_fill_request *request)
{
	struct bio *reader = request->reader;
	struct fill *fill;
	struct bio *bio;

	/* Nobody polls for it, and it carries no checksums. */
	bio = bio_alloc_bioset(zcache->dev->bdev, request->nr,
			       reader->bi_opf & ~(REQ_POLLED | REQ_INTEGRITY),
			       ZCACHE_GFP, &zcache->fill_bios);
	if (!bio) {
		atomic_sub(request->nr, &zcache->fill_pages);
		return NULL;
	}
	bio->bi_iter.bi_sector = request->sector;
	bio->bi_ioprio = reader->bi_ioprio;
	bio->bi_end_io = fill_end_io;
	bio_clone_blkg_association(bio, reader);
	fill = container_of(bio, struct fill, bio);
	fill->zcache = zcache;
	fill->reader = reader;
	fill->first = request->first;
	fill->nr = request->nr;
	fill->wanted = request->wanted;
	fill->note = request->note;
	if (add_own_pages(bio, request->sector,
			  reader->bi_iter.bi_size))
		return fill;
	free_fill(fill);
	return NULL;
}

bool zcache_fill_submit(struct zcache *zcache,
			const struct zcache_fill_request *request)
{
	struct fill *fill;

	if (!take_budget(zcache, request->nr))
		return false;
	/* Gives the budget back if there is no memory. */
	fill = make_fill(zcache, request);
	if (!fill)
		return false;
	dm_submit_bio_remap(request->reader, &fill->bio);
	return true;
}

/* ---- A cache's life ----------------------------------------------------- */

int zcache_fill_create(struct zcache *zcache)
{
	int err = bioset_init(&zcache->fill_bios, SPARE_BIOS,
			      offsetof(struct fill, bio),
			      BIOSET_NEED_BVECS);
	int cpu;

	if (err)
		return err;
	zcache->queues = alloc_percpu(struct zcache_queue);
	if (!zcache->queues)
		return -ENOMEM;
	for_each_possible_cpu(cpu) {
		struct zcache_queue *queue = per_cpu_ptr(zcache->queues, cpu);

		init_llist_head(&queue->done);
		INIT_WORK(&queue->work, fill_work);
		queue->zcache = zcache;
	}
	return 0;
}

void zcache_fill_wait(struct zcache *zcache)
{
	int cpu;

	for_each_possible_cpu(cpu)
		flush_work(&per_cpu_ptr(zcache->queues, cpu)->work);
}

void zcache_fill_destroy(struct zcache *zcache)
{
	if (zcache->queues)
		zcache_fill_wait(zcache);
	free_percpu(zcache->queues);
	bioset_exit(&zcache->fill_bios);
}

int zcache_workqueue_create(void)
{
	workqueue = alloc_workqueue("dm-zcache", WQ_UNBOUND | WQ_MEM_RECLAIM, 0);
	return workqueue ? 0 : -ENOMEM;
}

void zcache_workqueue_destroy(void)
{
	destroy_workqueue(workqueue);
}
