// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/sys/parse.hh"

#include <gtest/gtest.h>

namespace zsmctl {

TEST(parse, takes_numbers_and_nothing_else)
{
	EXPECT_EQ(parse_number("0"), 0u);
	EXPECT_EQ(parse_number("18446744073709551615"), UINT64_MAX);
	for (const char *wrong :
	     {"", " 1", "1 ", "-1", "+1", "0x1", "18446744073709551616"})
		EXPECT_FALSE(parse_number(wrong)) << wrong;
}

TEST(parse, takes_sizes_with_and_without_a_suffix)
{
	EXPECT_EQ(parse_size("4096"), 4096u);
	EXPECT_EQ(parse_size("4k"), 4096u);
	EXPECT_EQ(parse_size("4KiB"), 4096u);
	EXPECT_EQ(parse_size("1.5G"), 3u << 29);
	EXPECT_EQ(parse_size("2gb"), 2ull << 30);
	EXPECT_EQ(parse_size("1T"), 1ull << 40);
	EXPECT_EQ(parse_size("17B"), 17u);
	for (const char *wrong : {"", "G", "1P", "1GG", "-1G", "1.2.3G", "1 G",
				  "99999999T", "1Gi", "junk"})
		EXPECT_FALSE(parse_size(wrong)) << wrong;
}

TEST(parse, finds_what_is_selected_among_what_is_offered)
{
	const choice c = parse_choice("lzo [lz4] zstd ");

	EXPECT_EQ(c.selected, "lz4");
	EXPECT_EQ(c.offered, (std::vector<std::string>{"lzo", "lz4", "zstd"}));
	EXPECT_EQ(parse_choice("lzo lz4").selected, "");
	EXPECT_TRUE(parse_choice("").offered.empty());
}

TEST(parse, reads_lines_of_numbers)
{
	EXPECT_EQ(parse_numbers("  1 2\t3 \n"),
		  (std::vector<uint64_t>{1, 2, 3}));
	EXPECT_FALSE(parse_numbers("1 two 3"));
	EXPECT_TRUE(parse_numbers("")->empty());
}

TEST(parse, finds_the_value_of_a_whole_key)
{
	const char *text = "MemTotal:  16 kB\nMemTotalNot: 3\nswpin 7";

	EXPECT_EQ(value_of(text, "MemTotal:"), 16u);
	EXPECT_EQ(value_of(text, "swpin"), 7u);
	EXPECT_FALSE(value_of(text, "MemTot"));
	EXPECT_FALSE(value_of("MemTotal:", "MemTotal:"));
}

TEST(parse, a_share_is_a_whole_percent)
{
	EXPECT_EQ(parse_percent("50%"), 50u);
	EXPECT_EQ(parse_percent("0%"), 0u);
	EXPECT_EQ(parse_percent("100%"), 100u);
	for (const char *wrong : {"", "%", "50", "101%", "-1%", "5.5%", "5 %"})
		EXPECT_FALSE(parse_percent(wrong)) << wrong;
}

} /* namespace zsmctl */
