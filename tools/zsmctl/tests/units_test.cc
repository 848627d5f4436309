// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/figures/units.hh"

#include <gtest/gtest.h>

namespace zsmctl {

TEST(units, show_three_digits_at_the_most)
{
	EXPECT_EQ(human_bytes(0), "0 bytes");
	EXPECT_EQ(human_bytes(1), "1 byte");
	EXPECT_EQ(human_bytes(999), "999 bytes");
	EXPECT_EQ(human_bytes(1000), "1.0 KiB");
	EXPECT_EQ(human_bytes(10 * 1024), "10 KiB");
	EXPECT_EQ(human_bytes(1023 * 1024), "1.0 MiB");
	EXPECT_EQ(human_bytes(3ull << 29), "1.5 GiB");
	EXPECT_EQ(human_bytes(UINT64_MAX), "16 EiB");
	EXPECT_EQ(short_bytes(3ull << 29), "1.5G");
	EXPECT_EQ(short_bytes(17), "17");
}

TEST(units, show_exact_sizes_as_the_kernel_takes_them)
{
	EXPECT_EQ(exact_bytes(6ull << 30), "6G");
	EXPECT_EQ(exact_bytes(1536 << 20), "1536M");
	EXPECT_EQ(exact_bytes(4096), "4K");
	EXPECT_EQ(exact_bytes(1025), "1025");
	EXPECT_EQ(exact_bytes(0), "0");
	EXPECT_EQ(exact_bytes(2048ull << 30), "2048G");
}

TEST(units, show_ages_in_the_largest_unit_that_says_enough)
{
	EXPECT_EQ(human_age(1), "1 second");
	EXPECT_EQ(human_age(119), "119 seconds");
	EXPECT_EQ(human_age(120), "2 minutes");
	EXPECT_EQ(human_age(7200), "2 hours");
	EXPECT_EQ(human_age(86400), "24 hours");
	EXPECT_EQ(human_age(3 * 86400), "3 days");
}

TEST(units, group_digits)
{
	EXPECT_EQ(grouped(0), "0");
	EXPECT_EQ(grouped(999), "999");
	EXPECT_EQ(grouped(1000), "1,000");
	EXPECT_EQ(grouped(1234567), "1,234,567");
	EXPECT_EQ(counted(1, "page"), "1 page");
	EXPECT_EQ(counted(2000, "page"), "2,000 pages");
}

TEST(units, round_to_none_and_all_only_what_is_none_and_all)
{
	EXPECT_EQ(whole_percent(0, 1000), 0u);
	EXPECT_EQ(whole_percent(1, 1000), 1u);
	EXPECT_EQ(whole_percent(999, 1000), 99u);
	EXPECT_EQ(whole_percent(1000, 1000), 100u);
	EXPECT_EQ(whole_percent(1500, 1000), 150u);
	EXPECT_EQ(whole_percent(1, 0), 0u);
}

} /* namespace zsmctl */
