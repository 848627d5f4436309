// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/sys/swap_header.hh"

#include <gtest/gtest.h>

namespace zsmctl {

namespace {

std::string header(const std::string &uuid, const std::string &label)
{
	std::string page(4096, '\0');

	page.replace(1036, uuid.size(), uuid);
	page.replace(1052, label.size(), label);
	page.replace(4086, 10, "SWAPSPACE2");
	return page;
}

} /* namespace */

TEST(swap_header, has_the_names)
{
	const auto name =
		parse_swap_header(header("\x01\x23\x45\x67\x89\xab\xcd\xef"
					 "abcdefgh",
					 "fast"));

	ASSERT_TRUE(name);
	EXPECT_EQ(name->uuid, "01234567-89ab-cdef-6162-636465666768");
	EXPECT_EQ(name->label, "fast");
}

TEST(swap_header, has_a_label_as_long_as_there_is_room)
{
	const auto name = parse_swap_header(header("", "0123456789abcdef"));

	ASSERT_TRUE(name);
	EXPECT_EQ(name->uuid, "");
	EXPECT_EQ(name->label, "0123456789abcdef");
}

TEST(swap_header, is_told_from_other_pages)
{
	EXPECT_FALSE(parse_swap_header(std::string(4096, '\0')));
	EXPECT_FALSE(parse_swap_header("SWAPSPACE2"));
	EXPECT_FALSE(parse_swap_header(""));
}

} /* namespace zsmctl */
