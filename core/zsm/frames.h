/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Numbers of page frames where memory lies beyond what 32 bits can count.
 *
 * A descriptor has 32 bits for each page, while a machine's memory may lie anywhere in 52
 * bits of addresses, most of which are empty. Addresses are cut into spans of
 * 2^ZSM_SPAN_BITS frames (64 GiB at 4 KiB pages), and a span gets one of ZSM_NR_SPANS
 * numbers when the first of its pages comes to a pool. So a page's number has 8 bits
 * for its span and 24 for its place there, and as much memory as before can be used,
 * wherever it is.
 */
#ifndef ZSM_CORE_FRAMES_H
#define ZSM_CORE_FRAMES_H

#include "core/abi.h"
#include "core/zsm/geometry.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ZSM_SPAN_BITS 24u
#define ZSM_NR_SPANS (1u << (32 - ZSM_SPAN_BITS))

/**
 * struct zsm_frames - the spans that have numbers
 * @nr: how many have one
 * @spans: which they are, by number; an entry below @nr does not change
 */
struct zsm_frames {
	uint32_t nr;
	uint32_t spans[ZSM_NR_SPANS];
};

/* The frame that a number stands for. Context: any; the number was given out. */
static inline uint64_t zsm_frames_pfn(const struct zsm_frames *frames,
				      uint32_t number)
{
	return (uint64_t)frames->spans[number >> ZSM_SPAN_BITS]
		       << ZSM_SPAN_BITS |
	       (number & ((1u << ZSM_SPAN_BITS) - 1));
}

/**
 * zsm_core_frames_find() - the number of a frame
 * @frames: the spans
 * @nr: how many of them are looked at; all have numbers
 * @pfn: the frame
 * @number: receives the number
 *
 * Context: any; needs no lock if @nr was read with acquire semantics.
 * Return: 1; 0 if the frame's span is not among them.
 */
int zsm_core_frames_find(const struct zsm_frames *frames, uint32_t nr,
			 uint64_t pfn, uint32_t *number) ZSM_NOEXCEPT;

/**
 * zsm_core_frames_add() - give a frame's span the next number
 * @frames: the spans; that of @pfn has none. @frames->nr is the caller's to raise, with
 *	release semantics
 * @pfn: the frame
 *
 * Context: any; the caller keeps others from adding.
 * Return: 1; 0 if all numbers are given out.
 */
int zsm_core_frames_add(struct zsm_frames *frames, uint64_t pfn) ZSM_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif /* ZSM_CORE_FRAMES_H */
