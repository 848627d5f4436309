// SPDX-License-Identifier: GPL-2.0
/*
 * Recompression: pages that are stored get another chance, with an algorithm
 * that is slower and stronger than the one that swap-out can wait for.
 *
 * A page is claimed (zram/claim.h), compressed without any lock but a stream's,
 * and put back if it comes out in a smaller size class. One that does not is left
 * as it is, and the slot notes which algorithm was tried, so that it is not tried
 * again. I/O goes on meanwhile: it waits for no more than one page.
 */
#include <linux/gfp.h>
#include <linux/string.h>

#include "zram/claim.h"
#include "zram/slot.h"
#include "zram/tier/pass.h"
#include "zram/tier/recompress.h"

/* ---- One page ----------------------------------------------------------- */

static u32 zram_prio_after(const struct zram_recompression *r, u32 prio)
{
	return zram_next_prio(r->pass.plan.filter.prios, prio);
}

/*
 * Whether a result is worth storing: it is smaller than what there was by a size class,
 * and smaller than the threshold above which pages were to be recompressed.
 */
static bool zram_is_gain(const struct zram_recompression *r, u32 size,
			 u32 old_size)
{
	u32 threshold = r->pass.plan.filter.min_size;

	return size < zsm_huge_size() && (!threshold || size < threshold) &&
	       zsm_size_class(size) < zsm_size_class(old_size);
}

/*
 * Compresses r->page to r->data. Returns the size; 0 if it is not worth storing beside
 * @old_size; -EIO.
 */
static int zram_recompress_with(struct zram_recompression *r, u32 prio,
				u32 old_size)
{
	struct zsm_stream *stream =
		zsm_stream_get(r->pass.zram->algos[prio].streams);
	int size = zsm_compress(stream, r->page);

	if (size > 0 && !zram_is_gain(r, size, old_size))
		size = 0;
	if (size > 0)
		memcpy(r->data, stream->buffer, size);
	zsm_stream_put(stream);
	return size;
}

/* Puts r->data back in place of a page that is claimed. */
static int zram_put_recompressed(struct zram_recompression *r, u32 index,
				 struct zsm_word old, u32 size, u32 prio)
{
	struct zram *zram = r->pass.zram;
	struct zsm_loc loc;
	struct zsm_word value;
	int err;

	/*
	 * At the limit a whole page's object is exchanged all the same, which gives
	 * memory back; another page has to wait for room in its new class.
	 */
	if (old.bits & ZRAM_SLOT_HUGE)
		err = zsm_alloc_in_exchange(zram->pool, size, ZRAM_GFP, index,
					    &loc);
	else
		err = zsm_alloc(zram->pool, size, ZRAM_GFP, index, &loc);
	if (err)
		return err;
	/* There was no page for it, only room that is no smaller than what it has. */
	if (zsm_room(zram->pool, loc) >= zram_slot_size(old)) {
		zsm_free(zram->pool, loc);
		return -EDQUOT;
	}
	zsm_write(zram->pool, loc, r->data, size);
	value = zram_slot_object(loc, size, zram_slot_prios(prio, prio));
	if (!zram_claim_replace(zram, index, 0, r->keep, value))
		zsm_free(zram->pool, loc);
	return 0;
}

/* Whether @tried may advance to @prio: only if no untried priority lies between. */
static bool zram_is_next(const struct zram *zram, u32 tried, u32 prio)
{
	while (++tried < prio) {
		if (zram->algos[tried].streams)
			return false;
	}
	return true;
}

/* Tries one algorithm after the other on a page that is claimed. */
static int zram_recompress_claimed(struct zram_recompression *r, u32 index,
				   struct zsm_word value)
{
	struct zram *zram = r->pass.zram;
	u32 tried = zram_slot_tried(value);
	u32 prio = zram_prio_after(r, tried);
	int size = 0;
	int err = 0;

	for (; prio < ZRAM_NR_PRIOS; prio = zram_prio_after(r, prio)) {
		size = zram_recompress_with(r, prio, zram_slot_size(value));
		if (size)
			break;
		if (zram_is_next(zram, tried, prio))
			tried = prio;
	}
	if (size > 0)
		err = zram_put_recompressed(r, index, value, size, prio);
	else if (size < 0)
		err = size;
	/* If it was put back, or has been stored anew, nothing is left to end. */
	if (err)
		zram_claim_end(zram, index, 0, 0);
	else
		zram_claim_end(zram, index, (ZRAM_SLOT_IDLE & ~r->keep) |
			       zram_slot_prios(0, ZRAM_SLOT_PRIO_MASK),
			       zram_slot_prios(0, tried));
	return err;
}

int zram_recompress_visit(struct zram_pass *pass, u32 index, struct zsm_word seen)
{
	struct zram_recompression *r =
		container_of(pass, struct zram_recompression, pass);
	const unsigned long *slot = zram_slot_find(pass->zram, index);
	int err;

	while ((err = zram_claim_page(pass->zram, index, seen, 0, r->page)) ==
	       -EAGAIN) {
		seen = zram_slot_get(slot);
		if (!zram_plan_takes(&pass->plan, seen))
			return 0;
	}
	if (!err) {
		zram_plan_took(&pass->plan);
		err = zram_recompress_claimed(r, index, seen);
	}
	if (err == -ENOMEM)
		return err;
	/* Without room it is left as it is; the others may fit. */
	r->full = err == -EDQUOT;
	if (!err)
		r->done = true;
	else if (err != -EDQUOT)
		r->err = err;
	return 0;
}

/* ---- All pages ---------------------------------------------------------- */

int zram_recompression_begin(struct zram_recompression *r, struct zram *zram, gfp_t gfp)
{
	*r = (struct zram_recompression){
		.pass.zram = zram,
		.pass.visit = zram_recompress_visit,
		.page = (void *)__get_free_page(gfp),
		.data = (void *)__get_free_page(gfp),
	};
	if (r->page && r->data)
		return 0;
	zram_recompression_end(r);
	return -ENOMEM;
}

void zram_recompression_end(struct zram_recompression *r)
{
	free_page((unsigned long)r->page);
	free_page((unsigned long)r->data);
}

static int zram_recompress_all(struct zram_recompression *r)
{
	struct zram *zram = r->pass.zram;
	int err = mutex_lock_killable(&zram->tier.work_lock);

	if (err)
		return err;
	err = zram_pass_run(&r->pass, 0, zram->nr_slots - 1);
	mutex_unlock(&zram->tier.work_lock);
	return err ? err : r->err;
}

int zram_recompress(struct zram *zram, const struct zram_filter *filter,
		    u64 max_pages)
{
	struct zram_recompression r;
	int err = zram_recompression_begin(&r, zram, GFP_KERNEL);

	if (err)
		return err;
	zram_plan_begin(&r.pass.plan, filter, max_pages,
			max_pages < zram->nr_slots);
	err = zram_recompress_all(&r);
	zram_recompression_end(&r);
	return err;
}
