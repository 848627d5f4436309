// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/sys/watch.hh"

#include <algorithm>

namespace zsmctl {

namespace {

constexpr unsigned looks_between_all = 10;

} /* namespace */

watch::watch(const tree &files, std::vector<std::string> devices)
	: files_(files), devices_(std::move(devices))
{
}

const system_state &watch::look()
{
	if (looks_++ % looks_between_all == 0) {
		look_at_all();
		return state_;
	}
	state_.memory = read_machine(files_);
	state_.zswap = read_zswap(files_, state_.memory);
	for (zram_device &d : state_.devices)
		refresh_zram(files_, d);
	std::erase_if(state_.devices,
		      [](const zram_device &d) { return d.gone; });
	return state_;
}

void watch::look_at_all()
{
	state_ = read_system(files_);
	std::erase_if(state_.devices, [this](const zram_device &d) {
		return d.gone || (!devices_.empty() &&
				  std::find(devices_.begin(), devices_.end(),
					    d.name) == devices_.end());
	});
}

} /* namespace zsmctl */
