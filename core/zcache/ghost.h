/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The ghost: which blocks were read not long ago and are not cached. A block
 * that comes a second time while the ghost remembers it is worth its memory;
 * one that comes once never displaces anything.
 *
 * It is a table of lines, each a cache line and a FIFO of 31 fingerprints. No
 * lock guards them: two CPUs at one line may lose an entry, or let one out of
 * turn, and nothing but a wrong guess comes of it. A line takes a block for
 * another with a probability of 31 / 2^15 at most.
 *
 * C must have the fixed-width integer types before it includes this file.
 */
#ifndef ZCACHE_GHOST_H
#define ZCACHE_GHOST_H

#ifdef __cplusplus
#include <cstdint>
#elif !defined(__KERNEL__)
#include <stdbool.h>
#endif

#include "core/abi.h"
#include "core/zcache/hash.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ZCACHE_GHOST_LINE 64u
#define ZCACHE_GHOST_ENTRIES (ZCACHE_GHOST_LINE / 2u - 1u)
/* Compressing the block was of no use. */
#define ZCACHE_GHOST_BAD (1u << ZCACHE_PRINT_BITS)

/**
 * struct zcache_ghost_line - a FIFO of fingerprints; zeroed to begin with
 * @next: the entry that the next block takes
 * @entries: fingerprints, with ZCACHE_GHOST_BAD; 0: none
 */
struct zcache_ghost_line {
	uint16_t next;
	uint16_t entries[ZCACHE_GHOST_ENTRIES];
};

ZSM_STATIC_ASSERT(sizeof(struct zcache_ghost_line) == ZCACHE_GHOST_LINE);

/* What the ghost knows of a block. */
enum zcache_seen {
	ZCACHE_UNSEEN,
	ZCACHE_SEEN,		/* read before */
	ZCACHE_SEEN_BAD,	/* and not worth storing */
};

/**
 * zcache_core_ghost_look() - was a block read not long ago?
 * @line: the block's line
 * @print: its fingerprint
 *
 * Context: any; no lock.
 * Return: what is known.
 */
enum zcache_seen
zcache_core_ghost_look(const struct zcache_ghost_line *line,
		       uint16_t print) ZSM_NOEXCEPT;

/**
 * zcache_core_ghost_note() - remember a block
 * @line: the block's line
 * @print: its fingerprint
 * @bad: it is not worth storing
 *
 * A block that the line has already stays where it is, and is bad if either
 * says so. Else the oldest entry makes room.
 *
 * Context: any; no lock.
 */
void zcache_core_ghost_note(struct zcache_ghost_line *line, uint16_t print,
			    bool bad) ZSM_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif /* ZCACHE_GHOST_H */
