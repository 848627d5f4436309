// SPDX-License-Identifier: GPL-2.0
/* What the suites call in zram.ko, which exports nothing otherwise. */
#include <linux/export.h>

#include "zram/claim.h"
#include "zram/device.h"
#include "zram/io.h"
#include "zram/load_page.h"
#include "zram/slots.h"
#include "zram/store_page.h"

EXPORT_SYMBOL_GPL(zram_set_up);
EXPORT_SYMBOL_GPL(zram_reset);

EXPORT_SYMBOL_GPL(zram_store_page);
EXPORT_SYMBOL_GPL(zram_load_page);
EXPORT_SYMBOL_GPL(zram_drop_pages);
EXPORT_SYMBOL_GPL(zram_try_drop_page);
EXPORT_SYMBOL_GPL(zram_slot_free_notify);
EXPORT_SYMBOL_GPL(zram_slot_ops);

EXPORT_SYMBOL_GPL(zram_claim_page);
EXPORT_SYMBOL_GPL(zram_claim_replace);
EXPORT_SYMBOL_GPL(zram_claim_end);
