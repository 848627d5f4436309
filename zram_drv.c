// SPDX-License-Identifier: GPL-2.0
/* zram: the module. zram_drv.h names its parts. */
#include <linux/module.h>

#include "store/codec/w64.h"
#include "zram/debugfs.h"
#include "zram/control.h"
#include "zram/device.h"
#include "zram/tier/recompress_auto.h"

/* Another name for the store's, from when the codecs were zram's own. */
static int zram_w64_bmi2 = W64_BMI2_AUTO;
module_param_named(w64_bmi2, zram_w64_bmi2, int, 0444);
MODULE_PARM_DESC(w64_bmi2, "The same parameter of zsm, which this sets unless it is -1 (default)");

static int __init zram_init(void)
{
	int err;

	zram_w64_bmi2 = zsm_w64_choose(zram_w64_bmi2);
	err = zram_recompress_auto_init();
	if (err)
		return err;
	err = zram_device_init();
	if (err)
		goto err_recompress;
	zram_debugfs_init();
	err = zram_control_init();
	if (err)
		goto err_debugfs;
	return 0;

err_debugfs:
	zram_debugfs_exit();
	zram_device_exit();
err_recompress:
	zram_recompress_auto_exit();
	return err;
}

static void __exit zram_exit(void)
{
	zram_control_exit();
	zram_debugfs_exit();
	zram_device_exit();
	zram_recompress_auto_exit();
}

module_init(zram_init);
module_exit(zram_exit);

MODULE_DESCRIPTION("Compressed RAM block device");
MODULE_LICENSE("GPL");
MODULE_VERSION(ZSM_VERSION);
