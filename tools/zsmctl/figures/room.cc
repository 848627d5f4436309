// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/figures/room.hh"

#include "tools/zsmctl/figures/device.hh"

#include <algorithm>

namespace zsmctl {

namespace {

/* A machine with less than this share of its memory free does nothing but wait.
 */
constexpr uint64_t kept_share = 32;

} /* namespace */

room room_without(const system_state &system, const zram_device &device,
		  const std::vector<std::string> &leaving)
{
	const swap_area *const area = swap_on(system.memory, device.name);
	const device_figures f =
		figures_of(device, system.driver.ours(), system.page_size);
	room r;

	r.needed = (area ? area->used : 0) + system.memory.total / kept_share;
	/* A page that comes back frees what it took. */
	r.there = system.memory.available + f.taken;
	for (const swap_area &other : system.memory.swaps) {
		const std::string name =
			other.path.substr(other.path.rfind('/') + 1);

		if (std::find(leaving.begin(), leaving.end(), name) ==
			    leaving.end() &&
		    &other != area)
			r.there +=
				other.size - std::min(other.used, other.size);
	}
	return r;
}

} /* namespace zsmctl */
