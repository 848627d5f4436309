/* SPDX-License-Identifier: GPL-2.0 */
/* What zsm.ko exports to the suites alone, besides the classes. */
#ifndef ZSM_EXPORTS_H
#define ZSM_EXPORTS_H

struct delayed_work;
struct shrinker;
struct zsm_pool;

/* By which the kernel asks the pool for memory. */
struct shrinker *zsm_shrinker_of(struct zsm_pool *pool);

/* By which the pool looks after itself. */
struct delayed_work *zsm_work_of(struct zsm_pool *pool);

/*
 * Makes numbers of pages differ from those of their frames, as where the machine has memory
 * far up, and back. No pool has a page.
 */
void zsm_frames_pretend(bool far);

#endif /* ZSM_EXPORTS_H */
