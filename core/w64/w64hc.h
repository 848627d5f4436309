/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * w64hc, the dense codec of the W64 family, as C sees it. The format, and why
 * it is as it is: Documentation/w64.rst. Its builds are those of w64.h, and
 * give the same blocks.
 *
 * C must have the fixed-width integer types and bool before it includes this
 * file.
 */
#ifndef W64HC_H
#define W64HC_H

#include "core/w64/w64.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Levels, each slower to write and denser than the one before. All are read
 * alike.
 */
#define W64HC_LEVEL_QUICK   0u
#define W64HC_LEVEL_DENSE   1u
#define W64HC_LEVEL_DENSER  2u
#define W64HC_LEVEL_ARCHIVE 9u

/*
 * What a call to compress may write at its destination, whatever it returns.
 * No more than two pages.
 */
#define W64HC_DST_BYTES (W64_PAGE_BYTES + W64_PAGE_BYTES / 2u)

/*
 * Bytes of work memory, aligned to 8, to decompress and for level 0; for
 * levels 1, 2 and 9. It need not be initialised.
 */
#define W64HC_WORK_BYTES	 16816u
#define W64HC_DENSE_WORK_BYTES	 (W64HC_WORK_BYTES + 5760u)
#define W64HC_DENSER_WORK_BYTES	 (W64HC_DENSE_WORK_BYTES + 12800u)
#define W64HC_ARCHIVE_WORK_BYTES (W64HC_DENSE_WORK_BYTES + 85088u)

/**
 * w64hc_work_bytes() - work memory that a level needs
 * @level: any number
 *
 * Context: any.
 * Return: bytes, enough to decompress too; or 0 if there is no such level.
 */
ZSM_CONSTEXPR uint32_t w64hc_work_bytes(int level)
{
	switch (level) {
	case W64HC_LEVEL_QUICK:
		return W64HC_WORK_BYTES;
	case W64HC_LEVEL_DENSE:
		return W64HC_DENSE_WORK_BYTES;
	case W64HC_LEVEL_DENSER:
		return W64HC_DENSER_WORK_BYTES;
	case W64HC_LEVEL_ARCHIVE:
		return W64HC_ARCHIVE_WORK_BYTES;
	default:
		return 0;
	}
}

/**
 * w64hc_compress_portable() - compress a page
 * @page: W64_PAGE_BYTES bytes, aligned to 8. They may change meanwhile; then
 *	the block is of no use, but nothing else is harmed.
 * @dst: W64HC_DST_BYTES bytes, of which any may be written
 * @work: w64hc_work_bytes() of the level, aligned to 8; what is in them does
 *	not matter, and nobody else uses them meanwhile
 * @level: one of the levels
 *
 * Context: any; does not sleep. No alignment is asked of @dst.
 * Return: the size of the block in bytes, less than W64_PAGE_BYTES; 0 if the
 *	page does not become small enough to be worth it and should be stored
 *	as it is. The block depends on nothing but the page and the level.
 */
uint32_t w64hc_compress_portable(const void *page, void *dst, void *work,
				 uint32_t level) ZSM_NOEXCEPT;

/**
 * w64hc_decompress_portable() - decompress a page
 * @src: a block of w64hc or of W64; may hold anything. No byte outside of it
 *	is read.
 * @len: its size in bytes, whatever it is
 * @page: receives W64_PAGE_BYTES bytes, aligned to 8. No byte outside is
 *	written.
 * @work: W64HC_WORK_BYTES bytes, as in w64hc_compress_portable()
 *
 * Context: any; does not sleep.
 * Return: 0, or -1 if @src is no block; @page is undefined then.
 */
int w64hc_decompress_portable(const void *src, size_t len, void *page,
			      void *work) ZSM_NOEXCEPT;

#if W64_HAS_BMI2
/* As w64hc_compress_portable(). */
uint32_t w64hc_compress_bmi2(const void *page, void *dst, void *work,
			     uint32_t level) ZSM_NOEXCEPT;

/* As w64hc_decompress_portable(). */
int w64hc_decompress_bmi2(const void *src, size_t len, void *page,
			  void *work) ZSM_NOEXCEPT;
#endif

#ifdef __cplusplus
}
#endif

#endif /* W64HC_H */
