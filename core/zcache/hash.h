/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * From a block's number to where the cache looks for it: its bucket, its tag
 * there, its line of the ghost, its fingerprint in it, and its region.
 *
 * A block is a page's worth of the device. A seed that differs from cache to
 * cache keeps anybody from choosing blocks that all meet in one bucket.
 *
 * C must have the fixed-width integer types before it includes this file.
 */
#ifndef ZCACHE_HASH_H
#define ZCACHE_HASH_H

#ifdef __cplusplus
#include <cstdint>
#endif

#define ZCACHE_TAG_BITS 20u
#define ZCACHE_PRINT_BITS 15u

/**
 * zcache_hash() - mix a block's number
 * @seed: the cache's
 * @block: the block
 *
 * The finaliser of MurmurHash3 (A. Appleby, public domain): each bit of the
 * number changes each bit of the result with a probability near one half.
 *
 * Context: any.
 * Return: 64 mixed bits.
 */
static inline uint64_t zcache_hash(uint64_t seed, uint64_t block)
{
	uint64_t hash = block ^ seed;

	hash = (hash ^ hash >> 33) * 0xff51afd7ed558ccdull;
	hash = (hash ^ hash >> 33) * 0xc4ceb9fe1a85ec53ull;
	return hash ^ hash >> 33;
}

/* One of @nr places, by the upper half of a hash. @nr is not 0. */
static inline uint32_t zcache_spread(uint64_t hash, uint32_t nr)
{
	return (uint32_t)((hash >> 32) * nr >> 32);
}

/* What tells a block from others of its bucket, most of the time. */
static inline uint32_t zcache_tag(uint64_t hash)
{
	return (uint32_t)hash & ((1u << ZCACHE_TAG_BITS) - 1);
}

/* What the ghost remembers of a block: never 0. */
static inline uint16_t zcache_print(uint64_t hash)
{
	const uint32_t print = (uint32_t)hash & ((1u << ZCACHE_PRINT_BITS) - 1);

	return (uint16_t)(print ? print : 1);
}

#endif /* ZCACHE_HASH_H */
