/* SPDX-License-Identifier: GPL-2.0 */
/* Each slot's state, in debugfs. No caller needs to know whether debugfs works. */
#ifndef ZRAM_DEBUGFS_H
#define ZRAM_DEBUGFS_H

struct zram;

/* Make and remove the directory of all devices, and that of one. May sleep. */
void zram_debugfs_init(void);
void zram_debugfs_exit(void);
void zram_debugfs_add(struct zram *zram);
void zram_debugfs_remove(struct zram *zram);

#endif /* ZRAM_DEBUGFS_H */
