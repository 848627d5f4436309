// SPDX-License-Identifier: GPL-2.0
/* What dmsetup shows, and messages. */
#define DM_MSG_PREFIX "zcache"

#include <linux/mm.h>
#include <linux/string.h>

#include "zcache/index.h"
#include "zcache/insert.h"
#include "zcache/status.h"
#include "zcache/table.h"

static struct zcache_counts sum_counts(const struct zcache *zcache)
{
	struct zcache_counts sum = {};
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct zcache_counts *counts =
			per_cpu_ptr(zcache->counts, cpu);

		/* Other CPUs count meanwhile: what is read is a moment's. */
		sum.hits += READ_ONCE(counts->hits);
		sum.misses += READ_ONCE(counts->misses);
		sum.partial += READ_ONCE(counts->partial);
		sum.noted += READ_ONCE(counts->noted);
		sum.fills += READ_ONCE(counts->fills);
		sum.rejected += READ_ONCE(counts->rejected);
		sum.no_room += READ_ONCE(counts->no_room);
		sum.lost += READ_ONCE(counts->lost);
		sum.evicted += READ_ONCE(counts->evicted);
		sum.invalidated += READ_ONCE(counts->invalidated);
		sum.errors += READ_ONCE(counts->errors);
	}
	return sum;
}

static void print_status(const struct zcache *zcache, char *result,
			 unsigned int maxlen)
{
	struct zcache_counts sum = sum_counts(zcache);
	struct zsm_stats pool;
	unsigned int sz = 0;

	zsm_stats(zcache->pool, &pool);
	DMEMIT("block %lu ", PAGE_SIZE);
	DMEMIT("limit %llu used %llu metadata %llu objects %llu object_bytes %llu ",
	       READ_ONCE(zcache->limit_bytes), zcache_used_bytes(zcache),
	       pool.metadata_bytes + atomic64_read(&zcache->metadata_bytes),
	       pool.objects, pool.object_bytes);
	DMEMIT("hits %llu misses %llu partial %llu noted %llu fills %llu ",
	       sum.hits, sum.misses, sum.partial, sum.noted, sum.fills);
	DMEMIT("rejected %llu no_room %llu lost %llu evicted %llu ",
	       sum.rejected, sum.no_room, sum.lost, sum.evicted);
	DMEMIT("invalidated %llu errors %llu full %u", sum.invalidated,
	       sum.errors, READ_ONCE(zcache->full));
}

void zcache_status(struct dm_target *ti, status_type_t type, unsigned int flags,
		   char *result, unsigned int maxlen)
{
	unsigned int sz = 0;

	switch (type) {
	case STATUSTYPE_INFO:
		print_status(ti->private, result, maxlen);
		break;
	case STATUSTYPE_TABLE:
		zcache_print_table(ti->private, result, maxlen);
		break;
	case STATUSTYPE_IMA:
		DMEMIT_TARGET_NAME_VERSION(ti->type);
		DMEMIT(";");
		break;
	}
}

static void clear_counts(struct zcache *zcache)
{
	int cpu;

	for_each_possible_cpu(cpu)
		memset(per_cpu_ptr(zcache->counts, cpu), 0,
		       sizeof(struct zcache_counts));
}

/* Cells were made for the first limit, so that there is none above it. */
static int set_limit(struct zcache *zcache, const char *word)
{
	u64 mib;

	if (zcache_parse_limit(word, &mib))
		return -EINVAL;
	if (mib > zcache->args.limit_mib)
		return -ERANGE;
	WRITE_ONCE(zcache->limit_bytes, mib << 20);
	/* Each round frees some pages, or finds that nothing more will go. */
	while (!zcache_make_room(zcache)) {
		u64 used = zcache_used_bytes(zcache);

		cond_resched();
		if (zcache_make_room(zcache) ||
		    zcache_used_bytes(zcache) >= used)
			break;
	}
	return 0;
}

int zcache_message(struct dm_target *ti, unsigned int argc, char **argv,
		   char *result, unsigned int maxlen)
{
	struct zcache *zcache = ti->private;
	enum zcache_policy policy;
	int err = -EINVAL;

	if (argc == 1 && !strcasecmp(argv[0], "drop")) {
		zcache_remove_all(zcache);
		WRITE_ONCE(zcache->full, false);
		err = 0;
	} else if (argc == 1 && !strcasecmp(argv[0], "clear_stats")) {
		clear_counts(zcache);
		err = 0;
	} else if (argc == 2 && !strcasecmp(argv[0], "mem_limit")) {
		err = set_limit(zcache, argv[1]);
	} else if (argc == 2 && !strcasecmp(argv[0], "admit")) {
		err = zcache_parse_policy(argv[1], &policy);
		if (!err)
			WRITE_ONCE(zcache->args.policy, policy);
	}
	return err;
}
