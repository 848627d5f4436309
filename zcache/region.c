// SPDX-License-Identifier: GPL-2.0
/* Writes under way, for fills to notice. */
#include <linux/sched.h>

#include "zcache/region.h"

/*
 * Calls @step for the region of each group that the blocks are in, once a group;
 * for each region once if there are as many groups as that. A write's begin and
 * end come to the same regions as often.
 */
static __always_inline void
each_region(struct zcache *zcache, u64 first, u64 nr,
	    void (*step)(struct zcache_region *region))
{
	u64 group = zcache_group(first);
	u64 end = zcache_group(first + nr - 1) + 1;
	unsigned int i;

	if (end - group < ZCACHE_REGIONS) {
		for (; group < end; group++)
			step(&zcache->regions[zcache_region(group)]);
		return;
	}
	for (i = 0; i < ZCACHE_REGIONS; i++)
		step(&zcache->regions[i]);
}

static void region_enter(struct zcache_region *region)
{
	atomic_inc(&region->writers);
	/* Pairs with the acquire in zcache_note_epochs(). */
	smp_mb__after_atomic();
	atomic_inc(&region->epoch);
}

static void region_leave(struct zcache_region *region)
{
	/* What the write did comes first. */
	smp_mb__before_atomic();
	atomic_dec(&region->writers);
}

void zcache_write_begin(struct zcache *zcache, u64 first, u64 nr)
{
	each_region(zcache, first, nr, region_enter);
	/* Pairs with the barrier in zcache_publish(): epoch, then cells. */
	smp_mb__after_atomic();
}

void zcache_write_end(struct zcache *zcache, u64 first, u64 nr)
{
	each_region(zcache, first, nr, region_leave);
}

bool zcache_note_epochs(const struct zcache *zcache, u64 first, u64 nr,
			struct zcache_note *note)
{
	u64 start = zcache_group(first);
	u64 end = zcache_group(first + nr - 1) + 1;
	u64 group;

	/* No read is as long: it was cut. */
	if (end - start > ZCACHE_MAX_IO_GROUPS)
		return false;
	for (group = start; group < end; group++) {
		const struct zcache_region *region =
			&zcache->regions[zcache_region(group)];

		/* Pairs with the barrier in region_enter(). */
		note->epochs[group - start] =
			atomic_read_acquire(&region->epoch);
		/* Pairs with region_leave(): the read sees the write. */
		if (atomic_read_acquire(&region->writers))
			return false;
	}
	return true;
}

bool zcache_overtaken(const struct zcache *zcache, u64 first,
		      const struct zcache_note *note, u64 block)
{
	u64 group = zcache_group(block);
	const struct zcache_region *region =
		&zcache->regions[zcache_region(group)];

	return atomic_read(&region->epoch) !=
	       note->epochs[group - zcache_group(first)];
}
