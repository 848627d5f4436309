// SPDX-License-Identifier: GPL-2.0
/* A backing device with all that reads and writes it. */
#include <linux/err.h>

#include "zram/tier/attach.h"
#include "zram/tier/backing.h"
#include "zram/tier/log.h"
#include "zram/tier/readback.h"
#include "zram/tier/worker.h"

struct zram_backing *zram_backing_attach(const char *path, void *holder)
{
	struct zram_backing *backing = zram_backing_open(path, holder);
	int err;

	if (IS_ERR(backing))
		return backing;
	err = zram_readback_init(backing);
	if (err)
		goto err_close;
	err = zram_worker_attach(backing);
	if (err)
		goto err_readback;
	return backing;

err_readback:
	zram_readback_exit(backing);
err_close:
	zram_backing_close(backing);
	return ERR_PTR(err);
}

void zram_backing_detach(struct zram_backing *backing, bool discard)
{
	if (!backing)
		return;
	zram_worker_detach(backing);
	zram_readback_exit(backing);
	if (discard)
		zram_backing_discard(backing);
	zram_backing_close(backing);
}

int zram_backing_start(struct zram *zram)
{
	struct zram_backing *backing = zram->tier.backing;
	int err = 0;

	lockdep_assert_held_write(&zram->init_lock);
	if (!backing)
		return 0;
	if (zram->settings.writeback_packed)
		err = zram_log_start(backing);
	if (!err && zram->tier.auto_wanted)
		err = zram_worker_start(zram);
	if (err)
		zram_log_stop(backing);
	else if (backing->log)
		zram_blocks_give_up(&backing->blocks);
	return err;
}

void zram_backing_stop(struct zram *zram)
{
	zram_log_stop(zram->tier.backing);
}
