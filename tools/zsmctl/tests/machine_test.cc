// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/sys/machine.hh"
#include "tools/zsmctl/sys/zswap.hh"

#include "tools/zsmctl/tests/folder.hh"

#include <gtest/gtest.h>

namespace zsmctl {

TEST(machine, reads_memory_swap_and_pressure)
{
	folder f;

	f.put("/proc/meminfo", "MemTotal: 100 kB\nMemAvailable: 40 kB\n"
			       "SwapTotal: 30 kB\nSwapFree: 10 kB\n"
			       "Zswap: 4 kB\nZswapped: 12 kB")
		.put("/proc/swaps", "Filename Type Size Used Priority\n"
				    "/dev/zram0 partition 20 12 100\n"
				    "/dev/sda2 partition 10 8 -2")
		.put("/proc/pressure/memory",
		     "some avg10=1.50 avg60=0.00 avg300=0.00 total=77\n"
		     "full avg10=0.25 avg60=0.00 avg300=0.00 total=9");
	const machine m = read_machine(tree(f.path()));

	EXPECT_EQ(m.total, 100u << 10);
	EXPECT_EQ(m.available, 40u << 10);
	EXPECT_EQ(m.swap_free, 10u << 10);
	EXPECT_EQ(m.zswap_taken, 4u << 10);
	ASSERT_EQ(m.swaps.size(), 2u);
	EXPECT_EQ(m.swaps[1].priority, -2);
	ASSERT_TRUE(swap_on(m, "zram0"));
	EXPECT_EQ(swap_on(m, "zram0")->used, 12u << 10);
	EXPECT_FALSE(swap_on(m, "zram1"));
	ASSERT_TRUE(m.waiting);
	EXPECT_DOUBLE_EQ(m.waiting->some, 1.5);
	EXPECT_EQ(m.waiting->full_us, 9u);
}

TEST(machine, needs_none_of_its_files)
{
	folder f;
	const machine m = read_machine(tree(f.path()));

	EXPECT_EQ(m.total, 0u);
	EXPECT_TRUE(m.swaps.empty());
	EXPECT_FALSE(m.waiting);
	EXPECT_FALSE(m.zswap_stored);
	EXPECT_FALSE(read_zswap(tree(f.path()), m));
}

TEST(zswap, adds_up_what_was_refused)
{
	folder f;

	f.put("/sys/module/zswap/parameters/enabled", "Y")
		.put("/sys/module/zswap/parameters/max_pool_percent", "20")
		.put("/sys/kernel/debug/zswap/reject_alloc_fail", "2")
		.put("/sys/kernel/debug/zswap/reject_compress_poor", "5")
		.put("/sys/kernel/debug/zswap/pool_limit_hit", "3");
	const auto z = read_zswap(tree(f.path()), machine());

	ASSERT_TRUE(z);
	EXPECT_TRUE(z->enabled);
	EXPECT_EQ(z->refused_pages, 7u);
	EXPECT_EQ(z->limit_hits, 3u);
	EXPECT_FALSE(z->written_back_pages);
	EXPECT_EQ(z->pool, "");
}

} /* namespace zsmctl */
