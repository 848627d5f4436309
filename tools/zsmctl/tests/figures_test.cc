// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/figures/device.hh"
#include "tools/zsmctl/figures/findings.hh"

#include <algorithm>
#include <gtest/gtest.h>

namespace zsmctl {

namespace {

constexpr uint64_t mib = 1 << 20;
constexpr uint64_t page = 4096;

zram_device device()
{
	zram_device d;

	d.name = "zram0";
	d.size = 1024 * mib;
	d.memory = mm_stat{.stored = 300 * mib,
			   .compressed = 60 * mib,
			   .used = 80 * mib,
			   .limit = 0,
			   .used_max = 90 * mib,
			   .same_pages = 10 * mib / page,
			   .compacted_pages = 0,
			   .huge_pages = 20 * mib / page};
	d.failures = io_stat{};
	return d;
}

system_state with(const zram_device &d, const char *version = "0.1")
{
	system_state s;

	s.memory.total = 2048 * mib;
	s.driver = {.loaded = true, .version = version};
	s.devices.push_back(d);
	return s;
}

const finding *found(const std::vector<finding> &all, const std::string &name)
{
	const auto at =
		std::find_if(all.begin(), all.end(),
			     [&](const finding &f) { return f.name == name; });

	return at == all.end() ? nullptr : &*at;
}

const finding *found_of(const system_state &s, const std::string &name)
{
	static std::vector<finding> all;

	all = device_findings(s, s.devices.at(0));
	return found(all, name);
}

} /* namespace */

TEST(figures, count_pages_on_disk_apart)
{
	zram_device d = device();

	d.disk = bd_stat{.held = 100 * mib, .read = 0, .written = 0};
	const device_figures f = figures_of(d, true, page);

	EXPECT_EQ(f.in_memory, 200 * mib);
	EXPECT_EQ(f.on_disk, 100 * mib);
	EXPECT_DOUBLE_EQ(*f.ratio(), 2.5);
	EXPECT_DOUBLE_EQ(*f.codec_ratio(), 190.0 / 60);
	EXPECT_EQ(f.taken_if_full(), static_cast<uint64_t>(1024 * mib / 2.5));
	EXPECT_EQ(f.uncounted, 0u);
}

TEST(figures, add_the_tables_that_the_kernels_own_driver_leaves_out)
{
	const device_figures f = figures_of(device(), false, page);

	EXPECT_EQ(f.uncounted, 1024 * mib / page * 16);
	EXPECT_DOUBLE_EQ(*f.ratio(), 300.0 / 84);
}

TEST(figures, have_no_ratio_of_nothing)
{
	zram_device d = device();

	d.memory = mm_stat{};
	const device_figures f = figures_of(d, true, page);

	EXPECT_FALSE(f.ratio());
	EXPECT_FALSE(f.codec_ratio());
	EXPECT_FALSE(f.taken_if_full());
}

/* Counters that were read one after the other need not fit together. */
TEST(figures, never_go_below_zero)
{
	zram_device d = device();

	d.disk = bd_stat{.held = 301 * mib, .read = 0, .written = 0};
	EXPECT_EQ(figures_of(d, true, page).in_memory, 0u);
}

TEST(figures, find_the_oldest_age_that_has_pages)
{
	zram_device d = device();

	d.worker = writeback_worker{};
	d.worker->ages = {4, 0, 2, 0};
	EXPECT_EQ(figures_of(d, true, page).oldest, 2u);
	d.worker->ages = {0, 0};
	EXPECT_FALSE(figures_of(d, true, page).oldest);
}

TEST(findings, say_what_a_full_device_would_take)
{
	system_state s = with(device());

	ASSERT_TRUE(found_of(s, "no-memory-limit"));
	EXPECT_EQ(found_of(s, "no-memory-limit")->level, severity::fact);
	s.memory.total = 256 * mib;
	EXPECT_EQ(found_of(s, "no-memory-limit")->level, severity::problem);
}

TEST(findings, warn_at_the_limit_only_where_nothing_leaves)
{
	zram_device d = device();

	d.memory->limit = 82 * mib;
	EXPECT_EQ(found_of(with(d), "memory-limit")->level, severity::problem);
	EXPECT_FALSE(found_of(with(d), "no-memory-limit"));
	d.backing = "/dev/sda3";
	d.worker = writeback_worker{};
	d.worker->on = true;
	d.worker->state = "idle";
	d.worker->high = 90;
	EXPECT_EQ(found_of(with(d), "memory-limit")->level, severity::fact);
	EXPECT_NE(found_of(with(d), "memory-limit")->text.find("90 %"),
		  std::string::npos);
}

TEST(findings, name_each_state_of_the_worker)
{
	const std::pair<const char *, const char *> states[] = {
		{"full", "disk-full"},   {"failed", "disk-failed"},
		{"spent", "rate-spent"}, {"young", "all-young"},
		{"writing", "writing"},
	};
	zram_device d = device();

	d.backing = "/dev/sda3";
	d.worker = writeback_worker{};
	d.worker->on = true;
	for (const auto &[state, name] : states) {
		d.worker->state = state;
		EXPECT_TRUE(found_of(with(d), name)) << state;
	}
	d.worker->on = false;
	EXPECT_TRUE(found_of(with(d), "writing") == nullptr);
	EXPECT_TRUE(found_of(with(d), "no-writeback"));
}

TEST(findings, count_swap_by_what_is_swapped)
{
	system_state s = with(device());

	s.memory.swaps.push_back({"/dev/zram0", 1024 * mib, 1000 * mib, 100});
	EXPECT_EQ(found_of(s, "size")->level, severity::problem);
	s.memory.swaps[0].used = 500 * mib;
	EXPECT_EQ(found_of(s, "size")->level, severity::fact);
}

TEST(findings, tell_of_failures_and_of_pages_that_do_not_compress)
{
	zram_device d = device();

	EXPECT_FALSE(found_of(with(d), "failed-writes"));
	EXPECT_FALSE(found_of(with(d), "incompressible"));
	d.failures->failed_writes = 1;
	d.failures->failed_reads = 2;
	d.memory->huge_pages = 100 * mib / page;
	EXPECT_TRUE(found_of(with(d), "failed-writes"));
	EXPECT_TRUE(found_of(with(d), "failed-reads"));
	EXPECT_TRUE(found_of(with(d), "incompressible"));
}

TEST(findings, stop_at_a_device_that_is_gone_or_has_no_size)
{
	zram_device d;

	d.name = "zram0";
	d.gone = true;
	EXPECT_EQ(device_findings(with(d), d).size(), 1u);
	d.gone = false;
	d.size = 0;
	EXPECT_EQ(device_findings(with(d), d).size(), 1u);
	EXPECT_TRUE(found_of(with(d), "no-size"));
}

TEST(findings, see_a_disk_that_is_swapped_to_first)
{
	system_state s = with(device());

	s.memory.swaps.push_back({"/dev/zram0", mib, 0, 5});
	s.memory.swaps.push_back({"/dev/sda2", mib, 0, 4});
	EXPECT_FALSE(found(system_findings(s), "swap-order"));
	s.memory.swaps[1].priority = 5;
	EXPECT_TRUE(found(system_findings(s), "swap-order"));
	/* Two zram devices of different priority are in order. */
	s.memory.swaps[1].path = "/dev/zram1";
	EXPECT_FALSE(found(system_findings(s), "swap-order"));
	/* A file that is named as a device is on a disk. */
	s.memory.swaps[1].path = "/srv/zram1";
	EXPECT_TRUE(found(system_findings(s), "swap-order"));
}

TEST(findings, see_zswap_in_front_of_zram)
{
	system_state s = with(device());

	s.zswap = zswap_state{};
	s.zswap->enabled = true;
	EXPECT_FALSE(found(system_findings(s), "compressed-twice"));
	s.memory.swaps.push_back({"/dev/zram0", mib, 0, 5});
	EXPECT_TRUE(found(system_findings(s), "compressed-twice"));
}

TEST(findings, tell_of_zswap_without_swap)
{
	system_state s = with(device());

	s.zswap = zswap_state{};
	EXPECT_TRUE(zswap_findings(s).empty());
	s.zswap->enabled = true;
	EXPECT_TRUE(found(zswap_findings(s), "no-swap"));
	s.memory.swap_total = mib;
	EXPECT_FALSE(found(zswap_findings(s), "no-swap"));
}

} /* namespace zsmctl */
