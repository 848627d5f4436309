// SPDX-License-Identifier: GPL-2.0
/*
 * Recompression: pages that are stored get another chance, with an algorithm
 * that is slower and stronger than the one that swap-out can wait for.
 *
 * A page is claimed (zram/claim.c), compressed without any lock but a stream's,
 * and put back if it comes out in a smaller size class. One that does not is left
 * as it is, and the slot notes which algorithm was tried, so that it is not tried
 * again. I/O goes on meanwhile: it waits for no more than one page.
 */
#include <linux/device.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "zram/claim.h"
#include "zram/knob/knobs.h"
#include "zram/slot.h"
#include "zram/slots.h"

/**
 * struct zram_recompression - what was asked for
 * @zram: the device
 * @wanted: flags that a page must have
 * @threshold: bytes that it must have, stored
 * @max_pages: how many pages to try
 * @nr_bands: how many bands of sizes to try one after the other
 * @band: the one that is being tried
 * @prios: a bit for each priority to try
 * @page: room for a page
 * @data: room for what it is compressed to
 */
struct zram_recompression {
	struct zram *zram;
	u64 wanted;
	u32 threshold;
	u64 max_pages;
	u32 nr_bands;
	u32 band;
	u32 prios;
	void *page;
	void *data;
};

/* ---- One page ----------------------------------------------------------- */

/* The next priority to try after another; ZRAM_NR_PRIOS if there is none. */
static u32 zram_next_prio(const struct zram_recompression *r, u32 prio)
{
	do {
		prio++;
	} while (prio < ZRAM_NR_PRIOS && !(r->prios & BIT(prio)));
	return prio;
}

static bool zram_may_recompress(const struct zram_recompression *r, u64 value)
{
	return zram_slot_has_object(value) &&
	       !(value & (ZRAM_SLOT_SAME | ZRAM_SLOT_CLAIMED)) &&
	       (value & r->wanted) == r->wanted &&
	       zram_slot_size(value) >= r->threshold &&
	       zram_in_band(value, r->band, r->nr_bands) &&
	       zram_next_prio(r, zram_slot_tried(value)) < ZRAM_NR_PRIOS;
}

/*
 * Compresses r->page to r->data. Returns the size; 0 if it does not become
 * smaller than @old_size by a size class; -EIO.
 */
static int zram_recompress_with(struct zram_recompression *r, u32 prio,
				u32 old_size)
{
	struct zsm_stream *stream = zsm_stream_get(r->zram->algos[prio].streams);
	int size = zsm_compress(stream, r->page);

	if (size > 0 && (size >= zsm_huge_size() ||
			 zsm_size_class(size) >= zsm_size_class(old_size)))
		size = 0;
	if (size > 0)
		memcpy(r->data, stream->buffer, size);
	zsm_stream_put(stream);
	return size;
}

/* Puts r->data back in place of a page that is claimed. */
static int zram_put_recompressed(struct zram_recompression *r, u32 index,
				 u32 size, u32 prio, bool huge)
{
	struct zram *zram = r->zram;
	zsm_loc_t loc;
	u64 value;
	int err;

	/*
	 * At the limit a whole page's object is exchanged all the same, which gives
	 * memory back; another page has to wait for room in its new class.
	 */
	if (huge)
		err = zsm_alloc_in_exchange(zram->pool, size, ZRAM_GFP, index,
					    &loc);
	else
		err = zsm_alloc(zram->pool, size, ZRAM_GFP, index, &loc);
	if (err)
		return err;
	zsm_write(zram->pool, loc, r->data, size);
	value = zram_slot_object(loc, size, zram_slot_prios(prio, prio));
	if (!zram_claim_replace(zram, index, value))
		zsm_free(zram->pool, loc);
	return 0;
}

/*
 * Whether @tried still says all when @prio has been tried: it stands for every
 * algorithm up to it, so that none below may have been passed over.
 */
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
				   u64 value)
{
	u32 tried = zram_slot_tried(value);
	u32 prio = zram_next_prio(r, tried);
	int size = 0;
	int err = 0;

	for (; prio < ZRAM_NR_PRIOS; prio = zram_next_prio(r, prio)) {
		size = zram_recompress_with(r, prio, zram_slot_size(value));
		if (size)
			break;
		if (zram_is_next(r->zram, tried, prio))
			tried = prio;
	}
	if (size > 0)
		err = zram_put_recompressed(r, index, size, prio,
					    value & ZRAM_SLOT_HUGE);
	else if (size < 0)
		err = size;
	/* If it was put back, or has been stored anew, nothing is left to end. */
	if (err)
		zram_claim_end(r->zram, index, 0, 0);
	else
		zram_claim_end(r->zram, index, ZRAM_SLOT_IDLE |
			       zram_slot_prios(0, ZRAM_SLOT_PRIO_MASK),
			       zram_slot_prios(0, tried));
	/* It is left as it is; the others may fit. */
	return err == -EDQUOT ? 0 : err;
}

static int zram_recompress_slot(struct zram_recompression *r, u32 index)
{
	const unsigned long *slot = zram_slot_find(r->zram, index);
	u64 value;
	int err;

	do {
		value = zram_slot_get(slot);
		if (!zram_may_recompress(r, value))
			return 0;
		err = zram_claim_page(r->zram, index, value, r->page);
	} while (err == -EAGAIN);
	if (err)
		return err;
	r->max_pages--;
	return zram_recompress_claimed(r, index, value);
}

