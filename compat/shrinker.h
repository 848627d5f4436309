/* SPDX-License-Identifier: GPL-2.0 */
/* What moved in <linux/shrinker.h>. */
#ifndef ZSM_COMPAT_SHRINKER_H
#define ZSM_COMPAT_SHRINKER_H

/* What 6.1's <linux/shrinker.h> does not include itself. */
#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/shrinker.h>
#include <linux/slab.h>

#include "compat/version.h"

/*
 * Shrinkers are allocated since 6.7; before, they stand in the user's structure.
 * A shrinker knows what it is for by compat_shrinker_private().
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)

static inline struct shrinker *compat_shrinker_alloc(const char *name,
						     void *private_data)
{
	struct shrinker *shrinker = shrinker_alloc(0, "%s", name);

	if (shrinker)
		shrinker->private_data = private_data;
	return shrinker;
}

static inline void *compat_shrinker_private(const struct shrinker *shrinker)
{
	return shrinker->private_data;
}

static inline int compat_shrinker_register(struct shrinker *shrinker,
					   const char *name)
{
	shrinker_register(shrinker);
	return 0;
}

static inline void compat_shrinker_free(struct shrinker *shrinker)
{
	shrinker_free(shrinker);
}

#else

struct compat_shrinker {
	struct shrinker shrinker;
	void *private_data;
};

static inline struct shrinker *compat_shrinker_alloc(const char *name,
						     void *private_data)
{
	struct compat_shrinker *cs = kzalloc(sizeof(*cs), GFP_KERNEL);

	if (!cs)
		return NULL;
	cs->shrinker.seeks = DEFAULT_SEEKS;
	cs->private_data = private_data;
	return &cs->shrinker;
}

static inline void *compat_shrinker_private(const struct shrinker *shrinker)
{
	return container_of(shrinker, struct compat_shrinker,
			    shrinker)->private_data;
}

static inline int compat_shrinker_register(struct shrinker *shrinker,
					   const char *name)
{
	return register_shrinker(shrinker, "%s", name);
}

static inline void compat_shrinker_free(struct shrinker *shrinker)
{
	unregister_shrinker(shrinker);
	kfree(container_of(shrinker, struct compat_shrinker, shrinker));
}

#endif

#endif /* ZSM_COMPAT_SHRINKER_H */
