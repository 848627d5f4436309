/* SPDX-License-Identifier: GPL-2.0 */
/* A read of the backing device for a bio that waits. */
#ifndef ZRAM_TIER_INHERIT_H
#define ZRAM_TIER_INHERIT_H

#include <linux/bio.h>

/* The bio that waits, @bio, pays for @read, and its hints hold for it. */
static inline void zram_bio_inherit(struct bio *read, const struct bio *bio)
{
	read->bi_opf |= bio->bi_opf & (REQ_SYNC | REQ_META | REQ_PRIO |
				       REQ_RAHEAD | REQ_SWAP);
	read->bi_ioprio = bio->bi_ioprio;
	bio_clone_blkg_association(read, (struct bio *)bio);
}

#endif /* ZRAM_TIER_INHERIT_H */
