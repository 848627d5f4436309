/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * W64, a codec for pages of memory, as C sees it. The format, and why it is as
 * it is: Documentation/w64.rst.
 *
 * There are two builds of it, which give the same bytes for the same page and
 * read each other's blocks. w64_*_bmi2() is for x86-64 processors that have
 * BMI1, BMI2 and POPCNT, and pays where PEXT and PDEP are one operation:
 * everywhere but on AMD's families before 19h, where they are microcode.
 * w64_*_portable() runs everywhere. Neither uses more than general-purpose
 * registers. The caller chooses, once.
 *
 * C must have the fixed-width integer types before it includes this file.
 */
#ifndef W64_H
#define W64_H

#include "core/abi.h"
#include "core/page.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes of the page that a block stands for. */
#define W64_PAGE_BYTES ZSM_PAGE_SIZE

/*
 * What a call to compress may write at its destination, whatever it returns.
 * No more than two pages.
 */
#define W64_DST_BYTES (W64_PAGE_BYTES + W64_PAGE_BYTES / 16u)

/* Bytes of work memory, aligned to 8. It need not be initialised. */
#define W64_WORK_BYTES (W64_PAGE_BYTES / 8u + 512u + 8192u)

#if defined(__x86_64__) && !defined(W64_NO_BMI2)
#define W64_HAS_BMI2 1
#else
#define W64_HAS_BMI2 0
#endif

/**
 * w64_compress_portable() - compress a page
 * @page: W64_PAGE_BYTES bytes, aligned to 8
 * @dst: W64_DST_BYTES bytes, of which any may be written
 * @work: W64_WORK_BYTES bytes, aligned to 8; what is in them does not matter,
 *	and nobody else uses them meanwhile
 *
 * Context: any; does not sleep. No alignment is asked of @dst.
 * Return: the size of the block in bytes, less than W64_PAGE_BYTES; 0 if the
 *	page does not become small enough to be worth it and should be stored
 *	as it is. The block depends on nothing but the page.
 */
uint32_t w64_compress_portable(const void *page, void *dst,
			       void *work) ZSM_NOEXCEPT;

/**
 * w64_decompress_portable() - decompress a page
 * @src: the block; may hold anything. No byte outside of it is read.
 * @len: its size in bytes, whatever it is
 * @page: receives W64_PAGE_BYTES bytes, aligned to 8. No byte outside is
 *	written.
 *
 * Context: any; does not sleep. Needs no work memory.
 * Return: 0, or -1 if @src is no block; @page is undefined then.
 */
int w64_decompress_portable(const void *src, size_t len,
			    void *page) ZSM_NOEXCEPT;

#if W64_HAS_BMI2
/* As w64_compress_portable(). */
uint32_t w64_compress_bmi2(const void *page, void *dst,
			   void *work) ZSM_NOEXCEPT;

/* As w64_decompress_portable(). */
int w64_decompress_bmi2(const void *src, size_t len, void *page) ZSM_NOEXCEPT;
#endif

/* What a module's parameter for the build may be set to. */
#define W64_BMI2_NEVER	0
#define W64_BMI2_ALWAYS	1	/* if the processor has it at all */
#define W64_BMI2_AUTO	(-1)	/* if it is fast there */

#ifdef __cplusplus
}
#endif

#endif /* W64_H */
