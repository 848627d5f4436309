// SPDX-License-Identifier: GPL-2.0
/* Where a bio goes: to the cache, or to the disk. */
#include <linux/bitops.h>
#include <linux/gfp.h>
#include <linux/mm.h>

#include "core/zcache/pieces.h"
#include "zcache/copy.h"
#include "zcache/fill.h"
#include "zcache/ghost.h"
#include "zcache/load.h"
#include "zcache/map.h"

/**
 * struct span - the blocks that a bio touches
 * @sector: where it begins
 * @first: the first block
 * @nr: how many
 * @whole: of a read, bit i set: it has all of block @first + i
 */
struct span {
	sector_t sector;
	u64 first;
	u64 nr;
	u64 whole;
};

static struct span span_of(const struct bio *bio, sector_t sector)
{
	sector_t end = sector + bio_sectors(bio);
	struct span span = {
		.sector = sector,
		.first = zcache_block(sector),
		.nr = zcache_block(end - 1) + 1 - zcache_block(sector),
	};

	/* A read that is as long is cut first. */
	if (span.nr > ZCACHE_MAX_IO_BLOCKS)
		return span;
	span.whole = GENMASK_ULL(span.nr - 1, 0);
	if (sector % ZCACHE_BLOCK_SECTORS)
		span.whole &= ~1ull;
	if (end % ZCACHE_BLOCK_SECTORS)
		span.whole &= ~(1ull << (span.nr - 1));
	return span;
}

/*
 * Whether a bio may wait: for memory, for a stream, for others' turn. For one that may
 * not, device-mapper calls the target in an RCU read section.
 */
static bool may_wait(const struct bio *bio)
{
	return !(bio->bi_opf & REQ_NOWAIT);
}

/* ---- Reads from the cache ----------------------------------------------- */

/*
 * Reads @len bytes at @offset of a block into where @iter is, and advances that. What is
 * not a page there goes through @bounce, which is made when it is first needed.
 */
static bool read_piece(struct zcache *zcache, struct bio *bio,
		       struct bvec_iter *iter, u64 block, unsigned int offset,
		       unsigned int len, void **bounce)
{
	struct bio_vec bv = bio_iter_iovec(bio, *iter);

	if (bv.bv_len == PAGE_SIZE && len == PAGE_SIZE) {
		if (!zcache_load(zcache, block, may_wait(bio), bvec_virt(&bv)))
			return false;
		flush_dcache_page(bv.bv_page);
		bio_advance_iter_single(bio, iter, len);
		return true;
	}
	if (!*bounce) {
		gfp_t gfp = may_wait(bio) ?
				    GFP_NOIO | __GFP_NORETRY | __GFP_NOWARN :
				    ZCACHE_GFP;

		*bounce = (void *)__get_free_page(gfp);
	}
	if (!*bounce || !zcache_load(zcache, block, may_wait(bio), *bounce))
		return false;
	zcache_copy_to_bio(bio, iter, *bounce + offset, len);
	return true;
}

/*
 * All of the bio, or nothing. If a block has gone meanwhile, the disk writes over what
 * has been read of the others.
 */
static bool read_cached(struct zcache *zcache, struct bio *bio,
			const struct span *span)
{
	struct bvec_iter iter = bio->bi_iter;
	unsigned int offset = span->sector % ZCACHE_BLOCK_SECTORS
			      << SECTOR_SHIFT;
	u64 block = span->first;
	void *bounce = NULL;
	bool found = true;

	for (; found && iter.bi_size; block++, offset = 0)
		found = read_piece(zcache, bio, &iter, block, offset,
				   min_t(unsigned int, iter.bi_size,
					 PAGE_SIZE - offset), &bounce);
	free_page((unsigned long)bounce);
	return found;
}

/* ---- Reads from the disk ------------------------------------------------ */

