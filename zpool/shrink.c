// SPDX-License-Identifier: GPL-2.0
/*
 * Which objects a pool asks zswap to write back, where the kernel leaves it to the pool.
 *
 * In pairs and triples, those of the page that was not allocated in for longest: two or
 * three writes give a page. In classes a hand goes over the cells and takes what was not
 * used since it last came by; what is left of their pages is moved together.
 *
 * zswap may free an object while this has it written back: it then looks the object up by
 * what the pool still shows under the handle. So the object stays until that is over
 * (cell_begin_reclaim()).
 */
#include <linux/errno.h>
#include <linux/sched.h>

#include "zpool/pool.h"
#include "zpool/shrink.h"
#include "zsm/victims.h"

/* Pages of pairs or triples that are tried for one that is wanted. */
#define TRIES 8

/* Objects in classes that are tried for a page. */
#define OBJECT_TRIES 64

/* Has an object written back; the bytes that this freed, or 0. */
static u32 write_back(struct zpool_pool *zp, u32 number)
{
	struct zsm_loc loc;
	u32 size;

	if (!cell_begin_reclaim(&zp->cells, number, &size))
		return 0;
	/* What it returns is of no use: the object may be gone even after an error. */
	zp->owner.ops->evict(zp->owner.zpool, zpool_handle(number));
	if (!cell_end_reclaim(&zp->cells, number, &loc))
		return 0;
	zsm_free(zp->pool, loc);
	cells_give(&zp->cells, number);
	return size;
}

/* Frees a page of pairs or triples. */
static bool shrink_by_page(struct zpool_pool *zp)
{
	struct zsm_victims victims;
	unsigned int tries, i;

	for (tries = 0; tries < TRIES; tries++) {
		if (!zsm_victims_begin(zp->pool, &victims))
			return false;
		for (i = 0; i < victims.nr; i++)
			write_back(zp, victims.owners[i]);
		if (zsm_victims_end(zp->pool, &victims))
			return true;
		cond_resched();
	}
	return false;
}

/* Moves the hand to the next cold object; false if two rounds find none. */
static bool next_cold(struct zpool_pool *zp, u32 *number)
{
	u32 nr = READ_ONCE(zp->cells.nr);
	u64 left;

	for (left = 2ull * nr; left; left--) {
		if (zp->hand >= nr)
			zp->hand = 0;
		*number = zp->hand++;
		if (cell_is_cold(&zp->cells, *number))
			return true;
		if (!(left % 1024))
			cond_resched();
	}
	return false;
}

/* Frees as many bytes of classes as a page has. */
static bool shrink_by_object(struct zpool_pool *zp)
{
	unsigned int tries;
	u32 freed = 0;
	u32 number;

	for (tries = 0; tries < OBJECT_TRIES && freed < PAGE_SIZE; tries++) {
		if (!next_cold(zp, &number))
			break;
		freed += write_back(zp, number);
		cond_resched();
	}
	/* They were of different pages. */
	if (freed)
		zsm_compact(zp->pool);
	return freed;
}

int zsm_zpool_shrink(void *pool, unsigned int pages, unsigned int *reclaimed)
{
	struct zpool_pool *zp = pool;
	unsigned int done = 0;
	bool more = zp->owner.ops && zp->owner.ops->evict;

	mutex_lock(&zp->shrink_lock);
	while (more && done < pages) {
		more = zp->kind == ZSM_CLASSES ? shrink_by_object(zp) :
						 shrink_by_page(zp);
		done += more;
	}
	mutex_unlock(&zp->shrink_lock);
	if (reclaimed)
		*reclaimed = done;
	return done < pages ? -EAGAIN : 0;
}
