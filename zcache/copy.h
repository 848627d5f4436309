/* SPDX-License-Identifier: GPL-2.0 */
/* Bytes into a bio. */
#ifndef ZCACHE_COPY_H
#define ZCACHE_COPY_H

#include <linux/bio.h>
#include <linux/minmax.h>

/**
 * zcache_copy_to_bio() - copy into a bio that nobody has submitted
 * @bio: the bio
 * @iter: where in it; receives where the copy ends
 * @src: the bytes
 * @len: how many; the bio has room for them
 *
 * Context: any, interrupts included.
 */
static inline void zcache_copy_to_bio(struct bio *bio, struct bvec_iter *iter,
				      const void *src, unsigned int len)
{
	while (len) {
		struct bio_vec bv = bio_iter_iovec(bio, *iter);

		bv.bv_len = min(bv.bv_len, len);
		memcpy_to_bvec(&bv, src);
		bio_advance_iter_single(bio, iter, bv.bv_len);
		src += bv.bv_len;
		len -= bv.bv_len;
	}
}

#endif /* ZCACHE_COPY_H */
