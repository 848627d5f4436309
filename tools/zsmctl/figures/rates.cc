// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/figures/rates.hh"

#include <algorithm>

namespace zsmctl {

namespace {

double difference(uint64_t before, uint64_t now)
{
	return now > before ? static_cast<double>(now - before) : 0;
}

std::optional<double> each_us(uint64_t ms_before, uint64_t ms_now,
			      uint64_t n_before, uint64_t n_now)
{
	const double n = difference(n_before, n_now);

	if (n == 0)
		return {};
	return 1000 * difference(ms_before, ms_now) / n;
}

} /* namespace */

rates rates_of(const zram_device &before, const zram_device &now,
	       double seconds)
{
	rates r;

	if (seconds <= 0)
		return r;
	if (before.block && now.block) {
		const block_stat &a = *before.block, &b = *now.block;

		r.read = difference(a.read_bytes, b.read_bytes) / seconds;
		r.written =
			difference(a.written_bytes, b.written_bytes) / seconds;
		r.read_us = each_us(a.read_ms, b.read_ms, a.reads, b.reads);
		r.write_us =
			each_us(a.write_ms, b.write_ms, a.writes, b.writes);
	}
	if (before.disk && now.disk) {
		r.from_disk =
			difference(before.disk->read, now.disk->read) / seconds;
		r.to_disk =
			difference(before.disk->written, now.disk->written) /
			seconds;
	}
	return r;
}

std::optional<double> stalled_percent(const machine &before, const machine &now,
				      double seconds)
{
	if (!before.waiting || !now.waiting || seconds <= 0)
		return {};
	return std::min(100.0, difference(before.waiting->some_us,
					  now.waiting->some_us) /
				       seconds / 1e4);
}

} /* namespace zsmctl */
