// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/figures/rates.hh"
#include "tools/zsmctl/show/live.hh"
#include "tools/zsmctl/show/text.hh"
#include "tools/zsmctl/sys/watch.hh"

#include "tools/zsmctl/tests/folder.hh"

#include <gtest/gtest.h>

namespace zsmctl {

namespace {

zram_device busy(uint64_t reads, uint64_t bytes, uint64_t ms)
{
	zram_device d;

	d.name = "zram0";
	d.size = 1 << 30;
	d.algorithm.selected = "w64";
	d.secondary = {"w64hc"};
	d.memory = mm_stat{};
	d.memory->stored = 300 << 20;
	d.memory->used = 100 << 20;
	d.block = block_stat{};
	d.block->reads = reads;
	d.block->read_bytes = bytes;
	d.block->read_ms = ms;
	return d;
}

live_view view_of(size_t devices)
{
	live_view v;

	v.now.driver = {.loaded = true, .version = "0.1"};
	for (size_t i = 0; i < devices; i++) {
		v.now.devices.push_back(busy(10, 1 << 20, 2));
		v.now.devices.back().name = "zram" + std::to_string(i);
	}
	v.before = v.now;
	v.seconds = 1;
	v.memory = {1, 2, 3};
	return v;
}

bool any_has(const std::vector<std::string> &lines, const std::string &text)
{
	for (const std::string &line : lines)
		if (line.find(text) != line.npos)
			return true;
	return false;
}

} /* namespace */

TEST(rates, are_differences_over_time)
{
	const rates r = rates_of(busy(10, 1000, 5), busy(30, 5000, 9), 2);

	EXPECT_DOUBLE_EQ(r.read, 2000);
	EXPECT_DOUBLE_EQ(r.written, 0);
	EXPECT_DOUBLE_EQ(*r.read_us, 200);
	EXPECT_FALSE(r.write_us);
}

TEST(rates, are_nothing_after_a_reset_or_in_no_time)
{
	EXPECT_DOUBLE_EQ(rates_of(busy(30, 5000, 9), busy(1, 4, 0), 1).read, 0);
	EXPECT_DOUBLE_EQ(rates_of(busy(1, 4, 0), busy(30, 5000, 9), 0).read, 0);
}

TEST(rates, tell_which_part_of_the_time_tasks_waited)
{
	machine a, b;

	EXPECT_FALSE(stalled_percent(a, b, 1));
	a.waiting = pressure{};
	b.waiting = pressure{};
	b.waiting->some_us = 250000;
	EXPECT_DOUBLE_EQ(*stalled_percent(a, b, 1), 25);
	EXPECT_DOUBLE_EQ(*stalled_percent(a, b, 0.1), 100);
}

TEST(live, fits_into_any_terminal)
{
	for (const size_t devices : {0, 1, 100})
		for (const size_t width : {10, 80, 200})
			for (const size_t height : {1, 5, 24, 60}) {
				live_view v = view_of(devices);

				v.classes = {{.size = 48,
					      .objects = 1,
					      .pages = 1,
					      .unused = 9,
					      .gain = 0}};
				v.unicode = true;
				const auto lines = live_lines(v, width, height);

				EXPECT_LE(lines.size(),
					  std::max<size_t>(height, 1));
				for (const std::string &line : lines)
					EXPECT_LE(columns(line), width);
			}
}

TEST(live, shows_a_device_in_80_columns)
{
	const auto lines = live_lines(view_of(1), 80, 24);

	EXPECT_EQ(lines[3],
		  " DEVICE STORED MEMORY LIMIT RATIO  DISK READ/s WRITE/s"
		  "  R-us  W-us  CODEC");
	EXPECT_EQ(lines[4].rfind(">zram0    300M   100M     -  3.00", 0), 0u)
		<< lines[4];
	EXPECT_TRUE(lines[4].ends_with("w64+w64hc"));
	EXPECT_LE(lines[4].size(), 80u);
	EXPECT_TRUE(any_has(lines, "q quit"));
}

TEST(live, keeps_the_chosen_device_in_sight)
{
	live_view v = view_of(100);

	v.chosen = 77;
	EXPECT_TRUE(any_has(live_lines(v, 80, 24), ">zram77"));
}

TEST(live, draws_what_is_not_nothing)
{
	const std::string line = sparkline({0, 1, 500, 1000}, false);

	EXPECT_EQ(line.size(), live_history);
	EXPECT_EQ(line.substr(live_history - 4, 2), " .");
	EXPECT_EQ(line.back(), '#');
	EXPECT_EQ(sparkline({}, false), std::string(live_history, ' '));
	EXPECT_EQ(sparkline({0, 0}, false), std::string(live_history, ' '));
	EXPECT_EQ(columns(sparkline({1, 2, 3}, true)), live_history);
}

TEST(live, puts_rows_under_their_titles)
{
	live_view v = view_of(2);

	v.clock = "12:01:07";
	EXPECT_EQ(live_row(v).size(), live_row_title().size());
}

TEST(live, reads_a_pools_classes)
{
	folder f;

	f.put("/sys/kernel/debug/zsm/zram0/classes",
	      "#size chain per_chain objects zspages pages unused gain moved "
	      "migrated\n"
	      "  48     3       256      10       1     3   1200    0     5    "
	      "    0");
	const auto classes = read_classes(tree(f.path()), "zram0");

	ASSERT_EQ(classes.size(), 1u);
	EXPECT_EQ(classes[0].size, 48u);
	EXPECT_EQ(classes[0].pages, 3u);
	EXPECT_EQ(classes[0].unused, 1200u);
	EXPECT_TRUE(read_classes(tree(f.path()), "zram1").empty());
}

TEST(watch, notices_what_changes_at_once_and_what_comes_later)
{
	folder f;
	const std::string dir = "/sys/block/zram0/";

	f.put(dir + "disksize", "4096")
		.put(dir + "comp_algorithm", "[lz4]")
		.put(dir + "io_stat", "0 0 0 0")
		.put(dir + "mm_stat", "1 1 1 0 1 0 0 0 0");
	const tree files(f.path());
	watch w(files, {});

	EXPECT_EQ(w.look().devices.at(0).memory->stored, 1u);
	f.put(dir + "mm_stat", "2 1 1 0 1 0 0 0 0");
	EXPECT_EQ(w.look().devices.at(0).memory->stored, 2u);
	f.put("/sys/block/zram1/disksize", "0");
	for (int i = 0; i < 10; i++)
		w.look();
	EXPECT_EQ(w.look().devices.size(), 2u);
	f.remove("/sys/block/zram0");
	EXPECT_EQ(w.look().devices.size(), 1u);
}

} /* namespace zsmctl */
