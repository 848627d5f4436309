/* SPDX-License-Identifier: GPL-2.0 */
/* Pools in debugfs. */
#ifndef ZSM_DEBUGFS_H
#define ZSM_DEBUGFS_H

/**
 * zsm_debugfs_create() - make the folder that pools are shown in
 *
 * Context: may sleep.
 */
void zsm_debugfs_create(void);

/**
 * zsm_debugfs_destroy() - remove it
 *
 * Context: may sleep; no pool is shown any more.
 */
void zsm_debugfs_destroy(void);

#endif /* ZSM_DEBUGFS_H */
