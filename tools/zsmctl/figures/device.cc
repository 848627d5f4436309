// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/figures/device.hh"

namespace zsmctl {

namespace {

/*
 * What the in-tree driver's table takes for each page of the size, used or not:
 * 24 bytes up to Linux 6.12, 16 in 7.3.
 */
constexpr uint64_t intree_slot = 16;

uint64_t less(uint64_t a, uint64_t b)
{
	/* The counters are not read at one instant. */
	return a > b ? a - b : 0;
}

std::optional<double> quotient(uint64_t a, uint64_t b)
{
	if (!a || !b)
		return {};
	return static_cast<double>(a) / static_cast<double>(b);
}

} /* namespace */

std::optional<double> device_figures::ratio() const
{
	return quotient(in_memory, taken + uncounted);
}

std::optional<double> device_figures::codec_ratio() const
{
	return quotient(less(in_memory, same), compressed);
}

std::optional<uint64_t> device_figures::taken_if_full() const
{
	const auto r = ratio();

	if (!r)
		return {};
	return static_cast<uint64_t>(static_cast<double>(size) / *r);
}

device_figures figures_of(const zram_device &device, bool ours,
			  uint64_t page_size)
{
	device_figures f;

	f.size = device.size.value_or(0);
	if (!ours)
		f.uncounted = f.size / page_size * intree_slot;
	if (device.disk)
		f.on_disk = device.disk->held;
	if (device.memory) {
		const mm_stat &mm = *device.memory;

		f.stored = mm.stored;
		f.in_memory = less(mm.stored, f.on_disk);
		f.same = mm.same_pages * page_size;
		f.huge = mm.huge_pages.value_or(0) * page_size;
		f.compressed = mm.compressed;
		f.taken = mm.used;
		f.taken_max = mm.used_max;
		f.limit = mm.limit;
	}
	if (device.worker) {
		const auto &ages = device.worker->ages;

		f.ages = ages.size();
		for (size_t age = 0; age < ages.size(); age++)
			if (ages[age])
				f.oldest = age;
	}
	return f;
}

device_figures figures_of_all(const system_state &system)
{
	device_figures sum;

	for (const zram_device &device : system.devices) {
		const device_figures f = figures_of(
			device, system.driver.ours(), system.page_size);

		sum.size += f.size;
		sum.stored += f.stored;
		sum.in_memory += f.in_memory;
		sum.on_disk += f.on_disk;
		sum.same += f.same;
		sum.huge += f.huge;
		sum.compressed += f.compressed;
		sum.taken += f.taken;
		sum.uncounted += f.uncounted;
	}
	return sum;
}

} /* namespace zsmctl */
