// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/figures/room.hh"

#include <algorithm>

namespace zsmctl {

namespace {

/* A machine with less than this share of its memory free does nothing but wait.
 */
constexpr uint64_t kept_share = 32;

std::string device_of(const swap_area &area)
{
	return area.path.substr(area.path.rfind('/') + 1);
}

const zram_device *zram_of(const system_state &system, const std::string &name)
{
	for (const zram_device &d : system.devices)
		if (d.name == name)
			return &d;
	return nullptr;
}

/* How many bytes of pages more an area takes for sure. */
uint64_t room_on(const swap_area &area, const zram_device *zram)
{
	const uint64_t free = area.size - std::min(area.used, area.size);

	if (!zram || !zram->memory || !zram->memory->limit)
		return free;
	/* Its pages may not compress, and it refuses them at its limit. */
	return std::min(free,
			zram->memory->limit - std::min(zram->memory->used,
						       zram->memory->limit));
}

} /* namespace */

room room_without(const system_state &system,
		  const std::vector<std::string> &leaving)
{
	room r;

	r.needed = system.memory.total / kept_share;
	r.there = system.memory.available;
	for (const swap_area &area : system.memory.swaps) {
		const std::string name = device_of(area);
		const zram_device *const zram = zram_of(system, name);

		if (std::find(leaving.begin(), leaving.end(), name) ==
		    leaving.end()) {
			r.there += room_on(area, zram);
			continue;
		}
		r.needed += area.used;
		/* A page that comes back frees what it took. */
		if (zram && zram->memory)
			r.there += zram->memory->used;
	}
	return r;
}

} /* namespace zsmctl */