/* Which of the blocks that are not cached should be. Notes others in the ghost. */
static u64 choose_wanted(struct zcache *zcache, const struct bio *bio,
			 const struct span *span, u64 missing)
{
	const struct zcache_args *args = &zcache->args;
	u64 stream = zcache_core_stream(&zcache->sequences, span->first,
					zcache_block(span->sector +
						     bio_sectors(bio)));
	const struct zcache_read read = {
		.room = !READ_ONCE(zcache->full),
		.meta = bio->bi_opf & (REQ_META | REQ_PRIO) && !args->no_meta,
		.stream = args->seq_skip_kib &&
			  stream << PAGE_SHIFT > (u64)args->seq_skip_kib << 10,
	};
	enum zcache_policy policy = READ_ONCE(args->policy);
	u64 left = missing & span->whole;
	u64 wanted = 0;
	u64 bad = 0;

	for (; left; left &= left - 1) {
		unsigned int i = __ffs64(left);
		u64 hash = zcache_hash(zcache->seed, span->first + i);
		enum zcache_seen seen = zcache_ghost_look(zcache, hash);

		if (seen == ZCACHE_SEEN_BAD)
			bad |= 1ull << i;
		switch (zcache_admit(policy, &read, seen)) {
		case ZCACHE_FETCH:
			wanted |= 1ull << i;
			break;
		case ZCACHE_NOTE:
			zcache_ghost_note(zcache, hash, false);
			zcache_count(zcache, noted);
			break;
		case ZCACHE_PASS:
			break;
		}
	}
	if (bad && zcache_worth_whole(hweight64(bad), span->nr) &&
	    zcache_admit(policy, &read, ZCACHE_SEEN) == ZCACHE_FETCH)
		wanted |= bad;
	return wanted;
}

/* A bit for each block that is not cached, or not likely to be. */
static u64 missing_blocks(const struct zcache *zcache, const struct span *span)
{
	u64 missing = 0;
	unsigned int i;

	for (i = 0; i < span->nr; i++) {
		struct zcache_place place;

		zcache_find(zcache, span->first + i, &place);
		if (!zcache_may_have(&place))
			missing |= 1ull << i;
	}
	return missing;
}

/* Leaves what follows the first @nr blocks of a read to the next call. */
static void cut_read(struct bio *bio, struct span *span, unsigned int nr)
{
	sector_t end = (span->first + nr) << ZCACHE_BLOCK_SECTORS_SHIFT;

	dm_accept_partial_bio(bio, end - span->sector);
	*span = span_of(bio, span->sector);
}

static int to_disk(const struct zcache *zcache, struct bio *bio)
{
	bio_set_dev(bio, zcache->dev->bdev);
	return DM_MAPIO_REMAPPED;
}

static int read_from_disk(struct zcache *zcache, struct bio *bio,
			  const struct span *span, u64 missing)
{
	struct zcache_fill_request request = {
		.reader = bio,
		.sector = span->sector,
		.first = span->first,
		.nr = span->nr,
	};

	zcache_count_add(zcache, misses, span->nr);
	request.wanted = choose_wanted(zcache, bio, span, missing);
	if (request.wanted &&
	    zcache_note_epochs(zcache, span->first, span->nr, &request.note) &&
	    zcache_fill_submit(zcache, &request))
		return DM_MAPIO_SUBMITTED;
	return to_disk(zcache, bio);
}

static int map_read(struct zcache *zcache, struct bio *bio, struct span *span)
{
	unsigned int most = ZCACHE_MAX_IO_BLOCKS -
			    span->first % ZCACHE_MAX_IO_BLOCKS;
	struct zcache_piece piece;
	u64 missing;

	if (span->nr > most)
		cut_read(bio, span, most);
	missing = missing_blocks(zcache, span);
	piece = zcache_first_piece(missing, span->nr);
	if (piece.nr < span->nr) {
		zcache_count(zcache, partial);
		cut_read(bio, span, piece.nr);
	}
	if (piece.cached && read_cached(zcache, bio, span)) {
		zcache_count_add(zcache, hits, span->nr);
		bio_endio(bio);
		return DM_MAPIO_SUBMITTED;
	}
	return read_from_disk(zcache, bio, span, missing);
}

/* ---- Bios --------------------------------------------------------------- */

int zcache_map(struct dm_target *ti, struct bio *bio)
{
	struct zcache *zcache = ti->private;
	struct zcache_io *io = dm_per_bio_data(bio, sizeof(*io));
	sector_t sector = dm_target_offset(ti, bio->bi_iter.bi_sector);
	struct span span;

	io->nr = 0;
	/* A flush, of which nothing is asked here: nothing is dirty. */
	if (!bio_sectors(bio))
		return to_disk(zcache, bio);
	bio->bi_iter.bi_sector = sector;
	span = span_of(bio, sector);
	if (bio_op(bio) == REQ_OP_READ)
		return map_read(zcache, bio, &span);
	/* Writes of all kinds: what they touch is not cached until they have ended. */
	io->first = span.first;
	io->nr = span.nr;
	zcache_write_begin(zcache, io->first, io->nr);
	zcache_remove(zcache, io->first, io->nr, may_wait(bio));
	return to_disk(zcache, bio);
}

int zcache_end_io(struct dm_target *ti, struct bio *bio, blk_status_t *error)
{
	const struct zcache_io *io = dm_per_bio_data(bio, sizeof(*io));

	if (io->nr)
		zcache_write_end(ti->private, io->first, io->nr);
	return DM_ENDIO_DONE;
}
