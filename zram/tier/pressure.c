// SPDX-License-Identifier: GPL-2.0
/* Memory pressure, as the worker hears of it. See pressure.h. */
#include "compat/shrinker.h"
#include "zram/tier/kick.h"
#include "zram/tier/pressure.h"

/* Pages of memory that pages which are old enough take. A guess. */
static unsigned long zram_pressure_count(struct shrinker *shrinker,
					 struct shrink_control *sc)
{
	struct zram *zram = compat_shrinker_private(shrinker);
	struct zram_worker *w = &zram->tier.worker;
	u64 pages = 0;
	u32 age;

	if (!zram_worker_on(w))
		return SHRINK_EMPTY;
	spin_lock(&w->lock);
	for (age = zram_refault_age(&w->refault); age < ZRAM_NR_AGES; age++)
		pages += w->ages.pages[age];
	spin_unlock(&w->lock);
	/* A page takes a third of one, more or less. */
	return pages / 3 ?: SHRINK_EMPTY;
}

/* Nothing is freed at once: the worker is asked to. */
static unsigned long zram_pressure_scan(struct shrinker *shrinker,
					struct shrink_control *sc)
{
	struct zram *zram = compat_shrinker_private(shrinker);

	atomic64_set(&zram->tier.worker.pressure, sc->nr_to_scan);
	zram_worker_kick(zram);
	return SHRINK_STOP;
}

int zram_pressure_start(struct zram *zram)
{
	struct shrinker *shrinker = compat_shrinker_alloc("zram", zram);
	int err;

	if (!shrinker)
		return -ENOMEM;
	shrinker->count_objects = zram_pressure_count;
	shrinker->scan_objects = zram_pressure_scan;
	err = compat_shrinker_register(shrinker, "zram");
	if (err)
		compat_shrinker_free(shrinker);
	else
		zram->tier.worker.shrinker = shrinker;
	return err;
}

void zram_pressure_stop(struct zram *zram)
{
	if (zram->tier.worker.shrinker)
		compat_shrinker_free(zram->tier.worker.shrinker);
	zram->tier.worker.shrinker = NULL;
}
