// SPDX-License-Identifier: GPL-2.0
/* What the suites call in dm-zcache.ko, which exports nothing otherwise. */
#include <linux/export.h>

#include "zcache/cache.h"
#include "zcache/ghost.h"
#include "zcache/index.h"
#include "zcache/insert.h"
#include "zcache/load.h"

EXPORT_SYMBOL_GPL(zcache_create);
EXPORT_SYMBOL_GPL(zcache_destroy);

EXPORT_SYMBOL_GPL(zcache_insert);
EXPORT_SYMBOL_GPL(zcache_insert_whole);
EXPORT_SYMBOL_GPL(zcache_reject);
EXPORT_SYMBOL_GPL(zcache_load);
EXPORT_SYMBOL_GPL(zcache_remove);
EXPORT_SYMBOL_GPL(zcache_remove_all);

EXPORT_SYMBOL_GPL(zcache_find);
EXPORT_SYMBOL_GPL(zcache_cell_lock_block);
EXPORT_SYMBOL_GPL(zcache_cell_unlock);
EXPORT_SYMBOL_GPL(zcache_publish);

EXPORT_SYMBOL_GPL(zcache_write_begin);
EXPORT_SYMBOL_GPL(zcache_write_end);
EXPORT_SYMBOL_GPL(zcache_note_epochs);

EXPORT_SYMBOL_GPL(zcache_ghost_look);
