/* SPDX-License-Identifier: GPL-2.0 */
/* Whether memory can take back what was swapped to devices. Pure. */
#ifndef ZSMCTL_FIGURES_ROOM_HH
#define ZSMCTL_FIGURES_ROOM_HH

#include "tools/zsmctl/sys/system.hh"

namespace zsmctl {

struct room {
	uint64_t needed = 0; /* pages that come back, and what must stay free */
	uint64_t there = 0; /* memory, what devices give back, and other swap */

	uint64_t missing() const { return needed > there ? needed - there : 0; }
};

/*
 * The devices in @leaving are given up, one after the other: what is swapped to
 * all of them has to have room at once. One that is not swapped to counts for
 * nothing.
 */
room room_without(const system_state &system,
		  const std::vector<std::string> &leaving);

} /* namespace zsmctl */

#endif /* ZSMCTL_FIGURES_ROOM_HH */
