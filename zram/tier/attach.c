// SPDX-License-Identifier: GPL-2.0
/* A backing device with all that reads and writes it. */
#include <linux/err.h>

#include "zram/tier/attach.h"
#include "zram/tier/backing.h"
#include "zram/tier/readback.h"

struct zram_backing *zram_backing_attach(const char *path, void *holder)
{
	struct zram_backing *backing = zram_backing_open(path, holder);
	int err;

	if (IS_ERR(backing))
		return backing;
	err = zram_readback_init(backing);
	if (!err)
		return backing;
	zram_backing_close(backing);
	return ERR_PTR(err);
}

void zram_backing_detach(struct zram_backing *backing, bool discard)
{
	if (!backing)
		return;
	zram_readback_exit(backing);
	if (discard)
		zram_backing_discard(backing);
	zram_backing_close(backing);
}
