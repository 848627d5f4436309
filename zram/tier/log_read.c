// SPDX-License-Identifier: GPL-2.0
/* Pages that are read from the packed log. See log_read.h. */
#define pr_fmt(fmt) "zram: " fmt

#include <linux/bio.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/string.h>

#include "zram/load_page.h"
#include "zram/slot.h"
#include "zram/stat.h"
#include "zram/tier/inherit.h"
#include "zram/tier/log_append.h"
#include "zram/tier/log_read.h"

/**
 * struct zram_log_reader - an entry that is read
 * @log: the log
 * @bio: the bio that waits
 * @loc: where the entry is
 * @size: the bytes of its data
 * @first: its first block
 * @nr: its blocks
 * @cached: these, in the cache; NULL: it had no room
 * @data: their contents
 */
struct zram_log_reader {
	struct zram_packed_log *log;
	const struct bio *bio;
	u64 loc;
	u32 size;
	u64 first;
	u32 nr;
	struct zram_cached *cached[ZRAM_LOG_ENTRY_BLOCKS];
	void *data[ZRAM_LOG_ENTRY_BLOCKS];
};

/* ---- Blocks ------------------------------------------------------------- */

/* Reads the blocks whose bits are set in @which with one bio, if there are any. */
static int zram_log_read_blocks(struct zram_log_reader *r, unsigned long which)
{
	struct bio_vec bvecs[ZRAM_LOG_ENTRY_BLOCKS];
	struct bio bio;
	u32 i;
	int err;

	if (!which)
		return 0;
	bio_init(&bio, r->log->out.bdev, bvecs, ZRAM_LOG_ENTRY_BLOCKS,
		 REQ_OP_READ);
	zram_bio_inherit(&bio, r->bio);
	bio.bi_iter.bi_sector = zram_block_sector((struct zram_block){
		r->first + __ffs(which) });
	for_each_set_bit(i, &which, ZRAM_LOG_ENTRY_BLOCKS)
		__bio_add_page(&bio, virt_to_page(r->data[i]), PAGE_SIZE, 0);
	err = submit_bio_wait(&bio);
	bio_uninit(&bio);
	atomic64_add(hweight_long(which), &r->log->stat.read_blocks);
	return err;
}

/* Reads what no other reader does; returns which blocks the cache had no room for. */
static unsigned long zram_log_read_own(struct zram_log_reader *r)
{
	struct zram_log_cache *cache = &r->log->cache;
	unsigned long own = 0;
	unsigned long rest = 0;
	bool mine;
	u32 i;
	int err;

	for (i = 0; i < r->nr; i++) {
		r->cached[i] = zram_log_cache_get(cache, r->first + i, &mine);
		if (!r->cached[i]) {
			__set_bit(i, &rest);
			continue;
		}
		r->data[i] = r->cached[i]->data;
		if (mine)
			__set_bit(i, &own);
	}
	/* Before anything is waited for, as others wait for this. */
	err = zram_log_read_blocks(r, own);
	for_each_set_bit(i, &own, ZRAM_LOG_ENTRY_BLOCKS)
		zram_log_cache_came(cache, r->cached[i], err);
	return rest;
}

/* The entry's blocks are in @data afterwards, or -EIO is returned. */
static int zram_log_reader_wait(struct zram_log_reader *r, unsigned long rest)
{
	struct zram_log_cache *cache = &r->log->cache;
	int err;
	u32 i;

	for_each_set_bit(i, &rest, ZRAM_LOG_ENTRY_BLOCKS)
		r->data[i] = cache->spare[i];
	err = zram_log_read_blocks(r, rest);
	for (i = 0; i < r->nr; i++) {
		if (r->cached[i] && zram_log_cache_wait(cache, r->cached[i]))
			err = -EIO;
	}
	return err;
}

static void zram_log_reader_end(struct zram_log_reader *r)
{
	u32 i;

	for (i = 0; i < r->nr; i++)
		zram_log_cache_put(&r->log->cache, r->cached[i]);
}

/* ---- Entries ------------------------------------------------------------ */

/* Copies bytes of the blocks, from @at on. */
static void zram_log_copy(const struct zram_log_reader *r, u32 at, void *to,
			  u32 bytes)
{
	u32 here = at < PAGE_SIZE ? min_t(u32, bytes, PAGE_SIZE - at) : 0;

	if (here)
		memcpy(to, r->data[0] + at, here);
	if (here < bytes)
		memcpy(to + here, r->data[1] + (at + here - PAGE_SIZE),
		       bytes - here);
}

/* Copies the entry's data, if it is what was written for the slot. */
static int zram_log_extract(const struct zram_log_reader *r, u32 index, void *to)
{
	u32 at = r->loc % ZRAM_LOG_BLOCK_GRANULES * ZRAM_LOG_GRANULE;
	struct zram_entry entry;

	zram_log_copy(r, at, &entry, sizeof(entry));
	if (entry.slot != index || zram_entry_size(&entry) != r->size)
		return -EILSEQ;
	zram_log_copy(r, at + sizeof(entry), to, r->size);
	if (entry.check != zram_entry_check(zram_log_hash(r->log, r->loc, index,
							  to, r->size)))
		return -EILSEQ;
	return 0;
}

/* ---- Pages -------------------------------------------------------------- */

/* The page out of blocks that are there. What is compressed goes by way of a stream. */
static int zram_log_unpack(struct zram *zram, const struct zram_log_reader *r,
			   u32 index, struct zsm_word value, void *page)
{
	struct zsm_stream *stream;
	int err;

	if (!zram_slot_compressed(value))
		return zram_log_extract(r, index, page);
	stream = zsm_stream_get(zram->algos[zram_slot_prio(value)].streams);
	err = zram_log_extract(r, index, stream->buffer);
	if (!err && zsm_decompress(stream, stream->buffer, r->size, page))
		err = -EBADMSG;
	zsm_stream_put(stream);
	return err;
}

static int zram_log_read_failed(struct zram *zram, u32 index, struct zsm_word value, int err)
{
	if (err == -EILSEQ)
		pr_err_ratelimited("%s: slot %u: %s does not have what was written\n",
				   zram->disk->disk_name, index,
				   zram->tier.backing->path);
	return err == -EBADMSG ? zram_load_failed(zram, index, value) : -EIO;
}

int zram_log_read_page(struct zram *zram, const struct bio *bio, u32 index,
		       struct zsm_word value, struct page *page)
{
	struct zram_log_reader r = {
		.log = zram->tier.backing->log,
		.bio = bio,
		.loc = zram_slot_block(value).number,
		.size = zram_slot_size(value),
	};
	unsigned long rest;
	int err;

	r.first = r.loc / ZRAM_LOG_BLOCK_GRANULES;
	r.nr = (r.loc + zram_entry_granules(r.size) - 1) /
	       ZRAM_LOG_BLOCK_GRANULES - r.first + 1;
	rest = zram_log_read_own(&r);
	if (rest)
		mutex_lock(&r.log->cache.spare_lock);
	err = zram_log_reader_wait(&r, rest);
	if (!err)
		err = zram_log_unpack(zram, &r, index, value,
				      page_address(page));
	if (rest)
		mutex_unlock(&r.log->cache.spare_lock);
	zram_log_reader_end(&r);
	zram_stat_inc(zram, bd_reads);
	return err ? zram_log_read_failed(zram, index, value, err) : 0;
}
