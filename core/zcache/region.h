/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Regions: how a read that fills the cache notices a write beside it.
 *
 * The device's blocks are put in groups, and groups are scattered over regions.
 * A region counts its writes as they begin (the epoch) and those under way (the
 * writers). A fill is dropped if its time, from the read's submission to the
 * cell's publication, overlaps a write's, from submission to end.
 *
 *	a write (discard, write-zeroes)	a read that may fill
 *	  1 writers++			  1 note the epoch
 *	  2 epoch++			  2 writers? then do not fill
 *	  3 full barrier		  3 submit the read; its end
 *	  4 empty the blocks' cells	  4 lock a cell, write it
 *	  5 submit the write; its end	  5 full barrier
 *	  6 writers--			  6 epoch not as noted? empty it again
 *					  7 unlock the cell
 *
 * Publish, then check: the two barriers see to it that the write finds the cell
 * in 4 or the fill finds the new epoch in 6. Had the fill checked first, the
 * write could look for the cell between check and publication. 1 comes before 2
 * on both sides, so that a read which notes a write's epoch sees its writers
 * too, or the write has ended. Nobody reads a cell that is locked.
 * core/tests/zcache/epoch_test.cc goes through all that two writers and two
 * readers can do, and shows for each step what goes wrong without it.
 *
 * C must have the fixed-width integer types before it includes this file.
 */
#ifndef ZCACHE_REGION_H
#define ZCACHE_REGION_H

#ifdef __cplusplus
#include <cstdint>
#endif

#define ZCACHE_REGIONS 4096u	/* as the shift in zcache_region() has it */
/* Blocks of a group, as a power of two: 64 KiB with 4 KiB pages. */
#define ZCACHE_GROUP_SHIFT 4u

/* The group of a block. */
static inline uint64_t zcache_group(uint64_t block)
{
	return block >> ZCACHE_GROUP_SHIFT;
}

/*
 * The region of a group: the upper bits of a product with 2^64 / phi, the golden
 * ratio (Knuth, TAOCP 3, 6.4), which spreads neighbours over all regions.
 */
static inline uint32_t zcache_region(uint64_t group)
{
	return (uint32_t)(group * 0x9e3779b97f4a7c15ull >> 52);
}

#endif /* ZCACHE_REGION_H */
