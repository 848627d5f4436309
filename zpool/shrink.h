/* SPDX-License-Identifier: GPL-2.0 */
/* Which objects a pool asks zswap to write back, where the kernel leaves it to the pool. */
#ifndef ZSM_ZPOOL_SHRINK_H
#define ZSM_ZPOOL_SHRINK_H

/**
 * zsm_zpool_shrink() - the driver's shrink: free pages by having objects written back
 * @pool: a struct zpool_pool
 * @pages: how many are wanted
 * @reclaimed: receives how many came, or NULL
 *
 * Context: sleeps; waits for writes.
 * Return: 0 if all came, else -EAGAIN.
 */
int zsm_zpool_shrink(void *pool, unsigned int pages, unsigned int *reclaimed);

#endif /* ZSM_ZPOOL_SHRINK_H */
