/* SPDX-License-Identifier: GPL-2.0 */
/* Whether memory can take back what was swapped to a device. Pure. */
#ifndef ZSMCTL_FIGURES_ROOM_HH
#define ZSMCTL_FIGURES_ROOM_HH

#include "tools/zsmctl/sys/system.hh"

namespace zsmctl {

struct room {
	uint64_t needed = 0; /* pages that come back, and what must stay free */
	uint64_t there =
		0; /* memory, what the device gives back, and other swap */

	uint64_t missing() const { return needed > there ? needed - there : 0; }
};

/*
 * @device must be swapped to. The pages of other devices in @leaving come back
 * first, so that their swap does not count.
 */
room room_without(const system_state &system, const zram_device &device,
		  const std::vector<std::string> &leaving);

} /* namespace zsmctl */

#endif /* ZSMCTL_FIGURES_ROOM_HH */