/* ---- All pages ---------------------------------------------------------- */

/* A page that fails does not keep the others from being tried. */
static int zram_recompress_slots(struct zram_recompression *r)
{
	struct zram *zram = r->zram;
	int err = 0;
	u64 index;

	for (index = zram_next_slot(zram, 0);
	     index < zram->nr_slots && r->max_pages;
	     index = zram_next_slot(zram, index + 1)) {
		int ret = zram_recompress_slot(r, index);

		if (ret == -ENOMEM)
			return ret;
		if (ret)
			err = ret;
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	}
	return err;
}

static int zram_recompress_bands(struct zram_recompression *r)
{
	int err = 0;

	r->nr_bands = r->max_pages < r->zram->nr_slots ? ZRAM_SIZE_BANDS : 1;
	for (r->band = r->nr_bands; r->band--;) {
		int ret = zram_recompress_slots(r);

		if (ret)
			err = ret;
		if (ret && ret != -EIO)
			break;
	}
	return err;
}

static int zram_recompress(struct zram_recompression *r)
{
	int err = -ENOMEM;

	r->page = (void *)__get_free_page(GFP_KERNEL);
	r->data = (void *)__get_free_page(GFP_KERNEL);
	if (r->page && r->data) {
		err = mutex_lock_killable(&r->zram->tier.work_lock);
		if (!err) {
			err = zram_recompress_bands(r);
			mutex_unlock(&r->zram->tier.work_lock);
		}
	}
	free_page((unsigned long)r->page);
	free_page((unsigned long)r->data);
	return err;
}

/* ---- The knob ----------------------------------------------------------- */

static int zram_parse_type(struct zram_recompression *r, const char *type)
{
	if (!strcmp(type, "idle"))
		r->wanted = ZRAM_SLOT_IDLE;
	else if (!strcmp(type, "huge"))
		r->wanted = ZRAM_SLOT_HUGE;
	else if (!strcmp(type, "huge_idle"))
		r->wanted = ZRAM_SLOT_HUGE | ZRAM_SLOT_IDLE;
	else
		return -EINVAL;
	return 0;
}

/* What is to be said about the algorithm: a priority or 0, a name or NULL. */
struct zram_algorithm_choice {
	u32 prio;
	const char *name;
};

static int zram_parse_recompress_arg(struct zram_recompression *r,
				     struct zram_algorithm_choice *choice,
				     const char *param, const char *val)
{
	if (!val || !*val)
		return -EINVAL;
	if (!strcmp(param, "type"))
		return zram_parse_type(r, val);
	if (!strcmp(param, "threshold"))
		return kstrtou32(val, 10, &r->threshold);
	if (!strcmp(param, "max_pages"))
		return kstrtou64(val, 10, &r->max_pages);
	if (!strcmp(param, "algo")) {
		choice->name = val;
		return 0;
	}
	if (!strcmp(param, "priority")) {
		if (kstrtou32(val, 10, &choice->prio) || !choice->prio)
			return -EINVAL;
		return 0;
	}
	return -EINVAL;
}

/* Narrows the priorities down to those that were chosen; some must be left. */
static int zram_choose_prios(struct zram_recompression *r,
			     const struct zram_algorithm_choice *choice)
{
	u32 prio;

	r->prios = 0;
	for (prio = 1; prio < ZRAM_NR_PRIOS; prio++) {
		const struct zsm_codec *codec = r->zram->algos[prio].codec;

		if (!codec || (choice->prio && choice->prio != prio) ||
		    (choice->name && strcmp(choice->name, codec->name)))
			continue;
		r->prios |= BIT(prio);
	}
	return r->prios ? 0 : -EINVAL;
}

/* The caller holds init_lock; @args is torn apart. */
static int zram_recompress_args(struct zram *zram, char *args)
{
	struct zram_recompression r = { .zram = zram, .max_pages = U64_MAX };
	struct zram_algorithm_choice choice = {};

	while (*args) {
		char *param, *val;

		args = next_arg(args, &param, &val);
		if (zram_parse_recompress_arg(&r, &choice, param, val))
			return -EINVAL;
	}
	if (!zram_is_set_up(zram) || r.threshold >= zsm_huge_size() ||
	    zram_choose_prios(&r, &choice))
		return -EINVAL;
	return zram_recompress(&r);
}

static ssize_t recompress_store(struct device *dev,
				struct device_attribute *attr, const char *buf,
				size_t len)
{
	struct zram *zram = zram_of(dev);
	char *args = kstrndup(buf, len, GFP_KERNEL);
	int err;

	if (!args)
		return -ENOMEM;
	down_read(&zram->init_lock);
	err = zram_recompress_args(zram, strim(args));
	up_read(&zram->init_lock);
	kfree(args);
	return err ? err : len;
}
static DEVICE_ATTR_WO(recompress);

static struct attribute *zram_recompress_attrs[] = {
	&dev_attr_recompress.attr,
	NULL,
};

const struct attribute_group zram_recompress_group = {
	.attrs = zram_recompress_attrs,
};
