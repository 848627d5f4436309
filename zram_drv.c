// SPDX-License-Identifier: GPL-2.0
/* zram: the module. zram_drv.h names its parts. */
#include <linux/module.h>

#include "store/stream.h"
#include "zram/block_state.h"
#include "zram/control.h"
#include "zram/device.h"

static int __init zram_init(void)
{
	int err;

	err = zram_comp_init();
	if (err)
		return err;
	err = zram_device_init();
	if (err)
		goto err_comp;
	zram_debugfs_init();
	err = zram_control_init();
	if (err)
		goto err_debugfs;
	return 0;

err_debugfs:
	zram_debugfs_exit();
	zram_device_exit();
err_comp:
	zram_comp_exit();
	return err;
}

static void __exit zram_exit(void)
{
	zram_control_exit();
	zram_debugfs_exit();
	zram_device_exit();
	zram_comp_exit();
}

module_init(zram_init);
module_exit(zram_exit);

MODULE_DESCRIPTION("Compressed RAM block device");
MODULE_LICENSE("GPL");
MODULE_VERSION(ZSM_VERSION);
