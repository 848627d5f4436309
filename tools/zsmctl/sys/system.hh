/* SPDX-License-Identifier: GPL-2.0 */
/* All that is read of a machine at once. */
#ifndef ZSMCTL_SYS_SYSTEM_HH
#define ZSMCTL_SYS_SYSTEM_HH

#include "tools/zsmctl/sys/machine.hh"
#include "tools/zsmctl/sys/zcache.hh"
#include "tools/zsmctl/sys/zram.hh"
#include "tools/zsmctl/sys/zswap.hh"

namespace zsmctl {

struct system_state {
	machine memory;
	zram_driver driver;
	std::vector<zram_device> devices;
	std::optional<zswap_state> zswap;
	zcache_list caches; /* read_system() leaves it empty */
	uint64_t page_size = 4096;
};

/* Context: reads some 20 files for each device; none of them waits for I/O. */
system_state read_system(const tree &files);

} /* namespace zsmctl */

#endif /* ZSMCTL_SYS_SYSTEM_HH */
