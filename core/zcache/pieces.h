/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Where a read is cut, of which a part is cached. Each piece that goes to the disk is a
 * request of its own there: only a cached run that is long enough is worth another one.
 *
 * C must have the fixed-width integer types before it includes this file.
 */
#ifndef ZCACHE_PIECES_H
#define ZCACHE_PIECES_H

#ifdef __cplusplus
#include <cstdint>
#elif !defined(__KERNEL__)
#include <stdbool.h>
#endif

/* Blocks in a row that have to be cached for a read to be cut beside them. */
#define ZCACHE_MIN_RUN 8u

/**
 * struct zcache_piece - the first part of a read
 * @nr: its blocks
 * @cached: all of them are
 */
struct zcache_piece {
	uint32_t nr;
	bool cached;
};

/**
 * zcache_first_piece() - what of a read goes one way
 * @missing: bit i set: its block i is not cached
 * @nr: its blocks, 1 to 64
 *
 * All that is cached at its beginning, if that is all of it or long enough; else as much
 * as comes before the next cached run that is long enough.
 *
 * Context: any.
 * Return: the piece, of 1 to @nr blocks.
 */
static inline struct zcache_piece zcache_first_piece(uint64_t missing,
						     uint32_t nr)
{
	struct zcache_piece piece = { nr, false };
	uint32_t run = 0;
	uint32_t i;

	while (run < nr && !(missing >> run & 1))
		run++;
	if (run == nr || run >= ZCACHE_MIN_RUN) {
		piece.nr = run;
		piece.cached = true;
		return piece;
	}
	i = run;
	for (run = 0; i < nr; i++) {
		run = missing >> i & 1 ? 0 : run + 1;
		if (run == ZCACHE_MIN_RUN) {
			piece.nr = i + 1 - ZCACHE_MIN_RUN;
			break;
		}
	}
	return piece;
}

#endif /* ZCACHE_PIECES_H */
