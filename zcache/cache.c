// SPDX-License-Identifier: GPL-2.0
/* A cache's life: its parts come and go together. */
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/vmalloc.h>

#include "zcache/cache.h"
#include "zcache/fill.h"
#include "zcache/index.h"

static const struct zsm_params default_params = { .level = ZSM_LEVEL_DEFAULT };

void zcache_destroy(struct zcache *zcache)
{
	zcache_fill_destroy(zcache);
	zcache_remove(zcache, 0, 1ull << ZCACHE_BLOCK_BITS, true);
	zcache_pages_destroy(&zcache->buckets);
	zcache_pages_destroy(&zcache->lines);
	if (!IS_ERR_OR_NULL(zcache->pool))
		zsm_exit(zcache->pool);
	if (!IS_ERR_OR_NULL(zcache->streams))
		zsm_streams_destroy(zcache->streams);
	free_percpu(zcache->counts);
	vfree(zcache);
}

static int create_parts(struct zcache *zcache)
{
	u64 limit_pages = zcache->limit_bytes >> PAGE_SHIFT;
	struct zcache_tables tables =
		zcache_size_tables(limit_pages, totalram_pages());
	int err = zcache_fill_create(zcache);

	if (err)
		return err;
	zcache->counts = alloc_percpu(struct zcache_counts);
	if (!zcache->counts)
		return -ENOMEM;
	err = zcache_pages_create(&zcache->buckets, tables.nr_bucket_pages,
				  &zcache->metadata_bytes);
	if (err)
		return err;
	err = zcache_pages_create(&zcache->lines, tables.nr_ghost_pages,
				  &zcache->metadata_bytes);
	if (err)
		return err;
	zcache->pool = zsm_init(&zcache_cell_ops, zcache);
	if (IS_ERR(zcache->pool))
		return PTR_ERR(zcache->pool);
	if (zcache->args.codec)
		zcache->streams = zsm_streams_create(zcache->args.codec,
						     &default_params);
	return PTR_ERR_OR_ZERO(zcache->streams);
}

struct zcache *zcache_create(struct dm_target *ti,
			     const struct zcache_args *args)
{
	struct zcache *zcache = vzalloc(sizeof(*zcache));
	int err;

	if (!zcache)
		return ERR_PTR(-ENOMEM);
	zcache->ti = ti;
	zcache->args = *args;
	zcache->limit_bytes = args->limit_mib << 20;
	zcache->seed = get_random_u64();
	atomic64_set(&zcache->metadata_bytes, PAGE_ALIGN(sizeof(*zcache)));
	err = create_parts(zcache);
	if (err) {
		zcache_destroy(zcache);
		return ERR_PTR(err);
	}
	return zcache;
}
